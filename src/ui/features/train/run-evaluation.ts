import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { failureOf, type Failure } from "../../../contract/outcome.ts";
import type { Run } from "../../../domain/run/run.ts";
import { datasetContext, trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import "../../elements/thumbnail/thumbnail.ts";
import type {
  DatasetService,
  EvaluatedImage,
  Progress,
  RunEvaluation as Judged,
  TrainingService,
} from "../../services.ts";
import { controls, foundation, layout, tables } from "../../styles/shared.ts";
import { formatFixed, formatImages, formatNumber, formatShare } from "../../text/format.ts";
import "./confusion-table.ts";
import { knownEvaluation, rememberEvaluation } from "./evaluation-cache.ts";

const mistakesAtOnce = 24;

/** How good a run's model is on its own validation images: figures, confusion matrix, errors by class, the mistakes themselves. */
@customElement("tamis-run-evaluation")
export class RunEvaluation extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    css`
      .two {
        display: grid;
        gap: var(--space-5);
        grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr));
        align-items: start;
      }
      .two h3 {
        margin-bottom: var(--space-3);
      }
      .positive {
        color: var(--photo);
      }
      .mistakes {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
        gap: var(--space-4) var(--space-3);
      }
      .mistakes tamis-thumbnail {
        aspect-ratio: 1;
        border-radius: var(--radius-small);
        margin-bottom: var(--space-1);
      }
      .mistakes p {
        line-height: 1.35;
      }
    `,
  ];

  @consume({ context: trainingContext }) private training!: TrainingService;
  @consume({ context: datasetContext }) private datasets!: DatasetService;

  @property({ attribute: false }) run: Run | null = null;
  @state() private judged: Judged | null = null;
  @state() private progress: Progress | null = null;
  @state() private failure: Failure | null = null;
  @state() private working = false;
  @state() private shownMistakes = mistakesAtOnce;

  #stopping: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopping?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("run") || !this.run) return;
    if (changed.get("run")?.id !== this.run.id) {
      this.#stopping?.abort();
      this.failure = null;
      this.shownMistakes = mistakesAtOnce;
    }
    this.judged = knownEvaluation(this.run);
    // The engine does one thing at a time: while it trains, the person asks for this.
    if (!this.judged && !this.working && !this.failure && !this.training.active.value) void this.#judge(this.run);
  }

  async #judge(run: Run): Promise<void> {
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.working = true;
    this.failure = null;
    this.progress = null;
    try {
      const outcome = await this.training.evaluate(run.id, (progress) => (this.progress = progress), stopping.signal);
      if (outcome.ok) rememberEvaluation(run, outcome.value);
      if (this.#stopping !== stopping) return;
      if (outcome.ok) this.judged = outcome.value;
      else this.failure = outcome;
    } catch (error) {
      if (this.#stopping === stopping) this.failure = failureOf(error);
    } finally {
      if (this.#stopping === stopping) {
        this.working = false;
        this.#stopping = null;
      }
    }
  }

  #renderFigures({ evaluation }: Judged) {
    return html`<dl class="facts big">
      <div>
        <dt>${msg("Balanced accuracy")}</dt>
        <dd>${formatShare(evaluation.balancedAccuracy, 1)}</dd>
      </div>
      <div>
        <dt>${msg("Accuracy")}</dt>
        <dd>${formatShare(evaluation.accuracy, 1)}</dd>
      </div>
      <div>
        <dt>${msg("AUROC")}</dt>
        <dd>${evaluation.auroc === null ? "–" : formatFixed(evaluation.auroc, 3)}</dd>
      </div>
      <div>
        <dt>${msg("Validation images")}</dt>
        <dd>${formatNumber(evaluation.n)}</dd>
      </div>
    </dl>`;
  }

  #renderClasses({ evaluation }: Judged, run: Run) {
    return html`<table>
      <caption class="visually-hidden">
        ${msg("Errors by class")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${msg("Class")}</th>
          <th scope="col" class="end">${msg("Images")}</th>
          <th scope="col" class="end">${msg("Wrong")}</th>
          <th scope="col" class="end">${msg("Share wrong")}</th>
        </tr>
      </thead>
      <tbody>
        ${run.classNames.map((name) => {
          const counts = evaluation.byClass[name] ?? { n: 0, wrong: 0 };
          return html`<tr>
            <th scope="row">
              ${name}
              ${
                name === run.positiveClass
                  ? html`<span class="positive" title=${msg("Counts as photo")}>${icon("photo")}</span>
                      <span class="visually-hidden">${msg("(counts as photo)")}</span>`
                  : nothing
              }
            </th>
            <td class="end">${formatNumber(counts.n)}</td>
            <td class="end">${formatNumber(counts.wrong)}</td>
            <td class="end">${counts.n > 0 ? formatShare(counts.wrong / counts.n, 1) : "–"}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  #renderMistake(image: EvaluatedImage, run: Run, threshold: number) {
    const saysPhoto = image.probability >= threshold;
    const probability = formatShare(image.probability, 1);
    return html`<li>
      <tamis-thumbnail
        .alt=${image.imageId}
        .source=${{
          key: `${run.datasetId}/${image.imageId}`,
          load: () => this.datasets.thumbnail(run.datasetId, image.imageId),
        }}
      ></tamis-thumbnail>
      <p class="small">
        <strong>${image.className}</strong><br />
        ${saysPhoto ? msg("taken for a photo") : msg("not taken for a photo")}
        <span class="soft number" title=${msg("Probability of a photo")}>${probability}</span>
      </p>
    </li>`;
  }

  #renderMistakes({ images, evaluation }: Judged, run: Run) {
    const mistakes = images.filter((image) => image.wrong);
    if (mistakes.length === 0) return html`<p>${msg("None: every validation image got the right verdict.")}</p>`;
    const more = formatNumber(Math.min(mistakesAtOnce, mistakes.length - this.shownMistakes));
    return html`<ul class="mistakes" role="list">
        ${mistakes.slice(0, this.shownMistakes).map((image) => this.#renderMistake(image, run, evaluation.threshold))}
      </ul>
      ${
        mistakes.length > this.shownMistakes
          ? html`<button type="button" @click=${() => (this.shownMistakes += mistakesAtOnce)}>
              ${msg(str`Show ${more} more`)}
            </button>`
          : nothing
      }`;
  }

  #renderJudged(judged: Judged, run: Run) {
    const mistakes = formatImages(judged.images.filter((image) => image.wrong).length);
    return html`
      <div class="card stack">
        ${this.#renderFigures(judged)}
        <div class="two">
          <div>
            <h3>${msg("Confusion matrix")}</h3>
            <tamis-confusion-table .confusion=${judged.evaluation.confusion}></tamis-confusion-table>
          </div>
          <div>
            <h3>${msg("Errors by class")}</h3>
            <div class="table-scroll">${this.#renderClasses(judged, run)}</div>
          </div>
        </div>
      </div>
      <div class="card stack tight">
        <div>
          <h3>${msg(str`Mistakes: ${mistakes}`)}</h3>
          <p class="small soft">${msg("The surest mistakes first.")}</p>
        </div>
        ${this.#renderMistakes(judged, run)}
      </div>
    `;
  }

  protected override render() {
    const { run } = this;
    if (!run) return nothing;
    return html`<section class="stack tight" aria-labelledby="title">
      <div>
        <h2 id="title">${msg("Evaluation")}</h2>
        <p class="lead">
          ${msg("On the images held out for validation. They come from the same sources as those it learnt from, so new scans may be harder.")}
        </p>
      </div>
      ${
        this.working
          ? html`<div class="card">
              <tamis-progress-line
                .label=${msg("Judging the validation images")}
                .progress=${this.progress}
                cancellable
                @tamis-cancel=${() => this.#stopping?.abort()}
              ></tamis-progress-line>
            </div>`
          : nothing
      }
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${
        this.judged
          ? this.#renderJudged(this.judged, run)
          : this.working
            ? nothing
            : html`<div class="card head">
                <p class="soft">${msg("The validation images have not been judged yet.")}</p>
                <button
                  type="button"
                  class="primary"
                  ?disabled=${this.stores.read(this.training.active) !== null}
                  @click=${() => void this.#judge(run)}
                >
                  ${icon("check")}${msg("Evaluate")}
                </button>
              </div>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-run-evaluation": RunEvaluation;
  }
}
