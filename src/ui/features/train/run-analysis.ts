import { consume } from "@lit/context";
import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { analyse } from "../../../domain/analysis/analyse.ts";
import { sentenceOf } from "../../../domain/analysis/sentences.ts";
import { featureBackbone } from "../../../domain/experiment/backbone.ts";
import { networkSummary } from "../../../domain/experiment/network-size.ts";
import { drawNetwork } from "../../../domain/figure/lenet.ts";
import type { Run } from "../../../domain/run/run.ts";
import type { Writer } from "../../../domain/text/writer.ts";
import { trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/curves/curve-files.ts";
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
      /* Drawn in ink on paper, as in the report. */
      .drawing {
        overflow-x: auto;
        padding: var(--space-3);
        border-radius: var(--radius);
        background: #fff;
      }
      .drawing svg {
        display: block;
      }
    `,
  ];

  @consume({ context: trainingContext }) private training!: TrainingService;
  @property({ attribute: false }) run: Run | null = null;

  #renderNetwork({ experiment, classNames }: Run, writer: Writer) {
    if (featureBackbone(experiment.backbone)) return nothing;
    const outputs = experiment.output === "binary" ? 1 : classNames.length;
    const { svg } = drawNetwork(
      networkSummary(experiment.layers, experiment.inputSize, outputs),
      experiment.inputSize,
      writer,
    );
    return html`<h3>${msg("Architecture")}</h3>
      <div class="drawing" tabindex="0" role="region" aria-label=${msg("Architecture")}>${unsafeHTML(svg)}</div>`;
  }

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
        ${this.#renderNetwork(run, writer)}
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-run-analysis": RunAnalysis;
  }
}
