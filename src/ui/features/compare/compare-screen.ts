import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { failed } from "../../../contract/outcome.ts";
import { type Comparability, comparableRuns } from "../../../domain/comparison/comparable.ts";
import type { ExaminedRuns, ReportedComparison } from "../../../domain/report/contents.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import type { Run } from "../../../domain/run/run.ts";
import type { ComparisonService } from "../../services/comparison-service.ts";
import { comparisonContext, modelContext, trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { hrefOf } from "../../routes.ts";
import type { ModelService } from "../../services/model-service.ts";
import type { TrainingService } from "../../services/training-service.ts";
import { controls, foundation, layout, tables } from "../../styles/shared.ts";
import { formatImages, formatNumber, plural } from "../../text/format.ts";
import { partWord } from "../evaluation/words.ts";
import "./compared-curves.ts";
import { Examination } from "./examination.ts";
import "./final-model.ts";
import "./paired-table.ts";
import "./report-view.ts";
import "./run-table.ts";
import { renderSeeds } from "./seed-table.ts";
import { incomparabilityWord, runWord } from "./words.ts";

/** Several runs beside each other: figures with intervals, one against the others, and their curves. */
@customElement("tamis-compare-screen")
export class CompareScreen extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    css`
      button[aria-pressed="true"] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--accent);
      }
      .field select {
        width: auto;
        max-width: 100%;
      }
      .aside {
        padding: var(--space-3) var(--space-4);
        border-radius: var(--radius);
        background: var(--review-soft);
      }
      .aside li {
        margin-top: var(--space-2);
      }
      p {
        max-width: 80ch;
      }
    `,
  ];

  @consume({ context: trainingContext }) private training!: TrainingService;
  @consume({ context: modelContext }) private models!: ModelService;
  @consume({ context: comparisonContext }) private comparisons!: ComparisonService;

  @property({ attribute: false, hasChanged: (now: unknown, before: unknown) => String(now) !== String(before) })
  runIds: readonly string[] = [];
  @state() private judgedPart: JudgedPart = "validation";
  /** The run that the others are held against; null: the proposed one. */
  @state() private reference: string | null = null;
  /** The report is shown in the place of the comparison. */
  @state() private isReporting = false;
  @state() private compared: readonly ReportedComparison[] = [];

  readonly #examination = new Examination(this, () => this.comparisons);
  #comparing: AbortController | null = null;
  #comparedFor: { readonly examined: ExaminedRuns; readonly runId: string | null; readonly part: JudgedPart } | null =
    null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#comparing?.abort();
    this.#comparedFor = null;
  }

  get #chosen(): readonly Run[] {
    const runs = this.stores.read(this.training.runs);
    return this.runIds.flatMap((id) => runs.find((run) => run.id === id) ?? []);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("runIds")) {
      this.reference = null;
      this.isReporting = false;
    }
    const { comparable } = comparableRuns(this.#chosen);
    // The engine does one thing at a time; what finished was judged then.
    const waits = this.#isTraining && comparable.some(({ status }) => status !== "finished");
    if (!waits) this.#examination.follow(comparable, this.stores.read(this.models.models));
    const { examined } = this.#examination;
    if (examined) void this.#compare(examined, this.#referenceOf(examined));
  }

  get #isTraining(): boolean {
    return this.stores.read(this.training.active) !== null;
  }

  #finalRunId({ datasetId }: ExaminedRuns): string | null {
    return this.stores.read(this.comparisons.decisions).find((one) => one.datasetId === datasetId)?.runId ?? null;
  }

  #referenceOf({ runs, proposal }: ExaminedRuns): string | null {
    const ids = runs.filter((reported) => reported[this.judgedPart]).map(({ run }) => run.id);
    return [this.reference, proposal?.proposed.runId, ids[0]].find((id) => id && ids.includes(id)) ?? null;
  }

  async #compare(examined: ExaminedRuns, runId: string | null): Promise<void> {
    const part = this.judgedPart;
    const done = this.#comparedFor;
    if (done?.examined === examined && done.runId === runId && done.part === part) return;
    this.#comparedFor = { examined, runId, part };
    this.#comparing?.abort();
    const comparing = new AbortController();
    this.#comparing = comparing;
    const compared = runId === null ? [] : await this.comparisons.against(runId, examined, part, comparing.signal);
    if (!comparing.signal.aborted) this.compared = compared;
  }

  #renderOthers({ comparable, others }: Comparability) {
    if (others.length === 0) return nothing;
    return html`<section class="aside" aria-labelledby="others">
      <h2 id="others">${msg("Not comparable with the others")}</h2>
      <p>
        ${
          comparable.length === 1
            ? msg("No two of the chosen runs were judged on the same images.")
            : msg("Only runs that were judged on the same images can be compared; these were not.")
        }
      </p>
      <ul role="list">
        ${others.map(
          ({ run, reason }) =>
            html`<li>
              <a href=${hrefOf("runs", run.id)}>${runWord(run)}</a> (${run.datasetName}): ${incomparabilityWord(reason)}
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #renderParts(examined: ExaminedRuns) {
    const parts: readonly JudgedPart[] = ["validation", "test"];
    return html`<div class="actions" role="group" aria-label=${msg("Measured on")}>
      ${parts.map((part) => {
        const isThere = examined.runs.some((reported) => reported[part]);
        return html`<button
          type="button"
          aria-pressed=${this.judgedPart === part ? "true" : "false"}
          ?disabled=${!isThere}
          @click=${() => (this.judgedPart = part)}
        >
          ${partWord(part)}
        </button>`;
      })}
    </div>`;
  }

  #renderMeasured({ runs, datasetName }: ExaminedRuns) {
    const images = formatImages(runs.find((reported) => reported[this.judgedPart])?.[this.judgedPart]?.images ?? 0);
    return this.judgedPart === "validation"
      ? msg(
          str`Measured on the same ${images} of “${datasetName}” held out for validation, which is where to choose by. The intervals say how far other images of the same sources would move a figure.`,
        )
      : msg(
          str`Measured on the same ${images} of “${datasetName}” that no choice has looked at. They are for the last judgement: whoever chooses by them has no honest figure left.`,
        );
  }

  #renderFigures(examined: ExaminedRuns) {
    const problems = examined.runs.filter(({ problem }) => problem !== "");
    const unjudged = examined.runs.filter((reported) => !reported.validation && reported.problem === "");
    const names = unjudged.map(({ run }) => runWord(run)).join("; ");
    return html`<section class="stack tight" aria-labelledby="figures">
      <div class="head">
        <h2 id="figures">${msg("Figures")}</h2>
        ${this.#renderParts(examined)}
      </div>
      <p class="soft">${this.#renderMeasured(examined)}</p>
      <div class="card stack">
        <tamis-compared-runs
          .runs=${examined.runs}
          .judgedPart=${this.judgedPart}
          .finalRunId=${this.#finalRunId(examined)}
        ></tamis-compared-runs>
        ${problems.map(
          ({ run, problem }) =>
            html`<tamis-failure-note
              .failure=${failed("unexpected", `${runWord(run)}: ${problem}`)}
            ></tamis-failure-note>`,
        )}
        ${
          unjudged.length > 0
            ? html`<p class="small soft">${msg(str`Without figures, since there is no model: ${names}.`)}</p>`
            : nothing
        }
        <p class="small soft">
          ${msg(
            "Memory is the most that the engine had taken by then: it gives none back, so a run after a larger one shows that one’s. Work per scan is what the network computes for one image; time per scan is what it took for that on this device when the run was judged, without opening the file.",
          )}
        </p>
        ${renderSeeds(examined.runs, this.judgedPart)}
      </div>
    </section>`;
  }

  #renderPairs(examined: ExaminedRuns) {
    const judged = examined.runs.filter((reported) => reported[this.judgedPart]);
    if (judged.length < 2) return nothing;
    const reference = this.#referenceOf(examined);
    return html`<section class="stack tight" aria-labelledby="pairs">
      <h2 id="pairs">${msg("Really better, or chance?")}</h2>
      <div class="card stack">
        <div class="field">
          <label for="reference">${msg("Hold the others against")}</label>
          <select
            id="reference"
            aria-describedby="reference-note"
            @change=${(event: Event) => (this.reference = (event.target as HTMLSelectElement).value)}
          >
            ${judged.map(
              ({ run }) => html`<option value=${run.id} ?selected=${run.id === reference}>${runWord(run)}</option>`,
            )}
          </select>
          <p id="reference-note" class="hint">
            ${msg("Choose it before you look: trying one after the other makes more comparisons than are corrected for.")}
          </p>
        </div>
        <tamis-paired-runs .runs=${examined.runs} .comparisons=${this.compared}></tamis-paired-runs>
      </div>
    </section>`;
  }

  #renderExamined(examined: ExaminedRuns) {
    return html`${this.#renderFigures(examined)} ${this.#renderPairs(examined)}
      <section class="stack tight" aria-labelledby="curves">
        <h2 id="curves">${msg("Curves")}</h2>
        <div class="card">
          <tamis-compared-curves .runs=${examined.runs.map(({ run }) => run)}></tamis-compared-curves>
        </div>
      </section>
      <tamis-final-model .examined=${examined}></tamis-final-model>`;
  }

  #renderState(comparability: Comparability) {
    const { examined, failure, progress, isWorking } = this.#examination;
    if (examined) return this.#renderExamined(examined);
    if (isWorking) {
      return html`<tamis-progress-line
        class="card"
        cancellable
        .label=${msg("Measuring the models")}
        .progress=${progress}
        @tamis-cancel=${() => this.#examination.cancel()}
      ></tamis-progress-line>`;
    }
    if (comparability.comparable.length === 0) return nothing;
    if (!failure && this.#isTraining) {
      return html`<p class="card" role="status">
        ${msg("Some of these runs were not judged yet. That is done as soon as the training that runs now has ended.")}
      </p>`;
    }
    return html`<tamis-failure-note .failure=${failure}></tamis-failure-note>
      <div>
        <button type="button" @click=${() => this.#examination.again(comparability.comparable)}>
          ${icon("history")}${msg("Measure again")}
        </button>
      </div>`;
  }

  async #show(isReporting: boolean): Promise<void> {
    this.isReporting = isReporting;
    await this.updateComplete;
    window.scrollTo({ top: 0, behavior: "instant" });
    const view = this.renderRoot.querySelector<HTMLElement>(isReporting ? "tamis-report-view" : "#report");
    view?.focus();
  }

  protected override render() {
    const { examined } = this.#examination;
    if (this.isReporting && examined) {
      return html`<tamis-report-view
        tabindex="-1"
        .examined=${examined}
        @tamis-close=${() => void this.#show(false)}
      ></tamis-report-view>`;
    }
    const chosen = this.#chosen;
    const comparability = comparableRuns(chosen);
    const missingCount = this.runIds.length - chosen.length;
    const missing = formatNumber(missingCount);
    const dataset = comparability.comparable[0]?.datasetName ?? "";
    return html`<div class="stack">
      <a class="back" href=${hrefOf("train")}>${icon("back")}${msg("All runs")}</a>
      <div>
        <div class="head">
          <h1>${dataset ? msg(str`Comparison on “${dataset}”`) : msg("Comparison")}</h1>
          ${
            examined
              ? html`<button id="report" type="button" @click=${() => void this.#show(true)}>
                  ${icon("report")}${msg("Report")}
                </button>`
              : nothing
          }
        </div>
        ${
          chosen.length === 0
            ? html`<p class="lead">${msg("None of these runs exists any more. Choose others in the list of runs.")}</p>`
            : nothing
        }
        ${
          missingCount > 0 && chosen.length > 0
            ? html`<p class="lead">
                ${plural(missingCount, {
                  one: msg("One of the chosen runs does not exist any more."),
                  other: msg(str`${missing} of the chosen runs do not exist any more.`),
                })}
              </p>`
            : nothing
        }
      </div>
      ${this.#renderOthers(comparability)} ${this.#renderState(comparability)}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-compare-screen": CompareScreen;
  }
}
