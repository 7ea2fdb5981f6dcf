import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Capture, type Decision, effectiveVerdict, fileNameOf } from "../../../domain/capture/capture.ts";
import { classificationContext, explanationContext, modelContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/heat-map/heat-map.ts";
import type { ImageViewer } from "../../elements/image-viewer/image-viewer.ts";
import "../../elements/image-viewer/image-viewer.ts";
import "../../elements/verdict-badge/verdict-badge.ts";
import type { ClassificationService } from "../../services/classification-service.ts";
import type { ExplanationService } from "../../services/explanation-service.ts";
import type { ModelService } from "../../services/model-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatDateTime, formatNumber, formatShare } from "../../text/format.ts";
import { findingRemedy, findingWord, verdictWord } from "../../text/words.ts";

/**
 * One capture large, with what is known of it. Arrow keys go to the one before and after.
 * @fires tamis-remove - detail: the capture to take off the list
 */
@customElement("tamis-capture-viewer")
export class CaptureViewer extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      tamis-heat-map {
        --heat-map-height: min(58dvh, 40rem);
      }
      aside {
        display: grid;
        gap: var(--space-4);
        align-content: start;
      }
      dl.facts {
        grid-template-columns: 1fr;
        gap: var(--space-3);
      }
      .decision {
        display: grid;
        gap: var(--space-2);
      }
      .decision button {
        justify-content: start;
      }
      .decision button[aria-pressed="true"] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--ink);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      kbd {
        margin-inline-start: auto;
        font: inherit;
        font-size: var(--text-small);
        color: var(--ink-soft);
      }
      @media (max-width: 900px) {
        tamis-heat-map {
          --heat-map-height: 45dvh;
        }
        dl.facts {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];

  @consume({ context: classificationContext }) private classification!: ClassificationService;
  @consume({ context: modelContext }) private models!: ModelService;
  @consume({ context: explanationContext }) private explanations!: ExplanationService;

  /** What can be leafed through, in the order shown. */
  @property({ attribute: false }) captures: readonly Capture[] = [];
  @state() private captureId: string | null = null;
  @query("tamis-image-viewer") private viewer!: ImageViewer;

  /** Opens it at a capture. */
  async show(id: string): Promise<void> {
    this.captureId = id;
    await this.updateComplete;
    await this.viewer.show();
  }

  /** A capture that leaves the list, since it was removed or a decision took it out of what is shown, makes room for the one that takes its place. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("captures")?.findIndex(({ id }) => id === this.captureId) ?? -1;
    if (before < 0 || this.captures.some(({ id }) => id === this.captureId)) return;
    this.captureId = (this.captures[before] ?? this.captures.at(-1))?.id ?? null;
  }

  #turn(step: number): void {
    const index = this.captures.findIndex((capture) => capture.id === this.captureId);
    const next = this.captures[index + step];
    if (next) this.captureId = next.id;
  }

  #pressed(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    if (key === "p") this.#decide("photo");
    else if (key === "n") this.#decide("not-photo");
    else return;
    event.preventDefault();
  }

  /** The same verdict again takes the decision back. */
  #decide(verdict: Decision["verdict"]): void {
    const capture = this.captures.find(({ id }) => id === this.captureId);
    if (!capture?.verdict) return;
    void this.classification.decide([capture], capture.decision?.verdict === verdict ? null : verdict);
  }

  #renderFacts(capture: Capture) {
    const model = this.stores.read(this.models.models).find((candidate) => candidate.id === capture.modelId);
    const page = formatNumber(capture.page + 1);
    return html`<aside>
      <div><tamis-verdict-badge .verdict=${effectiveVerdict(capture)}></tamis-verdict-badge></div>
      ${capture.verdict === null ? nothing : this.#renderDecision(capture)}
      ${
        capture.error
          ? html`<div>
              <p>${findingWord(capture.error.reason)} ${findingRemedy(capture.error.reason)}</p>
              <p class="small soft" lang="en">${capture.error.detail}</p>
            </div>`
          : nothing
      }
      <dl class="facts">
        ${
          capture.decision && capture.verdict
            ? html`<div>
                <dt>${msg("The model’s verdict")}</dt>
                <dd>${verdictWord(capture.verdict)}</dd>
              </div>`
            : nothing
        }
        ${
          capture.probability === null
            ? nothing
            : html`<div>
                <dt>${msg("Probability of a photo")}</dt>
                <dd>${formatShare(capture.probability, 2)}</dd>
              </div>`
        }
        <div>
          <dt>${msg("File")}</dt>
          <dd>${capture.file}${capture.page > 0 ? msg(str`, page ${page}`) : nothing}</dd>
        </div>
        <div>
          <dt>${msg("Classified")}</dt>
          <dd>${formatDateTime(capture.createdAt)}</dd>
        </div>
        <div>
          <dt>${msg("Model")}</dt>
          <dd>${model?.metadata.name ?? msg("deleted since")}</dd>
        </div>
      </dl>
    </aside>`;
  }

  #renderDecision(capture: Capture) {
    const choice = (verdict: Decision["verdict"], key: string) =>
      html`<button
        type="button"
        aria-pressed=${capture.decision?.verdict === verdict}
        aria-keyshortcuts=${key}
        @click=${() => this.#decide(verdict)}
      >
        ${icon(verdict)}${verdictWord(verdict)}<kbd aria-hidden="true">${key}</kbd>
      </button>`;
    return html`<div class="decision" role="group" aria-label=${msg("Your decision")}>
      <p class="small soft">${msg("Your decision")}</p>
      ${choice("photo", "P")}${choice("not-photo", "N")}
    </div>`;
  }

  protected override render() {
    const index = this.captures.findIndex((capture) => capture.id === this.captureId);
    const capture = this.captures[index];
    if (!capture) return nothing;
    return html`<tamis-image-viewer
      .heading=${fileNameOf(capture)}
      .index=${index}
      .count=${this.captures.length}
      @keydown=${this.#pressed}
      @tamis-turn=${({ detail }: CustomEvent<number>) => this.#turn(detail)}
    >
      <tamis-heat-map
        slot="picture"
        .alt=${fileNameOf(capture)}
        .source=${{
          key: capture.id,
          load: () => this.classification.picture(capture),
        }}
        .explain=${capture.probability === null ? null : this.explanations.ofCapture(capture)}
      ></tamis-heat-map>
      ${this.#renderFacts(capture)}
      <button
        slot="actions"
        type="button"
        class="danger"
        @click=${() => this.dispatchEvent(new CustomEvent<Capture>("tamis-remove", { detail: capture }))}
      >
        ${icon("remove")}${msg("Remove")}
      </button>
    </tamis-image-viewer>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-capture-viewer": CaptureViewer;
  }
}
