import { consume } from "@lit/context";
import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { analyse } from "../../../domain/analysis/analyse.ts";
import { sentenceOf } from "../../../domain/analysis/sentences.ts";
import type { Run } from "../../../domain/run/run.ts";
import { trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/curves/curve-files.ts";
import "../../elements/network/network-summary.ts";
import type { TrainingService } from "../../services.ts";
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
  @property({ attribute: false }) run: Run | null = null;

  protected override render() {
    const { run } = this;
    if (!run) return nothing;
    const writer = textWriter();
    const others = this.stores.read(this.training.runs).filter(({ datasetId }) => datasetId === run.datasetId);
    const findings = analyse({ run, judged: null, validationPositives: null, others });
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
