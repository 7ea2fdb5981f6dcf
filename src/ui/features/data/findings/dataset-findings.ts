import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Failure } from "../../../../contract/outcome.ts";
import type { Dataset, Finding } from "../../../../domain/dataset/dataset.ts";
import { safeFileName } from "../../../../domain/text/file-name.ts";
import { choiceEffects } from "../../../../domain/vetting/choice-effects.ts";
import { type Choices, choicesOf } from "../../../../domain/vetting/decisions.ts";
import { imageFindings } from "../../../../domain/vetting/image-findings.ts";
import { datasetContext, vettingContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import "../../../elements/failure-note/failure-note.ts";
import { icon } from "../../../elements/icon/icon.ts";
import "../../../elements/progress-line/progress-line.ts";
import { notify } from "../../../elements/toast/notify.ts";
import { saveFile } from "../../../files/save.ts";
import type { DatasetService } from "../../../services/dataset-service.ts";
import type { DatasetVetting, VettingService } from "../../../services/vetting-service.ts";
import { filterButtons } from "../../../styles/filter-buttons.ts";
import { controls, foundation, layout } from "../../../styles/shared.ts";
import { formatImages, formatNumber } from "../../../text/format.ts";
import "./choice-effects.ts";
import { datasetFindingsStyles } from "./dataset-findings.styles.ts";
import type { Decided } from "./finding-card.ts";
import type { DecidedForAll, FindingList } from "./finding-list.ts";
import "./finding-list.ts";
import { findingsCsv } from "./findings-csv.ts";
import { countOf, type FindingKind, findingKinds, type FindingLists, isImageKind, listsOf } from "./kinds.ts";
import { kindWord } from "./words.ts";

/** What vetting found in a dataset, by kind, and what a person decides about it. */
@customElement("tamis-dataset-findings")
export class DatasetFindings extends TamisElement {
  static override styles = [foundation, controls, layout, filterButtons, datasetFindingsStyles];

  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @consume({ context: vettingContext }) private vetting!: VettingService;

  @property({ attribute: false }) shown: Dataset | null = null;
  /** Null until something was read. */
  @state() private known: DatasetVetting | null = null;
  @state() private lists: FindingLists | null = null;
  /** The kind that was chosen; null for the first that there is. */
  @state() private chosen: FindingKind | null = null;
  @state() private failure: Failure | null = null;
  @query("tamis-finding-list") private list!: FindingList | null;

  #files: readonly Finding[] = [];
  #wasSearching = false;
  /** Where the focus belongs once a decision is shown: the place of a card on its page; −1 for where it is. */
  #focusAfter = -1;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("shown") && changed.get("shown")?.id !== this.shown?.id) {
      this.known = null;
      this.lists = null;
      this.chosen = null;
      this.failure = null;
    }
    const isSearching = this.#search() !== null;
    const hasEnded = this.#wasSearching && !isSearching;
    this.#wasSearching = isSearching;
    // A dataset is another object after every change, choices included.
    if (changed.has("shown") || hasEnded) void this.#read();
  }

  /** The search of this dataset, where one runs in this tab. */
  #search() {
    const search = this.stores.read(this.vetting.searching);
    return search !== null && search.datasetId === this.shown?.id ? search : null;
  }

  async #read(): Promise<void> {
    const id = this.shown?.id;
    if (id === undefined) return;
    const [known, files] = await Promise.all([this.vetting.of(id), this.datasets.findings(id)]);
    if (this.shown?.id !== id) return;
    this.known = known;
    this.#files = files;
    this.lists = listsOf(imageFindings(known.images, known.duplicates), this.#files);
    await this.updateComplete;
    await this.list?.focusNear(this.#focusAfter);
    this.#focusAfter = -1;
  }

  async #choose(choices: Choices): Promise<void> {
    const id = this.shown?.id;
    if (id === undefined || choices.size === 0) return;
    const undo = await this.vetting.choose(id, choices);
    const images = formatImages(choices.size);
    notify({ text: msg(str`Decided: ${images}.`), undo });
  }

  async #decide({ images, decision }: Decided): Promise<void> {
    this.#focusAfter = this.list?.focusedIndex() ?? -1;
    await this.#choose(choicesOf(images, decision));
  }

  async #decideAll({ findings, decision }: DecidedForAll): Promise<void> {
    this.#focusAfter = 0;
    await this.#choose(new Map(findings.flatMap(({ images }) => [...choicesOf(images, decision)])));
  }

  async #searchAgain(): Promise<void> {
    const id = this.shown?.id;
    if (id === undefined) return;
    this.failure = null;
    const outcome = await this.vetting.search(id);
    if (!outcome.ok) this.failure = outcome;
  }

  #save(dataset: Dataset, lists: FindingLists): void {
    const name = `${safeFileName(dataset.name, "tamis")}-${msg("findings")}.csv`;
    saveFile(new File([findingsCsv(lists)], name, { type: "text/csv" }));
  }

  #renderSearch(known: DatasetVetting) {
    const search = this.#search();
    if (search) {
      return html`<div class="card searching">
        <tamis-progress-line
          .label=${msg("Looking for images that show the same")}
          .progress=${search}
          cancellable
          @tamis-cancel=${() => this.vetting.cancelSearch()}
        ></tamis-progress-line>
      </div>`;
    }
    const old = known.images.length - known.colourfulness.size;
    const unsearched = formatImages(known.unsearched);
    return html`${
      known.unsearched > 0
        ? html`<div class="card note">
            <p>
              ${msg(str`Not compared with the others yet: ${unsearched}. Copies among them can end on both sides of a split.`)}
            </p>
            <button type="button" @click=${() => void this.#searchAgain()}>
              ${icon("search")}${msg("Look for duplicates")}
            </button>
          </div>`
        : nothing
    }
    ${old > 0 ? this.#renderOld(old) : nothing}`;
  }

  /** Images that were imported by a version of Tamis that kept nothing to compare them by. */
  #renderOld(count: number) {
    const images = formatImages(count);
    return html`<p class="soft">
      ${msg(str`Imported before Tamis looked for duplicates: ${images}. Import the folder as a new dataset to have them compared.`)}
    </p>`;
  }

  #renderKinds(lists: FindingLists, current: FindingKind) {
    return html`<div class="filters" role="group" aria-label=${msg("Kinds of findings")}>
      ${findingKinds
        .filter((kind) => countOf(lists, kind) > 0)
        .map((kind) => {
          const isOpen = isImageKind(kind) && lists.images[kind].some(({ isSettled }) => !isSettled);
          return html`<button
            type="button"
            class="filter"
            aria-pressed=${kind === current}
            @click=${() => (this.chosen = kind)}
          >
            ${isOpen ? icon("warning") : icon(isImageKind(kind) ? "check" : "info")}${kindWord(kind)}
            <span class="count number">${formatNumber(countOf(lists, kind))}</span>
          </button>`;
        })}
    </div>`;
  }

  #renderTools(dataset: Dataset, lists: FindingLists, isEmpty: boolean) {
    const history = this.stores.read(this.vetting.histories).get(dataset.id);
    const tool = (name: "undo" | "redo", words: string, steps: number, act: () => Promise<void>) =>
      html`<button type="button" class="quiet" ?disabled=${steps === 0} @click=${() => void act()}>
        ${icon(name)}${words}
      </button>`;
    const [undo, redo] = [history?.done.length ?? 0, history?.undone.length ?? 0];
    return html`<div class="actions">
      ${
        undo + redo > 0
          ? html`${tool("undo", msg("Undo"), undo, () => this.vetting.undo(dataset.id))}
            ${tool("redo", msg("Redo"), redo, () => this.vetting.redo(dataset.id))}`
          : nothing
      }
      ${
        isEmpty
          ? nothing
          : html`<button type="button" @click=${() => this.#save(dataset, lists)}>
              ${icon("download")}${msg("Findings as CSV")}
            </button>`
      }
    </div>`;
  }

  #renderNothing(known: DatasetVetting) {
    if (known.unsearched > 0) return nothing;
    return html`<p class="card nothing">
      ${icon("shield")}
      ${msg("Nothing found: every file could be read, no image is too small, and none shows what another one shows, in whatever size, format or orientation.")}
    </p>`;
  }

  protected override render() {
    const { shown: dataset, known, lists } = this;
    if (!dataset || !known || !lists) return nothing;
    const kinds = findingKinds.filter((kind) => countOf(lists, kind) > 0);
    const current = kinds.find((kind) => kind === this.chosen) ?? kinds[0];
    const decided = Object.values(lists.images).flat();
    const settled = decided.filter(({ isSettled }) => isSettled).length;
    const [done, all] = [formatNumber(settled), formatNumber(decided.length)];
    return html`<section class="stack tight" aria-labelledby="findings">
      <div class="head">
        <div>
          <h2 id="findings">${msg("Findings")}</h2>
          <p class="lead">
            ${
              decided.length > 0
                ? msg(
                    str`${done} of ${all} decided. Nothing is left out unless you say so, and everything can be taken back.`,
                  )
                : msg("What is wrong or doubtful about the files.")
            }
          </p>
        </div>
        ${this.#renderTools(dataset, lists, current === undefined)}
      </div>
      ${this.#renderSearch(known)}
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${
        current === undefined
          ? this.#renderNothing(known)
          : html`${this.#renderKinds(lists, current)}
              <tamis-finding-list
                .kind=${current}
                .lists=${lists}
                .classNames=${dataset.classNames}
                @tamis-decide=${(event: CustomEvent<Decided>) => void this.#decide(event.detail)}
                @tamis-decide-all=${(event: CustomEvent<DecidedForAll>) => void this.#decideAll(event.detail)}
              ></tamis-finding-list>`
      }
      <tamis-choice-effects .effects=${choiceEffects(dataset.classNames, known.images)}></tamis-choice-effects>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-dataset-findings": DatasetFindings;
  }
}
