import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type Capture, type Decision, fileNameOf } from "../../../domain/capture/capture.ts";
import { isToReview, reviewQueue, type ReviewKind } from "../../../domain/capture/review.ts";
import { classificationContext, explanationContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/empty-state/empty-state.ts";
import "../../elements/heat-map/heat-map.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/thumbnail/thumbnail.ts";
import "../../elements/verdict-badge/verdict-badge.ts";
import type { LabellingDialog } from "../labelling/labelling-dialog.ts";
import { hrefOf } from "../../routes.ts";
import type { ClassificationService } from "../../services/classification-service.ts";
import type { ExplanationService } from "../../services/explanation-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { batchTitle } from "../../text/batches.ts";
import { formatNumber, formatShare } from "../../text/format.ts";
import { verdictWord } from "../../text/words.ts";
import { reviewScreenStyles } from "./review-screen.styles.ts";

/** What can be taken back. */
interface Step {
  readonly captureId: string;
  readonly undo: (() => Promise<void>) | null;
}

/**
 * The doubtful captures of the open batch, one after the other, large, for a quick yes or no: by key, by finger, by mouse. Or a sample of the sure
 * ones, to see whether the model deserves its confidence.
 */
@customElement("tamis-review-screen")
export class ReviewScreen extends TamisElement {
  static override styles = [foundation, controls, layout, reviewScreenStyles];

  @consume({ context: classificationContext }) private classification!: ClassificationService;
  @consume({ context: explanationContext }) private explanations!: ExplanationService;

  @state() private kind: ReviewKind = "doubtful";
  /** Of this visit: what was shown and left undecided comes last. */
  @state() private skipped: ReadonlySet<string> = new Set();
  /** Ids of a sample, drawn when it is asked for. */
  @state() private sample: ReadonlySet<string> = new Set();
  @state() private said = "";
  @state() private decided = 0;
  @query("tamis-labelling-dialog") private labellingDialog!: LabellingDialog;
  @query(".stage") private stage!: HTMLElement | null;

  readonly #steps: Step[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.#pressed);
  }

  #queue(): Capture[] {
    const captures = this.stores.read(this.classification.captures);
    return reviewQueue(captures, this.kind, this.skipped, this.sample);
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = event.composedPath()[0];
    if (target instanceof Element && target.closest("input, select, textarea, dialog")) return;
    const key = event.key.toLowerCase();
    if (key === "p" || key === "arrowright") this.#decide("photo");
    else if (key === "n" || key === "arrowleft") this.#decide("not-photo");
    else if (key === "s" || key === "arrowdown") this.#skip();
    else if (key === "u" || key === "backspace") void this.#undo();
    else return;
    event.preventDefault();
  };

  #decide(verdict: Decision["verdict"]): void {
    const [capture] = this.#queue();
    if (!capture) return;
    const name = fileNameOf(capture);
    const word = verdictWord(verdict);
    this.said = msg(str`${name}: ${word}`);
    this.decided += 1;
    const step: { captureId: string; undo: (() => Promise<void>) | null } = { captureId: capture.id, undo: null };
    this.#steps.push(step);
    void this.classification.decide([capture], verdict).then((undo) => {
      step.undo = undo;
    });
  }

  #skip(): void {
    const [capture] = this.#queue();
    if (!capture) return;
    const name = fileNameOf(capture);
    this.said = msg(str`${name}: skipped`);
    this.#steps.push({ captureId: capture.id, undo: null });
    this.skipped = new Set([...this.skipped, capture.id]);
  }

  async #undo(): Promise<void> {
    const step = this.#steps.pop();
    if (!step) return;
    this.said = msg("Taken back.");
    if (step.undo) {
      this.decided -= 1;
      await step.undo();
    }
    const skipped = new Set(this.skipped);
    skipped.delete(step.captureId);
    this.skipped = skipped;
  }

  /** The sure ones, a few of both kinds. */
  #spotCheck(): void {
    const captures = this.classification.captures.value;
    const sure = captures.filter((capture) => !isToReview(capture) && capture.verdict !== null && !capture.decision);
    const shuffled = sure.map((capture) => ({ capture, at: Math.random() })).sort((a, b) => a.at - b.at);
    this.sample = new Set(shuffled.slice(0, sampleSize).map(({ capture }) => capture.id));
    this.kind = "sample";
  }

  async #label(): Promise<void> {
    await import("../labelling/labelling-dialog.ts");
    await this.labellingDialog.show();
  }

  #renderEnd(captures: readonly Capture[]) {
    const skipped = captures.filter((capture) => this.skipped.has(capture.id) && isToReview(capture)).length;
    const decided = formatNumber(this.decided);
    return html`<div class="card">
      <tamis-empty-state symbol="check" .heading=${this.decided > 0 ? msg("All looked at") : msg("Nothing to review")}>
        ${
          this.decided > 0
            ? msg(str`You decided ${decided}.`)
            : captures.length > 0
              ? msg("The model is sure of every image of this batch.")
              : msg("There is no batch yet.")
        }
        ${
          captures.length > 0
            ? html`<button slot="actions" type="button" @click=${() => this.#spotCheck()}>
                ${icon("search")}${msg("Check a sample of the sure ones")}
              </button>`
            : nothing
        }
        ${
          skipped > 0
            ? html`<button slot="actions" type="button" @click=${() => (this.skipped = new Set())}>
                ${msg("Look at the skipped ones")}
              </button>`
            : nothing
        }
        ${
          captures.some(({ decision }) => decision !== null)
            ? html`<button slot="actions" type="button" @click=${() => void this.#label()}>
                ${icon("data")}${msg("Add to a dataset")}
              </button>`
            : nothing
        }
        <a slot="actions" class="button primary" href=${hrefOf("classify")}>${msg("Back to the batch")}</a>
      </tamis-empty-state>
      <tamis-labelling-dialog .captures=${captures}></tamis-labelling-dialog>
    </div>`;
  }

  #renderCapture(capture: Capture, next: Capture | undefined, left: number) {
    const page = formatNumber(capture.page + 1);
    const share = formatShare(capture.probability ?? 0, 1);
    const count = formatNumber(left);
    return html`<div class="stage" tabindex="-1">
        <tamis-heat-map
          .alt=${fileNameOf(capture)}
          .source=${{ key: capture.id, load: () => this.classification.picture(capture) }}
          .explain=${this.explanations.ofCapture(capture)}
        ></tamis-heat-map>
        ${
          // The next picture is there before it is asked for.
          next
            ? html`<tamis-thumbnail
                class="ahead"
                aria-hidden="true"
                .source=${{ key: next.id, load: () => this.classification.picture(next) }}
              ></tamis-thumbnail>`
            : nothing
        }
      </div>
      <div class="facts">
        <p class="name">${capture.file}${capture.page > 0 ? msg(str`, page ${page}`) : nothing}</p>
        <p class="soft number">${msg(str`${share} photo`)} · ${msg(str`${count} left`)}</p>
      </div>
      <div class="choices">
        <button
          type="button"
          class="choice not-photo"
          aria-keyshortcuts="N ArrowLeft"
          @click=${() => this.#decide("not-photo")}
        >
          ${icon("not-photo")}<span>${verdictWord("not-photo")}</span><kbd aria-hidden="true">N</kbd>
        </button>
        <button type="button" class="choice skip" aria-keyshortcuts="S ArrowDown" @click=${() => this.#skip()}>
          ${icon("forward")}<span>${msg("Skip")}</span><kbd aria-hidden="true">S</kbd>
        </button>
        <button
          type="button"
          class="choice photo"
          aria-keyshortcuts="P ArrowRight"
          @click=${() => this.#decide("photo")}
        >
          ${icon("photo")}<span>${verdictWord("photo")}</span><kbd aria-hidden="true">P</kbd>
        </button>
      </div>`;
  }

  protected override render() {
    const batch = this.stores.read(this.classification.openBatch);
    const captures = this.stores.read(this.classification.captures);
    const queue = this.#queue();
    const [capture, next] = queue;
    return html`<div class="stack tight">
      <div class="head">
        <div>
          <h1>${this.kind === "sample" ? msg("Spot check") : msg("Review")}</h1>
          ${batch ? html`<p class="lead">${batchTitle(batch)}</p>` : nothing}
        </div>
        <div class="actions">
          <button
            type="button"
            aria-keyshortcuts="U Backspace"
            ?disabled=${this.#steps.length === 0}
            @click=${() => void this.#undo()}
          >
            ${icon("undo")}${msg("Undo")}<kbd aria-hidden="true">U</kbd>
          </button>
          <a class="button" href=${hrefOf("classify")}>${icon("close")}${msg("Close")}</a>
        </div>
      </div>
      <p class="visually-hidden" role="status">${this.said}</p>
      ${capture ? this.#renderCapture(capture, next, queue.length) : this.#renderEnd(captures)}
    </div>`;
  }

  protected override updated(): void {
    // A button that is gone takes the focus with it, and the keys would go nowhere.
    if (document.activeElement === document.body) this.stage?.focus({ preventScroll: true });
  }
}

/** Enough to notice a model that is wrong one time in ten, few enough for a coffee break. */
const sampleSize = 20;

declare global {
  interface HTMLElementTagNameMap {
    "tamis-review-screen": ReviewScreen;
  }
}
