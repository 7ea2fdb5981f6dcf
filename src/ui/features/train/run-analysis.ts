import { consume } from "@lit/context";
import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { analyse } from "../../../domain/analysis/analyse.ts";
import { sentenceOf } from "../../../domain/analysis/sentences.ts";
import type { JudgedImages } from "../../../domain/run/predictions.ts";
import type { Run } from "../../../domain/run/run.ts";
import { modelContext, trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/curves/curve-files.ts";
import "../../elements/network/network-summary.ts";
import type { ModelService } from "../../services/model-service.ts";
import type { TrainingService } from "../../services/training-service.ts";
import { foundation, layout } from "../../styles/shared.ts";
import { experimentWord } from "../../text/experiment-words.ts";
import { textWriter } from "../../text/writer.ts";

/** What can be said of a run from its history and weights, its network as a drawing, and its curves as files. */
@customElement("tamis-run-analysis")
export class RunAnalysis extends TamisElement {
  static override styles = [
    foundation,
    layout,
    css`
      p {
        max-width: 72ch;
      }
    `,
  ];

  @consume({ context: trainingContext }) private training!: TrainingService;
  @consume({ context: modelContext }) private models!: ModelService;
  @property({ attribute: false }) run: Run | null = null;
  /** What the model says of the validation images; null until they were judged. */
  @state() private judged: JudgedImages | null = null;
  /** The run and the number of its epochs that `judged` is for. */
  #key = "";

  /** To be called when the run's images were judged. */
  reread(): void {
    void this.#read(this.#key);
  }

  protected override willUpdate(): void {
    const { run } = this;
    const key = run ? `${run.id} ${run.history.length}` : "";
    if (key === this.#key) return;
    this.#key = key;
    this.judged = null;
    void this.#read(key);
  }

  async #read(key: string): Promise<void> {
    const { run } = this;
    if (!run || run.history.length === 0) return;
    // Without them the history alone is analysed, which says less and nothing wrong.
    const judged = await this.training.storedPredictions(run.id, "validation").catch(() => null);
    if (this.#key === key) this.judged = judged;
  }

  #judgedAt(run: Run) {
    const model = this.stores.read(this.models.models).find(({ id }) => id === run.modelId);
    return this.judged && { ...this.judged, threshold: model?.metadata.threshold ?? 0.5 };
  }

  protected override render() {
    const { run } = this;
    if (!run) return nothing;
    const writer = textWriter();
    const others = this.stores.read(this.training.runs).filter(({ datasetId }) => datasetId === run.datasetId);
    const findings = analyse({ run, judged: this.#judgedAt(run), validationPositives: null, others });
    return html`<section class="stack tight" aria-labelledby="title">
      <h2 id="title">${msg("Analysis")}</h2>
      <div class="card stack tight">
        ${findings.map((finding) => html`<p>${sentenceOf(finding, writer)}</p>`)}
        ${
          run.history.length === 0
            ? nothing
            : html`<tamis-curve-files
                .series=${[{ name: experimentWord(run.experiment), history: run.history }]}
                .name=${`${run.experiment.preset}-${run.experiment.seed}`}
              ></tamis-curve-files>`
        }
        <h3>${msg("Architecture")}</h3>
        <tamis-network-summary .run=${run}></tamis-network-summary>
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-run-analysis": RunAnalysis;
  }
}
