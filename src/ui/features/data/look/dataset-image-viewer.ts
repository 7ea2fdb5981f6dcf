import { consume } from "@lit/context";
import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Dataset } from "../../../../domain/dataset/dataset.ts";
import { type CatalogueImage, isLeftOut } from "../../../../domain/look/catalogue.ts";
import { datasetContext, vettingContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { icon } from "../../../elements/icon/icon.ts";
import type { ImageViewer } from "../../../elements/image-viewer/image-viewer.ts";
import "../../../elements/image-viewer/image-viewer.ts";
import type { ThumbnailSource } from "../../../elements/thumbnail/thumbnail.ts";
import type { DatasetService } from "../../../services/dataset-service.ts";
import type { VettingService } from "../../../services/vetting-service.ts";
import { controls, foundation, layout } from "../../../styles/shared.ts";
import { formatBytes, formatNumber } from "../../../text/format.ts";
import type { LookRequest } from "./dataset-images.ts";
import { decide, type LookDecision } from "./decide.ts";
import { findingKindWord, formatWord, imageName, movedWord, partWord, sizeWord, stateWord } from "./look-words.ts";

/**
 * One image of a dataset large, with all that is known of it; moved to another class or left out with a button or a key.
 * @fires tamis-close - detail: the id of the image that was shown last
 */
@customElement("tamis-dataset-image-viewer")
export class DatasetImageViewer extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      aside {
        display: grid;
        gap: var(--space-4);
        align-content: start;
      }
      dl.facts {
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3);
      }
      dl .wide {
        grid-column: 1 / -1;
      }
      .source {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
        justify-content: center;
      }
      .source button {
        min-height: 2.25rem;
      }
      kbd {
        font: inherit;
        font-size: var(--text-small);
        opacity: 0.75;
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @consume({ context: vettingContext }) private vetting!: VettingService;

  @property({ attribute: false }) shown: Dataset | null = null;
  @property({ attribute: false }) images: readonly CatalogueImage[] = [];
  /** Whose split says which part the image is in. */
  @property() splitName = "";
  @state() private request: LookRequest = { ids: [], id: "" };
  /** Of the picture that is shown; null until it is there. */
  @state() private isOriginal: boolean | null = null;
  /** The person asked for originals: from then on for every image. */
  @state() private mayAsk = false;
  @query("tamis-image-viewer") private viewer!: ImageViewer;

  async show(request: LookRequest): Promise<void> {
    this.request = request;
    this.isOriginal = null;
    await this.updateComplete;
    await this.viewer.show();
  }

  #image(): CatalogueImage | undefined {
    return this.images.find(({ image }) => image.imageId === this.request.id);
  }

  #turn(step: number): void {
    const { ids, id } = this.request;
    const next = ids[ids.indexOf(id) + step];
    if (next === undefined) return;
    this.isOriginal = null;
    this.request = { ids, id: next };
  }

  #pressed(event: KeyboardEvent): void {
    const image = this.#image();
    if (
      !image ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.composedPath()[0] instanceof HTMLSelectElement
    )
      return;
    const className = this.shown?.classNames[Number(event.key) - 1];
    if (event.key.toLowerCase() === "x") this.#decide(image, { kind: isLeftOut(image) ? "bring-back" : "leave-out" });
    else if (className !== undefined) this.#decide(image, { kind: "move", className });
    else return;
    event.preventDefault();
  }

  #decide(image: CatalogueImage, decision: LookDecision): void {
    if (decision.kind === "move" && decision.className === image.image.className) return;
    void decide(this.vetting, [image], decision);
  }

  #sourceOf({ image }: CatalogueImage): ThumbnailSource {
    const { mayAsk } = this;
    return {
      key: `${image.datasetId}/${image.imageId} ${mayAsk ? "file" : "at hand"}`,
      load: async () => {
        const found = await this.datasets.picture(image, mayAsk);
        if (this.request.id === image.imageId) this.isOriginal = found?.isOriginal ?? null;
        return found?.picture;
      },
    };
  }

  #renderSource() {
    if (this.isOriginal === null) return nothing;
    return html`<p slot="below" class="small soft source">
      ${
        this.isOriginal
          ? msg("The original file.")
          : this.mayAsk
            ? msg("The stored pixels: the file is not where it was. Choose the folder again to see it.")
            : msg("The stored pixels, as a network sees them.")
      }
      ${
        this.isOriginal || this.mayAsk
          ? nothing
          : html`<button type="button" @click=${() => (this.mayAsk = true)}>${msg("Show the original")}</button>`
      }
    </p>`;
  }

  #renderFacts(vetted: CatalogueImage) {
    const { image, folderClass, part, findings, colourfulness } = vetted;
    const fact = (name: string, value: unknown, isWide = false) =>
      html`<div class=${isWide ? "wide" : ""}>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    return html`<dl class="facts">
      ${fact(msg("File"), image.path, true)}
      ${image.className === folderClass ? nothing : fact(msg("Class"), `${image.className}, ${movedWord(vetted)}`, true)}
      ${fact(msg("Dimensions"), sizeWord(image))} ${fact(msg("Format"), formatWord(image.mediaType))}
      ${fact(msg("File size"), formatBytes(image.byteLength))} ${fact(msg("Page"), formatNumber(image.page + 1))}
      ${fact(this.splitName, part ? partWord(part) : msg("In no part"))}
      ${colourfulness === null ? nothing : fact(msg("Colourfulness"), formatNumber(colourfulness))}
      ${fact(msg("Findings"), findings.length > 0 ? findings.map(findingKindWord).join(", ") : msg("No finding"), true)}
    </dl>`;
  }

  #renderClasses(vetted: CatalogueImage) {
    const classNames = this.shown?.classNames ?? [];
    return html`<div class="field">
      <label for="move">${msg("Class")}</label>
      <select
        id="move"
        aria-describedby="keys"
        @change=${(event: Event) =>
          this.#decide(vetted, { kind: "move", className: (event.target as HTMLSelectElement).value })}
      >
        ${classNames.map(
          (name) => html`<option value=${name} .selected=${name === vetted.image.className}>${name}</option>`,
        )}
      </select>
      <p class="hint" id="keys">${msg("Keys: 1 to 9 for the classes, X to leave it out.")}</p>
    </div>`;
  }

  protected override render() {
    const vetted = this.#image();
    if (!vetted) return nothing;
    const { ids, id } = this.request;
    const isOut = isLeftOut(vetted);
    return html`<tamis-image-viewer
      .heading=${imageName(vetted)}
      .source=${this.#sourceOf(vetted)}
      .ratio=${vetted.image.width / vetted.image.height}
      .index=${ids.indexOf(id)}
      .count=${ids.length}
      @keydown=${this.#pressed}
      @tamis-turn=${({ detail }: CustomEvent<number>) => this.#turn(detail)}
      @tamis-close=${() => this.dispatchEvent(new CustomEvent<string>("tamis-close", { detail: this.request.id }))}
    >
      ${this.#renderSource()}
      <aside>
        ${isOut ? html`<p><span class="tag danger">${icon("remove")}${stateWord("left-out")}</span></p>` : nothing}
        ${this.#renderClasses(vetted)} ${this.#renderFacts(vetted)}
      </aside>
      <button
        slot="actions"
        type="button"
        class=${isOut ? "" : "danger"}
        aria-keyshortcuts="X"
        @click=${() => this.#decide(vetted, { kind: isOut ? "bring-back" : "leave-out" })}
      >
        ${icon(isOut ? "undo" : "remove")}${isOut ? msg("Bring back") : msg("Leave out")}
        <kbd aria-hidden="true">X</kbd>
      </button>
    </tamis-image-viewer>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-dataset-image-viewer": DatasetImageViewer;
  }
}
