import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { VettedImage } from "../../../../domain/vetting/choices.ts";
import { bestOf, type FindingDecision } from "../../../../domain/vetting/decisions.ts";
import type { ImageFinding } from "../../../../domain/vetting/image-findings.ts";
import { datasetContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { icon } from "../../../elements/icon/icon.ts";
import "../../../elements/thumbnail/thumbnail.ts";
import type { DatasetService } from "../../../services/dataset-service.ts";
import { controls, foundation, layout } from "../../../styles/shared.ts";
import { formatBytes, formatNumber } from "../../../text/format.ts";
import { findingCardStyles } from "./finding-card.styles.ts";
import { choiceWord, findingTitle, sizeWord } from "./words.ts";

/** A decision about some images of a finding. */
export interface Decided {
  readonly images: readonly VettedImage[];
  readonly decision: FindingDecision;
}

/** Of a larger group so many are shown at first. */
const imagesAtOnce = 12;
/** What a class's value in the list of choices begins with, so that no class can be taken for another choice. */
const classPrefix = "class ";

/**
 * One finding: its images side by side, what was decided about each, and what can be decided about all.
 * @fires tamis-decide - detail: Decided
 */
@customElement("tamis-finding-card")
export class FindingCard extends TamisElement {
  static override styles = [foundation, controls, layout, findingCardStyles];

  @consume({ context: datasetContext }) private datasets!: DatasetService;

  @property({ attribute: false }) finding: ImageFinding | null = null;
  @property({ attribute: false }) classNames: readonly string[] = [];
  @state() private showsAll = false;
  @query("h3") private heading!: HTMLElement | null;

  /** For when what was pressed is gone: the keyboard goes on from here. */
  focusHeading(): void {
    this.heading?.focus();
  }

  #decide(images: readonly VettedImage[], decision: FindingDecision): void {
    this.dispatchEvent(new CustomEvent<Decided>("tamis-decide", { detail: { images, decision } }));
  }

  #chooseOne(vetted: VettedImage, value: string): void {
    const decision: FindingDecision = value.startsWith(classPrefix)
      ? { kind: "move", className: value.slice(classPrefix.length) }
      : { kind: "leave-out" };
    this.#decide([vetted], decision);
  }

  #renderChoice(vetted: VettedImage) {
    const { image, choice } = vetted;
    const isLeftOut = choice?.verdict === "left-out";
    return html`<select
      aria-label=${msg(str`Train ${image.imageId} as`)}
      @change=${(event: Event) => this.#chooseOne(vetted, (event.target as HTMLSelectElement).value)}
    >
      ${this.classNames.map(
        (name) =>
          html`<option value=${classPrefix + name} .selected=${!isLeftOut && name === image.className}>
            ${name}
          </option>`,
      )}
      <option value="left-out" .selected=${isLeftOut}>${msg("Leave out")}</option>
    </select>`;
  }

  #renderImage(vetted: VettedImage) {
    const { image, choice } = vetted;
    const word = choiceWord(vetted);
    const { datasetId, imageId } = image;
    return html`<li class=${choice?.verdict === "left-out" ? "left-out" : ""}>
      <div class="picture">
        <tamis-thumbnail
          .alt=${imageId}
          .source=${{ key: `${datasetId}/${imageId}`, load: () => this.datasets.thumbnail(datasetId, imageId) }}
        ></tamis-thumbnail>
        ${word ? html`<span class="tag ${choice?.verdict === "left-out" ? "danger" : "accent"}">${word}</span>` : nothing}
      </div>
      <p class="path" title=${imageId}>${imageId}</p>
      <p class="size small soft number">
        <span>${sizeWord(image.width, image.height)}</span> <span>${formatBytes(image.byteLength)}</span>
      </p>
      ${this.#renderChoice(vetted)}
    </li>`;
  }

  #button(decision: FindingDecision, words: string, kind = "") {
    const images = this.finding?.images ?? [];
    return html`<button type="button" class=${kind} @click=${() => this.#decide(images, decision)}>${words}</button>`;
  }

  #renderActions({ kind, images }: ImageFinding) {
    const isOne = images.length === 1;
    const classes = kind === "label-conflict" ? [...new Set(images.map(({ folderClass }) => folderClass))] : [];
    const isDecided = images.some(({ choice }) => choice !== null);
    return html`<div class="actions">
      ${classes.map((className) => this.#button({ kind: "move", className }, msg(str`It is ${className}`)))}
      ${kind === "exact-duplicates" ? this.#button({ kind: "leave-out-copies" }, msg("Keep one")) : nothing}
      ${kind === "near-duplicates" ? this.#button({ kind: "leave-out-copies" }, msg("Keep the largest")) : nothing}
      ${this.#button({ kind: "keep" }, isOne ? msg("Keep") : msg("Keep all"))}
      ${this.#button({ kind: "leave-out" }, isOne ? msg("Leave out") : msg("Leave all out"))}
      ${isDecided ? this.#button({ kind: "take-back" }, msg("Take back"), "quiet") : nothing}
    </div>`;
  }

  protected override render() {
    const { finding } = this;
    if (!finding) return nothing;
    const { images } = finding;
    const best = images.length > 1 ? bestOf(images) : null;
    const ordered = [...images].sort((a, b) => Number(b.image.imageId === best) - Number(a.image.imageId === best));
    const shown = this.showsAll ? ordered : ordered.slice(0, imagesAtOnce);
    const rest = formatNumber(images.length - shown.length);
    return html`<article class="card ${finding.isSettled ? "settled" : ""}">
      <div class="head">
        <h3 tabindex="-1">${findingTitle(finding)}</h3>
        ${finding.isSettled ? html`<span class="tag accent">${icon("check")}${msg("Decided")}</span>` : nothing}
      </div>
      <ul role="list">
        ${shown.map((vetted) => this.#renderImage(vetted))}
      </ul>
      ${
        shown.length < images.length
          ? html`<button type="button" class="quiet" @click=${() => (this.showsAll = true)}>
              ${msg(str`Show ${rest} more`)}
            </button>`
          : nothing
      }
      ${this.#renderActions(finding)}
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-finding-card": FindingCard;
  }
}
