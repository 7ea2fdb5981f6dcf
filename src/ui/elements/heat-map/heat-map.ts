import { msg, str } from "@lit/localize";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Failure, failureOf } from "../../../contract/outcome.ts";
import type { Explanation } from "../../../domain/explanation/explanation.ts";
import { type ExplanationMethod, explanationMethods, type HeatMap } from "../../../domain/explanation/heat-map.ts";
import { type EvidenceSide, evidenceSides, mostEvidence } from "../../../domain/explanation/place.ts";
import type { Explain, ExplanationStep } from "../../services/explanation-service.ts";
import type { Progress } from "../../services/progress.ts";
import { controls, foundation } from "../../styles/shared.ts";
import { formatFixed, formatNumber } from "../../text/format.ts";
import { styleMap } from "../base/style-map.ts";
import { TamisElement } from "../base/tamis-element.ts";
import "../failure-note/failure-note.ts";
import { icon } from "../icon/icon.ts";
import "../progress-line/progress-line.ts";
import "../thumbnail/thumbnail.ts";
import type { ThumbnailSource } from "../thumbnail/thumbnail.ts";
import { drawHeatMap, legendGradient } from "./draw.ts";
import { heatMapStyles } from "./heat-map.styles.ts";
import { agreementSentence, methodWord, occlusionSentence, placeSentence, sideWord } from "./words.ts";

/** Enough to see the colours, little enough to see the picture under them. */
const usualStrength = 0.6;

/**
 * A picture, and on demand where in it the model finds what it judges by: as colours over it, and in words. The key H asks for it, hides it and shows
 * it again.
 */
@customElement("tamis-heat-map")
export class HeatMapElement extends TamisElement {
  static override styles = [foundation, controls, heatMapStyles];

  /** The picture; another key is another picture, and what is known of the one before is forgotten. */
  @property({ attribute: false }) source: ThumbnailSource | null = null;
  @property() alt = "";
  /** Null where there is nothing to explain. */
  @property({ attribute: false }) explain: Explain | null = null;

  @state() private maps: Partial<Record<ExplanationMethod, HeatMap>> = {};
  @state() private explanation: Explanation | null = null;
  @state() private failure: Failure | null = null;
  @state() private progress: Progress | null = null;
  @state() private working: "preparing" | "explaining" | null = null;
  @state() private isShown = false;
  @state() private strength = usualStrength;
  @state() private method: ExplanationMethod | null = null;
  @state() private side: EvidenceSide | null = null;
  @query("#toggle") private toggleButton!: HTMLButtonElement | null;
  @query("canvas") private canvas!: HTMLCanvasElement | null;

