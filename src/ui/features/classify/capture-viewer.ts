import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Capture, type Decision, effectiveVerdict, fileNameOf } from "../../../domain/capture/capture.ts";
import { classificationContext, explanationContext, modelContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import type { Dialog } from "../../elements/dialog/dialog.ts";
import "../../elements/dialog/dialog.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/heat-map/heat-map.ts";
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
      tamis-dialog {
        --dialog-width: 64rem;
      }
      .body {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 15rem;
        gap: var(--space-5);
      }
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
      .turn {
        margin-inline-end: auto;
      }
      @media (max-width: 900px) {
        .body {
          grid-template-columns: minmax(0, 1fr);
        }
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
  @query("tamis-dialog") private dialog!: Dialog;

  /** Opens it at a capture. */
  async show(id: string): Promise<void> {
    this.captureId = id;
    await this.updateComplete;
    await this.dialog.show();
  }

  #turn(step: number): void {
    const index = this.captures.findIndex((capture) => capture.id === this.captureId);
    const next = this.captures[index + step];
    if (next) this.captureId = next.id;
  }

  #pressed(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    if (key === "arrowleft") this.#turn(-1);
    else if (key === "arrowright") this.#turn(1);
    else if (key === "p") this.#decide("photo");
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

  #remove(capture: Capture): void {
    const index = this.captures.indexOf(capture);
    const next = this.captures[index + 1] ?? this.captures[index - 1];
    if (next) this.captureId = next.id;
    else this.dialog.close();
    this.dispatchEvent(new CustomEvent<Capture>("tamis-remove", { detail: capture }));
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
    const place = formatNumber(index + 1);
    const count = formatNumber(this.captures.length);
    return html`<tamis-dialog .heading=${capture ? fileNameOf(capture) : ""} @keydown=${this.#pressed}>
      ${
        capture
          ? html`<div class="body">
                <tamis-heat-map
                  .alt=${fileNameOf(capture)}
                  .source=${{
                    key: capture.id,
                    load: () => this.classification.picture(capture),
                  }}
                  .explain=${capture.probability === null ? null : this.explanations.ofCapture(capture)}
                ></tamis-heat-map>
                ${this.#renderFacts(capture)}
              </div>
              <div slot="actions" class="actions turn">
                <button
                  type="button"
                  class="icon-only"
                  aria-label=${msg("Previous")}
                  ?disabled=${index === 0}
                  @click=${() => this.#turn(-1)}
                >
                  ${icon("back")}
                </button>
                <button
                  type="button"
                  class="icon-only"
                  aria-label=${msg("Next")}
                  ?disabled=${index === this.captures.length - 1}
                  @click=${() => this.#turn(1)}
                >
                  ${icon("forward")}
                </button>
                <span class="soft number" role="status">${msg(str`${place} of ${count}`)}</span>
              </div>
              <button slot="actions" type="button" class="danger" @click=${() => this.#remove(capture)}>
                ${icon("remove")}${msg("Remove")}
              </button>`
          : nothing
      }
    </tamis-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-capture-viewer": CaptureViewer;
  }
}
