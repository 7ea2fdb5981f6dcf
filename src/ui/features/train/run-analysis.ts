import { consume } from "@lit/context";
import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { analyse } from "../../../domain/analysis/analyse.ts";
import { sentenceOf } from "../../../domain/analysis/sentences.ts";
import { featureBackbone } from "../../../domain/experiment/backbone.ts";
import { networkSummary } from "../../../domain/experiment/network-size.ts";
import { drawCurves } from "../../../domain/figure/curves.ts";
import { drawNetwork } from "../../../domain/figure/lenet.ts";
import type { Run } from "../../../domain/run/run.ts";
import { Writer } from "../../../domain/text/writer.ts";
import { trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import type { TrainingService } from "../../services.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { experimentWord } from "../../text/experiment-words.ts";
import { currentLocale } from "../../text/locale.ts";

function save(content: string, type: string, name: string): void {
  const link = document.createElement("a");
  const address = URL.createObjectURL(new Blob([content], { type }));
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** What can be said of a run from its history and weights, its network as a drawing, and its curves as files. */
@customElement("tamis-run-analysis")
export class RunAnalysis extends TamisElement {
  static override styles = [
    foundation,
    controls,
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

  #saveSvg(run: Run, writer: Writer): void {
    const svg = drawCurves([{ name: experimentWord(run.experiment), history: run.history }], writer);
    save(svg, "image/svg+xml", `${run.experiment.preset}-${run.experiment.seed}.svg`);
  }

  #saveCsv(run: Run): void {
    const names = ["epoch", "loss", "accuracy", "validationLoss", "validationAccuracy", "seconds"] as const;
    const rows = run.history.map((values) => names.map((name) => values[name]).join(","));
    save(
      [names.join(","), ...rows, ""].join("\r\n"),
      "text/csv",
      `${run.experiment.preset}-${run.experiment.seed}.csv`,
    );
  }

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
    const writer = new Writer(currentLocale() === "fr" ? "fr" : "en");
    const others = this.stores.read(this.training.runs).filter(({ datasetId }) => datasetId === run.datasetId);
    const findings = analyse({ run, judged: null, validationPositives: null, others });
    return html`<section class="stack tight" aria-labelledby="title">
      <h2 id="title">${msg("Analysis")}</h2>
      <div class="card stack tight">
        ${findings.map((finding) => html`<p>${sentenceOf(finding, writer)}</p>`)}
        ${
          run.history.length === 0
            ? nothing
            : html`<div class="actions">
                <button type="button" @click=${() => this.#saveSvg(run, writer)}>
                  ${icon("download")}${msg("Curves as SVG")}
                </button>
                <button type="button" @click=${() => this.#saveCsv(run)}>
                  ${icon("download")}${msg("Curves as CSV")}
                </button>
              </div>`
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
