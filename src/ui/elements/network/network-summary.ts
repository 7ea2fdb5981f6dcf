import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { featureBackbone } from "../../../domain/experiment/backbone.ts";
import { networkSummary } from "../../../domain/experiment/network-size.ts";
import { drawNetwork } from "../../../domain/figure/lenet.ts";
import { layerName } from "../../../domain/report/words.ts";
import { safeFileName } from "../../../domain/text/file-name.ts";
import type { Run } from "../../../domain/run/run.ts";
import { saveFile } from "../../files/save.ts";
import { controls, disclosures, foundation, layout, tables } from "../../styles/shared.ts";
import { formatNumber } from "../../text/format.ts";
import { textWriter } from "../../text/writer.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon } from "../icon/icon.ts";

/** A run's network: drawn to scale, and layer by layer. */
@customElement("tamis-network-summary")
export class NetworkSummary extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    disclosures,
    css`
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
      table {
        width: auto;
        min-width: min(100%, 32rem);
      }
    `,
  ];

  @property({ attribute: false }) run: Pick<Run, "experiment" | "classNames"> | null = null;

  protected override render() {
    const { run } = this;
    if (!run) return nothing;
    const { experiment, classNames } = run;
    if (featureBackbone(experiment.backbone)) {
      return html`<p class="soft">
        ${msg("The network is a head on an imported backbone, whose own layers Tamis does not list.")}
      </p>`;
    }
    const { layers, inputSize, output, preset, backbone } = experiment;
    const rows = networkSummary(layers, inputSize, output === "binary" ? 1 : classNames.length, backbone ?? null);
    const total = rows.reduce((sum, { parameters }) => sum + parameters, 0);
    const writer = textWriter();
    const { svg } = drawNetwork(rows, inputSize, writer);
    const save = (): void =>
      saveFile(new File([svg], `${safeFileName(preset, "network")}-${inputSize}.svg`, { type: "image/svg+xml" }));
    return html`<div class="stack tight">
      <div class="drawing" tabindex="0" role="region" aria-label=${msg("Architecture")}>${unsafeHTML(svg)}</div>
      <div class="actions">
        <button type="button" @click=${save}>${icon("download")}${msg("Drawing as SVG")}</button>
      </div>
      <details>
        <summary>${msg("Layer by layer")}</summary>
        <div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Layers of the network")}>
          <table>
            <caption class="visually-hidden">
              ${msg("Layers of the network")}
            </caption>
            <thead>
              <tr>
                <th scope="col">${msg("Layer")}</th>
                <th scope="col" class="end">${msg("Output shape")}</th>
                <th scope="col" class="end">${msg("Parameters")}</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                ({ layer, outputShape, parameters }) =>
                  html`<tr>
                    <th scope="row">${layerName(layer, writer)}</th>
                    <td class="end">${outputShape.map((side) => formatNumber(side)).join(" × ")}</td>
                    <td class="end">${formatNumber(parameters)}</td>
                  </tr>`,
              )}
              <tr>
                <th scope="row">${msg("All layers")}</th>
                <td></td>
                <td class="end">${formatNumber(total)}</td>
              </tr>
            </tbody>
          </table>
        </div>
      </details>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-network-summary": NetworkSummary;
  }
}
