import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { failureOf, type Failure } from "../../../contract/outcome.ts";
import type { ModelMetadata } from "../../../domain/model/model.ts";
import { tempered, temperedProbability } from "../../../domain/model/calibration.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import type { Run } from "../../../domain/run/run.ts";
import { modelContext, trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { notify } from "../../elements/toast/notify.ts";
import type { Deciding, ModelService } from "../../services/model-service.ts";
import type { Progress } from "../../services/progress.ts";
import type { TrainingService } from "../../services/training-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatImages } from "../../text/format.ts";
import "./calibration-note.ts";
import "./class-table.ts";
import "./confusion-table.ts";
import "./evaluation-charts.ts";
import "./evaluation-figures.ts";
import { bandForShare, Judgement, type Selection, selectedImages } from "./judgement.ts";
import "./judged-gallery.ts";
import { evaluationStyles } from "./run-evaluation.styles.ts";
import "./threshold-panel.ts";
import { partWord } from "./words.ts";

const allMistakes: Selection = { kind: "mistakes", className: null };

/**
 * How good a run's model is on images it did not learn from, and where it decides.
 * @fires tamis-judged - what the model says of a part is stored
 */
@customElement("tamis-run-evaluation")
export class RunEvaluation extends TamisElement {
  static override styles = [foundation, controls, layout, evaluationStyles];

  @consume({ context: trainingContext }) private training!: TrainingService;
  @consume({ context: modelContext }) private models!: ModelService;

  @property({ attribute: false }) run: Run | null = null;
  @state() private shownPart: JudgedPart = "validation";
  @state() private judgements: Readonly<Partial<Record<JudgedPart, Judgement>>> = {};
  @state() private progress: Progress | null = null;
  @state() private failure: Failure | null = null;
  @state() private working = false;
  @state() private threshold = 0.5;
  @state() private reviewShare = 0;
  @state() private selection: Selection = allMistakes;
  /** What the model decides by, as stored; the draft begins there. */
  #saved: Deciding | null = null;
  #key = "";
  #stopping: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopping?.abort();
    this.#stopping = null;
    this.working = false;
  }

  #metadata(run: Run): ModelMetadata | null {
    return this.stores.read(this.models.models).find(({ id }) => id === run.modelId)?.metadata ?? null;
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const { run } = this;
    if (!run) return;
    const metadata = this.#metadata(run);
    const { threshold = 0.5, reviewBand = null, calibration = null } = metadata ?? {};
    const key = JSON.stringify([run.id, run.history.length, run.positiveClass, calibration]);
    const isNew = key !== this.#key;
    if (isNew) {
      this.#stopping?.abort();
      this.#stopping = null;
      this.#key = key;
      this.judgements = {};
      this.failure = null;
      this.working = false;
      this.selection = allMistakes;
      if (run.split[this.shownPart].length === 0) this.shownPart = "validation";
    }
    const saved = { threshold, reviewBand, calibration };
    if (isNew || JSON.stringify(saved) !== JSON.stringify(this.#saved)) this.#begin(saved);
    // The engine does one thing at a time: while it trains, the person asks for this.
    const isWanted = !this.judgements[this.shownPart] && !this.working && !this.failure;
    if (isWanted && !this.training.active.value) void this.#judge(run, this.shownPart);
  }

  /** Takes the stored threshold and band as the draft. */
  #begin(saved: Deciding): void {
    this.#saved = saved;
    this.threshold = saved.threshold;
    this.reviewShare = this.#shareOf(saved);
  }

  #shareOf({ threshold, reviewBand }: Deciding): number {
    const { validation } = this.judgements;
    if (!reviewBand || !validation) return 0;
    return validation.outcome(threshold, reviewBand).reviewed / validation.images;
  }

  async #judge(run: Run, part: JudgedPart): Promise<void> {
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.working = true;
    this.failure = null;
    this.progress = null;
    try {
      const outcome = await this.training.predictions(run.id, part, (p) => (this.progress = p), stopping.signal);
      if (this.#stopping !== stopping) return;
      if (!outcome.ok) {
        this.failure = outcome;
        return;
      }
      const judgement = new Judgement(outcome.value);
      this.judgements = { ...this.judgements, [part]: judgement };
      this.dispatchEvent(new Event("tamis-judged"));
      if (part === "validation" && this.#saved) this.reviewShare = this.#shareOf(this.#saved);
      void this.#resample(judgement);
    } catch (error) {
      if (this.#stopping === stopping) this.failure = failureOf(error);
    } finally {
      if (this.#stopping === stopping) {
        this.working = false;
        this.#stopping = null;
      }
    }
  }

  async #resample(judgement: Judgement): Promise<void> {
    const isShown = () => this.isConnected && this.judgements[judgement.judged.part] === judgement;
    if (await judgement.resample(isShown)) this.requestUpdate();
  }

  #draft(): Deciding | null {
    const { validation } = this.judgements;
    if (!validation || !this.#saved) return null;
    const { threshold, reviewShare } = this;
    const isSameShare = reviewShare === this.#shareOf(this.#saved) && threshold === this.#saved.threshold;
    const reviewBand = isSameShare ? this.#saved.reviewBand : bandForShare(validation, threshold, reviewShare);
    return { threshold, reviewBand, calibration: this.#saved.calibration };
  }

  async #save(deciding: Deciding): Promise<void> {
    const modelId = this.run?.modelId;
    if (!modelId) return;
    const undo = await this.models.setDeciding(modelId, deciding);
    notify({
      text: msg("The model decides by this from now on."),
      undo,
    });
  }

  async #temper(temperature: number): Promise<void> {
    const draft = this.#draft();
    if (!draft) return;
    const move = (p: number): number => temperedProbability(p, temperature);
    const { reviewBand } = draft;
    await this.#save({
      threshold: move(draft.threshold),
      reviewBand: reviewBand && { low: move(reviewBand.low), high: move(reviewBand.high) },
      calibration: tempered(draft.calibration, temperature),
    });
  }

  #renderParts(run: Run) {
    const parts: readonly JudgedPart[] = ["validation", "test"];
    return html`<div class="actions" role="group" aria-label=${msg("Measured on")}>
      ${parts.map((part) => {
        const isThere = run.split[part].length > 0;
        return html`<button
          type="button"
          aria-pressed=${this.shownPart === part ? "true" : "false"}
          ?disabled=${!isThere}
          title=${isThere ? "" : msg("This run kept no images apart for a test.")}
          @click=${() => {
            this.shownPart = part;
            this.failure = null;
            this.selection = allMistakes;
          }}
        >
          ${partWord(part)}
        </button>`;
      })}
    </div>`;
  }

  #renderMeasured(run: Run) {
    const images = formatImages(run.split[this.shownPart].length);
    const dataset = run.datasetName;
    return this.shownPart === "validation"
      ? msg(
          str`Measured on ${images} of “${dataset}” held out for validation. The threshold, and early stopping where there is one, were chosen by them, so new scans may be harder.`,
        )
      : msg(
          str`Measured on ${images} of “${dataset}” that neither training nor any choice has looked at. They come from the same sources as those it learnt from, so new scans may be harder.`,
        );
  }

  #renderDeciding(run: Run) {
    const { validation } = this.judgements;
    const draft = this.#draft();
    const hasModel = this.#metadata(run) !== null;
    if (!validation || !draft || !this.#saved) return nothing;
    if (this.shownPart === "test") {
      return html`<div class="card">
        <p class="soft">
          ${msg("The threshold and the review band are chosen on the validation images alone; here they are only applied.")}
        </p>
      </div>`;
    }
    const isChanged = JSON.stringify(draft) !== JSON.stringify(this.#saved);
    return html`<div class="card stack tight">
      <h3>${msg("Where it decides")}</h3>
      <tamis-threshold-panel
        .ranking=${validation.ranking}
        .threshold=${this.threshold}
        .reviewShare=${this.reviewShare}
        .outcome=${validation.outcome(draft.threshold, draft.reviewBand)}
        .images=${validation.images}
        @tamis-threshold=${(event: CustomEvent<number>) => (this.threshold = event.detail)}
        @tamis-review-share=${(event: CustomEvent<number>) => (this.reviewShare = event.detail)}
      ></tamis-threshold-panel>
      ${
        hasModel
          ? html`<div class="actions">
                <button type="button" class="primary" ?disabled=${!isChanged} @click=${() => void this.#save(draft)}>
                  ${icon("check")}${msg("Decide by this")}
                </button>
                <button
                  type="button"
                  class="quiet"
                  ?disabled=${!isChanged}
                  @click=${() => this.#saved && this.#begin(this.#saved)}
                >
                  ${msg("Back to what is saved")}
                </button>
              </div>
              <tamis-calibration-note
                .judged=${validation.judged}
                @tamis-temper=${(event: CustomEvent<number>) => void this.#temper(event.detail)}
              ></tamis-calibration-note>`
          : html`<p class="small soft">${msg("Its model was deleted, so nothing can be saved.")}</p>`
      }
    </div>`;
  }

  #renderGallery(judgement: Judgement, run: Run) {
    const { selection, threshold } = this;
    const images = selectedImages(judgement, threshold, selection);
    const count = formatImages(images.length);
    const isMistakes = selection.kind === "mistakes";
    const className = isMistakes ? selection.className : null;
    const heading = !isMistakes
      ? msg(str`The cell’s images: ${count}`)
      : className === null
        ? msg(str`Mistakes: ${count}`)
        : msg(str`Mistakes in “${className}”: ${count}`);
    const isAll = isMistakes && className === null;
    return html`<div class="card stack tight" id="gallery">
      <div class="head">
        <div>
          <h3>${heading}</h3>
          <p class="small soft">
            ${isMistakes || selection.isPositive !== selection.saysPositive ? msg("The surest mistakes first.") : msg("The most doubtful first.")}
          </p>
        </div>
        ${
          isAll
            ? nothing
            : html`<button type="button" @click=${() => (this.selection = allMistakes)}>${msg("All mistakes")}</button>`
        }
      </div>
      ${
        images.length === 0
          ? html`<p>${msg("None: every image got the right verdict.")}</p>`
          : html`<tamis-judged-gallery
              .datasetId=${run.datasetId}
              .modelId=${this.#metadata(run) ? run.modelId : null}
              .images=${images}
              .threshold=${threshold}
              .selection=${JSON.stringify([this.shownPart, selection])}
            ></tamis-judged-gallery>`
      }
    </div>`;
  }

  #select(selection: Selection): void {
    this.selection = selection;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector("#gallery")?.scrollIntoView({ block: "nearest" }),
    );
  }

  #renderJudged(judgement: Judgement, run: Run) {
    const at = judgement.at(this.threshold, run.classNames);
    const draft = this.#draft();
    const outcome = judgement.outcome(this.threshold, draft?.reviewBand ?? null);
    const chosen = this.selection.kind === "cell" ? this.selection : null;
    return html`
      <div class="card stack">
        <tamis-evaluation-figures
          .verdicts=${at.figures}
          .ranking=${judgement.rankingFigures.figures()}
        ></tamis-evaluation-figures>
        <p class="small soft">${msg("Below each figure: its 95% interval, by resampling the images 2,000 times.")}</p>
        <div class="two">
          <div>
            <h3>${msg("Confusion matrix")}</h3>
            <tamis-confusion-table
              .confusion=${at.confusion}
              .chosen=${chosen}
              @tamis-choose-cell=${(event: CustomEvent<NonNullable<typeof chosen>>) => this.#select({ ...event.detail, kind: "cell" })}
            ></tamis-confusion-table>
          </div>
          <div>
            <h3>${msg("By original class")}</h3>
            <tamis-class-table
              .classes=${at.classes}
              .positiveClass=${run.positiveClass}
              @tamis-choose-class=${(event: CustomEvent<string>) => this.#select({ kind: "mistakes", className: event.detail })}
            ></tamis-class-table>
          </div>
        </div>
      </div>
      ${this.#renderDeciding(run)}
      <div class="card">
        <tamis-evaluation-charts
          .judgement=${judgement}
          .confusion=${at.confusion}
          .reviewCurve=${at.reviewCurve}
          .outcome=${outcome}
        ></tamis-evaluation-charts>
      </div>
      ${this.#renderGallery(judgement, run)}
    `;
  }

  protected override render() {
    const { run } = this;
    if (!run) return nothing;
    const judgement = this.judgements[this.shownPart];
    return html`<section class="stack tight" aria-labelledby="title">
      <div class="head">
        <div class="measured">
          <h2 id="title">${msg("Evaluation")}</h2>
          <p class="lead">${this.#renderMeasured(run)}</p>
        </div>
        ${this.#renderParts(run)}
      </div>
      ${
        this.working
          ? html`<div class="card">
              <tamis-progress-line
                .label=${msg("Judging the images")}
                .progress=${this.progress}
                cancellable
                @tamis-cancel=${() => this.#stopping?.abort()}
              ></tamis-progress-line>
            </div>`
          : nothing
      }
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${
        judgement
          ? this.#renderJudged(judgement, run)
          : this.working
            ? nothing
            : html`<div class="card head">
                <p class="soft">${msg("These images have not been judged yet.")}</p>
                <button
                  type="button"
                  class="primary"
                  ?disabled=${this.stores.read(this.training.active) !== null}
                  @click=${() => void this.#judge(run, this.shownPart)}
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
