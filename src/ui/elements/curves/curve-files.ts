import { msg } from "@lit/localize";
import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { curvesToCsv } from "../../../domain/figure/curves-csv.ts";
import { type CurveSeries, drawCurves } from "../../../domain/figure/curves.ts";
import { byteOrderMark } from "../../../domain/text/capture-list.ts";
import { safeFileName } from "../../../domain/text/file-name.ts";
import { pngOf } from "../../files/picture.ts";
import { saveFile } from "../../files/save.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { textWriter } from "../../text/writer.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon } from "../icon/icon.ts";
import { notify } from "../toast/notify.ts";

/** Curves as files: the notebook's pair of panels as a picture, and their values. */
@customElement("tamis-curve-files")
export class CurveFiles extends TamisElement {
  static override styles = [foundation, controls, layout];

  @property({ attribute: false }) series: readonly CurveSeries[] = [];
  /** What the files are called, without their ending. */
  @property() name = "";

  #save(content: BlobPart, type: string, ending: string): void {
    saveFile(new File([content], `${safeFileName(this.name, "tamis")}.${ending}`, { type }));
  }

  async #savePng(): Promise<void> {
    try {
      this.#save(await pngOf(drawCurves(this.series, textWriter())), "image/png", "png");
    } catch {
      notify({ text: msg("The picture could not be made. The SVG shows the same."), problem: true });
    }
  }

  protected override render() {
    return html`<div class="actions">
      <button type="button" @click=${() => void this.#savePng()}>${icon("download")}${msg("Curves as PNG")}</button>
      <button type="button" @click=${() => this.#save(drawCurves(this.series, textWriter()), "image/svg+xml", "svg")}>
        ${icon("download")}${msg("Curves as SVG")}
      </button>
      <button type="button" @click=${() => this.#save(byteOrderMark + curvesToCsv(this.series), "text/csv", "csv")}>
        ${icon("download")}${msg("Curves as CSV")}
      </button>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-curve-files": CurveFiles;
  }
}