  #stopping: AbortController | null = null;
  #begin = 0;
  #hadFocus = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.#pressed);
    this.#reset();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("source");
    if (changed.has("source") && before?.key !== this.source?.key) this.#reset();
    this.#hadFocus = this.shadowRoot?.activeElement !== null;
  }

  #reset(): void {
    this.#stopping?.abort();
    this.#stopping = null;
    this.maps = {};
    this.explanation = null;
    this.failure = null;
    this.progress = null;
    this.working = null;
    this.isShown = false;
    this.method = null;
    this.side = null;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== "h" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = event.composedPath()[0];
    if (target instanceof Element && target.closest("input:not([type=range]), select, textarea")) return;
    // In a dialog that is closed it is there, and not seen.
    if (!this.explain || !this.checkVisibility()) return;
    event.preventDefault();
    this.#toggle();
  };

  #toggle(): void {
    if (Object.keys(this.maps).length > 0) this.isShown = !this.isShown;
    else if (!this.working) void this.#ask();
  }

  async #ask(): Promise<void> {
    const { explain } = this;
    if (!explain) return;
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.working = "explaining";
    this.failure = null;
    this.progress = null;
    this.#begin = performance.now();
    try {
      const outcome = await explain((step) => {
        if (this.#stopping === stopping) this.#take(step);
      }, stopping.signal);
      if (this.#stopping !== stopping) return;
      if (!outcome.ok) {
        this.failure = outcome;
        return;
      }
      this.explanation = outcome.value;
      this.#show(outcome.value.occlusion, outcome.value.probability);
    } catch (error) {
      if (this.#stopping === stopping) this.failure = failureOf(error);
    } finally {
      if (this.#stopping === stopping) {
        this.working = null;
        this.#stopping = null;
      }
    }
  }

  #take(step: ExplanationStep): void {
    if (step.type === "preparing") {
      this.working = "preparing";
      this.progress = step.progress;
      return;
    }
    this.working = "explaining";
    if (step.type === "grad-cam") {
      this.progress = null;
      this.#begin = performance.now();
      if (step.map) this.#show(step.map, step.probability);
      return;
    }
    const { done, total } = step;
    const seconds = (performance.now() - this.#begin) / 1000;
    const secondsLeft = seconds < 1 ? null : (seconds / done) * (total - done);
    this.progress = { done, total, rate: null, secondsLeft };
  }

  /** The first map that comes is shown, with what speaks for the verdict. */
  #show(map: HeatMap, probability: number): void {
    this.maps = { ...this.maps, [map.method]: map };
    if (this.method) return;
    this.method = map.method;
    this.side = probability >= 0.5 ? "photo" : "not-photo";
    this.isShown = true;
  }

  protected override updated(): void {
    const map = this.#shownMap();
    if (this.canvas && map && this.side) drawHeatMap(this.canvas, map, this.side);
    // A control that is gone takes the focus with it, and keys would no longer reach what is around.
    if (this.#hadFocus && !this.shadowRoot!.activeElement) this.toggleButton?.focus();
  }

  #shownMap(): HeatMap | null {
    return (this.method && this.maps[this.method]) ?? null;
  }

  #renderChoice<T extends string>(
    label: string,
    choices: readonly T[],
    chosen: T | null,
    word: (choice: T) => string,
    choose: (choice: T) => void,
  ) {
    return html`<div class="group" role="group" aria-label=${label}>
      ${choices.map(
        (choice) =>
          html`<button
            type="button"
            aria-pressed=${choice === chosen ? "true" : "false"}
            @click=${() => choose(choice)}
          >
            ${word(choice)}
          </button>`,
      )}
    </div>`;
  }

  #renderControls(map: HeatMap, side: EvidenceSide) {
    const methods = explanationMethods.filter((method) => this.maps[method]);
    return html`${this.#renderChoice(msg("What speaks"), evidenceSides, side, sideWord, (choice) => (this.side = choice))}
      ${
        methods.length > 1
          ? this.#renderChoice(msg("Method"), methods, map.method, methodWord, (choice) => (this.method = choice))
          : html`<span class="small soft">${methodWord(map.method)}</span>`
      }
      <label>
        ${msg("Strength")}
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          .value=${String(this.strength)}
          @keydown=${(event: KeyboardEvent) => {
            // Around it they turn to the next picture.
            if (event.key.startsWith("Arrow")) event.stopPropagation();
          }}
          @input=${(event: Event) => (this.strength = Number((event.target as HTMLInputElement).value))}
        />
      </label>`;
  }

  #renderLegend(map: HeatMap, side: EvidenceSide) {
    const points = formatFixed(100 * mostEvidence(map, side).either, 1);
    return html`<div class="legend">
      <span>${msg("nothing")}</span>
      <span class="bar" style=${styleMap({ background: legendGradient })}></span>
      <span class="number"
        >${map.method === "occlusion" ? msg(str`the most of both sides (${points} points)`) : msg("the most of both sides")}</span
      >
    </div>`;
  }

  #renderWords(map: HeatMap | null, side: EvidenceSide | null) {
    const { explanation } = this;
    const seconds = explanation ? formatNumber(explanation.seconds.gradCam + explanation.seconds.occlusion, 1) : "";
    const isUnseen = map?.values.some(Number.isNaN) ?? false;
    return html`<div class="words" role="status">
      ${
        map && side && this.isShown
          ? html`<p>
                ${placeSentence(map, side)} ${map.method === "occlusion" ? occlusionSentence(map, side) : nothing}
              </p>
              ${isUnseen ? html`<p class="small soft">${msg("Grey at the edges: the network does not look there.")}</p>` : nothing}
              ${
                explanation
                  ? html`<p class="small soft">
                      ${agreementSentence(explanation)} ${msg(str`Computed in ${seconds}\u00a0s.`)}
                    </p>`
                  : nothing
              }`
          : nothing
      }
    </div>`;
  }

  protected override render() {
    const map = this.#shownMap();
    const { side, isShown, working } = this;
    const isOver = map !== null && side !== null && isShown;
    return html`<div class="stage">
        <tamis-thumbnail .alt=${this.alt} .source=${this.source}></tamis-thumbnail>
        ${
          isOver
            ? html`<canvas aria-hidden="true" style=${styleMap({ opacity: String(this.strength) })}></canvas>`
            : nothing
        }
      </div>
      ${
        this.explain
          ? html`<div class="controls">
              <button
                id="toggle"
                type="button"
                aria-pressed=${map ? (isShown ? "true" : "false") : nothing}
                aria-keyshortcuts="H"
                aria-disabled=${working !== null && map === null ? "true" : nothing}
                @click=${() => this.#toggle()}
              >
                ${icon("watch")}${map ? msg("Heat map") : msg("Why?")}<kbd aria-hidden="true">H</kbd>
              </button>
              ${isOver ? this.#renderControls(map, side) : nothing}
              ${
                map && !this.explanation && !working
                  ? html`<button type="button" @click=${() => void this.#ask()}>${msg("Check by covering")}</button>`
                  : nothing
              }
            </div>`
          : nothing
      }
      ${
        working
          ? html`<tamis-progress-line
              .label=${working === "preparing" ? msg("Preparing the images") : msg("Covering part after part")}
              .progress=${this.progress}
              cancellable
              @tamis-cancel=${() => this.#stopping?.abort()}
            ></tamis-progress-line>`
          : nothing
      }
      ${isOver ? this.#renderLegend(map, side) : nothing}
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${this.#renderWords(map, side)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-heat-map": HeatMapElement;
  }
}
