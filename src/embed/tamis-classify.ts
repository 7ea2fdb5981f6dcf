import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { OpenedModel, PageVerdict } from "../contract/embed.ts";
import { failed, type Failure, type Outcome } from "../contract/outcome.ts";
import { TamisClassifier } from "./classifier.ts";
import { textsFor } from "./texts.ts";

export interface VerdictDetail {
  readonly file: File;
  readonly pages: readonly PageVerdict[];
}

export interface FailureDetail {
  /** Null where the model could not be opened. */
  readonly file: File | null;
  readonly failure: Failure;
}

interface Shown {
  readonly name: string;
  readonly outcome: Outcome<readonly PageVerdict[]>;
}

/** As many of the last files as are shown; a page that wants all of them listens. */
const mostShown = 20;

/**
 * Classifies images that a visitor chooses or drops, with a model that Tamis exported.
 * @fires tamis-ready - the model is open; detail: an OpenedModel
 * @fires tamis-verdict - a file was classified; detail: a VerdictDetail
 * @fires tamis-failure - the model or a file could not be read; detail: a FailureDetail
 * @csspart zone - where files are dropped
 * @csspart results - the list of verdicts
 */
@customElement("tamis-classify")
export class TamisClassify extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font: inherit;
      --tamis-accent: light-dark(#0f5c70, #7cc4d8);
      --tamis-line: light-dark(#8a867c, #8d8a83);
      --tamis-photo: light-dark(#17693b, #7fd3a0);
      --tamis-review: light-dark(#8a4a06, #f0b25f);
      --tamis-danger: light-dark(#a8231c, #ff9d94);
    }
    :host([hidden]) {
      display: none;
    }
    .zone {
      padding: 1.5rem;
      border: 2px dashed var(--tamis-line);
      border-radius: 10px;
      text-align: center;
    }
    .zone.over {
      border-style: solid;
      border-color: var(--tamis-accent);
    }
    input {
      position: absolute;
      width: 1px;
      height: 1px;
      opacity: 0;
    }
    label {
      display: inline-block;
      padding: 0.6rem 1rem;
      border: 1px solid currentColor;
      border-radius: 6px;
      color: var(--tamis-accent);
      font-weight: 600;
      cursor: pointer;
    }
    input:focus-visible + label {
      outline: 3px solid var(--tamis-accent);
      outline-offset: 2px;
    }
    input:disabled + label {
      opacity: 0.5;
      cursor: default;
    }
    p {
      margin: 0.75rem 0 0;
    }
    ul {
      margin: 0.75rem 0 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 0.25rem 1rem;
      justify-content: space-between;
      padding: 0.4rem 0;
      overflow-wrap: anywhere;
    }
    .photo {
      color: var(--tamis-photo);
      font-weight: 600;
    }
    .to-review {
      color: var(--tamis-review);
      font-weight: 600;
    }
    .failure {
      color: var(--tamis-danger);
    }
  `;

  /** Address of the model. */
  @property() model = "";
  @state() private opened: OpenedModel | null = null;
  @state() private working = "";
  @state() private failure: Failure | null = null;
  @state() private shown: readonly Shown[] = [];
  @state() private over = false;
  readonly #classifier = new TamisClassifier();
  #opening: Promise<Outcome<OpenedModel>> | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#classifier.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("model") && this.model !== "") void this.open(this.model);
  }

  /** Opens a model, by address or as a file; an attribute `model` does so by itself. */
  open(model: string | File): Promise<Outcome<OpenedModel>> {
    this.opened = null;
    this.failure = null;
    const opening = this.#open(model);
    this.#opening = opening;
    return opening;
  }

  /** The verdicts on a file, which are shown and told as events too. */
  async classify(file: File): Promise<Outcome<readonly PageVerdict[]>> {
    const opened = (await this.#opening) ?? failed("not-found", "There is no model.", "Name one in `model`.");
    this.working = file.name;
    const outcome = opened.ok ? await this.#classifier.classify(file) : opened;
    this.working = "";
    this.shown = [{ name: file.name, outcome }, ...this.shown].slice(0, mostShown);
    if (outcome.ok) this.#tell("tamis-verdict", { file, pages: outcome.value });
    else this.#tell("tamis-failure", { file, failure: outcome });
    return outcome;
  }

  async #open(model: string | File): Promise<Outcome<OpenedModel>> {
    const outcome = await this.#classifier.open(model);
    if (outcome.ok) {
      this.opened = outcome.value;
      this.#tell("tamis-ready", outcome.value);
    } else {
      this.failure = outcome;
      this.#tell("tamis-failure", { file: null, failure: outcome });
    }
    return outcome;
  }

  #tell(name: string, detail: OpenedModel | VerdictDetail | FailureDetail): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  async #take(files: readonly File[]): Promise<void> {
    for (const file of files) await this.classify(file);
  }

  #chosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    void this.#take(files);
  }

  #dropped(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    if (this.opened) void this.#take([...(event.dataTransfer?.files ?? [])]);
  }

  #hovered(event: DragEvent): void {
    event.preventDefault();
    this.over = this.opened !== null;
  }

  #renderShown({ name, outcome }: Shown) {
    const texts = this.#texts;
    if (!outcome.ok) {
      const [reason = ""] = outcome.message.split(":");
      const why = texts.reasons[reason] ?? html`<span lang="en">${outcome.message}</span>`;
      return html`<li class="failure">${texts.failed(name)} ${why}</li>`;
    }
    const percent = new Intl.NumberFormat(this.#language, { style: "percent" });
    return outcome.value.map(
      ({ page, probability, verdict }) =>
        html`<li>
          <span>${name}${outcome.value.length > 1 ? `, ${texts.page(page + 1)}` : nothing}</span>
          <span class=${verdict}>${texts.verdicts[verdict]} (${percent.format(probability)})</span>
        </li>`,
    );
  }

  get #language(): string {
    return this.closest("[lang]")?.getAttribute("lang") ?? "en";
  }

  get #texts() {
    return textsFor(this.#language);
  }

  protected override render() {
    const texts = this.#texts;
    const state = this.working ? texts.classifying(this.working) : this.opened || this.failure ? "" : texts.loading;
    return html`<div
        class="zone ${this.over ? "over" : ""}"
        part="zone"
        @dragover=${this.#hovered}
        @dragleave=${() => (this.over = false)}
        @drop=${this.#dropped}
      >
        <input
          id="files"
          type="file"
          multiple
          accept="image/*,.pdf,.tif,.tiff,.heic"
          ?disabled=${!this.opened}
          @change=${this.#chosen}
        /><label for="files">${texts.choose}</label>
        <p>${texts.drop}</p>
      </div>
      ${this.failure ? html`<p class="failure" role="alert">${this.failure.message} ${this.failure.remedy}</p>` : nothing}
      <p role="status">${this.model === "" ? nothing : state}</p>
      <ul part="results" role="list" aria-live="polite">
        ${this.shown.map((shown) => this.#renderShown(shown))}
      </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-classify": TamisClassify;
  }
}
