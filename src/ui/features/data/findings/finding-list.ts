import { msg } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { FindingDecision } from "../../../../domain/vetting/decisions.ts";
import type { ImageFinding, ImageFindingKind } from "../../../../domain/vetting/image-findings.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import "../../../elements/pager/pager.ts";
import { controls, foundation, layout } from "../../../styles/shared.ts";
import "./bulk-decisions.ts";
import "./file-findings.ts";
import type { Decided, FindingCard } from "./finding-card.ts";
import "./finding-card.ts";
import { type FileFindingKind, type FindingKind, type FindingLists, isImageKind, keyOf } from "./kinds.ts";
import { kindReason } from "./words.ts";

/** Cards on a page: with their pictures they are what costs. */
const cardsAtOnce = 12;
const filesAtOnce = 100;

export interface DecidedForAll {
  readonly findings: readonly ImageFinding[];
  readonly decision: FindingDecision;
}

/**
 * The findings of one kind, a page at a time.
 * @fires tamis-decide - detail: Decided
 * @fires tamis-decide-all - detail: DecidedForAll
 */
@customElement("tamis-finding-list")
export class FindingList extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(23rem, 100%), 1fr));
        gap: var(--space-4);
      }
      .lead:focus-visible {
        outline: none;
      }
      .cards li {
        display: grid;
      }
      .cards .wide {
        grid-column: 1 / -1;
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--target);
        width: fit-content;
      }
      input[type="checkbox"] {
        accent-color: var(--accent);
        width: 1.15rem;
        height: 1.15rem;
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) kind: FindingKind = "near-duplicates";
  @property({ attribute: false }) lists: FindingLists | null = null;
  @property({ attribute: false }) classNames: readonly string[] = [];
  @query(".lead") private reason!: HTMLElement | null;
  @state() private page = 0;
  @state() private hidesDecided = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("kind")) this.page = 0;
  }

  /** Which card on the page has the focus; −1 where none has. */
  focusedIndex(): number {
    return this.#cards().findIndex((card) => card.matches(":focus-within"));
  }

  /** Puts the focus on the card at this place, or the last one, where the card that had it is gone or has lost what was pressed. */
  async focusNear(index: number): Promise<void> {
    await this.updateComplete;
    if (index < 0 || this.focusedIndex() >= 0) return;
    const cards = this.#cards();
    const card = cards[Math.min(index, cards.length - 1)];
    await card?.updateComplete;
    if (card) card.focusHeading();
    else this.reason?.focus();
  }

  #cards(): FindingCard[] {
    return [...this.renderRoot.querySelectorAll("tamis-finding-card")];
  }

  /** What was decided may have shortened the list. */
  #pageOf(count: number, atOnce: number): number {
    return Math.max(0, Math.min(this.page, Math.ceil(count / atOnce) - 1));
  }

  #renderPager(count: number, atOnce: number) {
    return html`<tamis-pager
      .page=${this.#pageOf(count, atOnce)}
      .pages=${Math.ceil(count / atOnce)}
      @tamis-page=${(event: CustomEvent<number>) => {
        this.page = event.detail;
        this.scrollIntoView({ block: "start" });
      }}
    ></tamis-pager>`;
  }

  #onPage<T>(items: readonly T[], atOnce: number): readonly T[] {
    const page = this.#pageOf(items.length, atOnce);
    return items.slice(page * atOnce, (page + 1) * atOnce);
  }

  #renderFiles(kind: FileFindingKind, lists: FindingLists) {
    const files = lists.files[kind];
    return html`<tamis-file-findings .files=${this.#onPage(files, filesAtOnce)}></tamis-file-findings>
      ${this.#renderPager(files.length, filesAtOnce)}`;
  }

  #renderCard(finding: ImageFinding) {
    return html`<li class=${finding.images.length > 2 ? "wide" : ""}>
      <tamis-finding-card
        .finding=${finding}
        .classNames=${this.classNames}
        @tamis-decide=${(event: CustomEvent<Decided>) =>
          this.dispatchEvent(new CustomEvent("tamis-decide", { detail: event.detail }))}
      ></tamis-finding-card>
    </li>`;
  }

  #renderImages(kind: ImageFindingKind, lists: FindingLists) {
    const findings = lists.images[kind];
    const undecided = findings.filter(({ isSettled }) => !isSettled);
    const wanted = this.hidesDecided ? undecided : findings;
    return html`<tamis-bulk-decisions
        .kind=${kind}
        .findings=${undecided}
        .classNames=${this.classNames}
        @tamis-decide-all=${({ detail: decision }: CustomEvent<FindingDecision>) =>
          this.dispatchEvent(
            new CustomEvent<DecidedForAll>("tamis-decide-all", { detail: { findings: undecided, decision } }),
          )}
      ></tamis-bulk-decisions>
      ${
        undecided.length < findings.length
          ? html`<label>
              <input
                type="checkbox"
                .checked=${this.hidesDecided}
                @change=${(event: Event) => (this.hidesDecided = (event.target as HTMLInputElement).checked)}
              />
              ${msg("Only what is undecided")}
            </label>`
          : nothing
      }
      ${wanted.length === 0 ? html`<p class="soft">${msg("Everything here is decided.")}</p>` : nothing}
      <ul class="cards" role="list">
        ${repeat(this.#onPage(wanted, cardsAtOnce), keyOf, (finding) => this.#renderCard(finding))}
      </ul>
      ${this.#renderPager(wanted.length, cardsAtOnce)}`;
  }

  protected override render() {
    const { kind, lists } = this;
    if (!lists) return nothing;
    return html`<div class="stack tight">
      <p class="lead" tabindex="-1">${kindReason(kind)}</p>
      ${isImageKind(kind) ? this.#renderImages(kind, lists) : this.#renderFiles(kind, lists)}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-finding-list": FindingList;
  }
}
