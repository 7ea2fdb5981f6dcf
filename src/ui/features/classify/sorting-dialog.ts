import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { failureOf, type Failure } from "../../../contract/outcome.ts";
import type { Batch } from "../../../domain/capture/batch.ts";
import type { Capture } from "../../../domain/capture/capture.ts";
import {
  groupCounts,
  planSorting,
  type SortedFile,
  type SortingGroup,
  sortingGroups,
} from "../../../domain/capture/sorting.ts";
import { sortingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import type { Dialog } from "../../elements/dialog/dialog.ts";
import "../../elements/dialog/dialog.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { canPickDirectories, pickHandle } from "../../files/pick.ts";
import { saveFile } from "../../files/save.ts";
import type { Progress } from "../../services/progress.ts";
import type { SortingReport, SortingService } from "../../services/sorting-service.ts";
import { controls, disclosures, foundation, layout } from "../../styles/shared.ts";
import { formatBytes, formatFiles, formatNumber } from "../../text/format.ts";
import { verdictWord } from "../../text/words.ts";

/** Lines of the plan that are shown before it is carried out. */
const shownLines = 8;

/** Takes the open batch's files into folders: what, where to, a dry run, then the copying, with a log. */
@customElement("tamis-sorting-dialog")
export class SortingDialog extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    disclosures,
    css`
      tamis-dialog {
        --dialog-width: 44rem;
      }
      fieldset {
        display: grid;
        gap: var(--space-2);
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: var(--space-2);
        font-weight: 560;
      }
      .group {
        display: grid;
        grid-template-columns: minmax(9rem, 1fr) 4rem minmax(0, 1.4fr);
        align-items: center;
        gap: var(--space-3);
      }
      label.check {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--target);
      }
      input[type="checkbox"] {
        width: 1.15rem;
        height: 1.15rem;
        margin: 0;
        accent-color: var(--accent);
        flex: none;
      }
      .group .number {
        text-align: end;
      }
      ul {
        display: grid;
        gap: var(--space-1);
      }
    `,
  ];

  @consume({ context: sortingContext }) private sorting!: SortingService;

  @property({ attribute: false }) batch: Batch | null = null;
  @property({ attribute: false }) captures: readonly Capture[] = [];
  @state() private chosen: ReadonlySet<SortingGroup> = new Set(["photo", "not-photo", "to-review"]);
  @state() private names: Readonly<Partial<Record<SortingGroup, string>>> = {};
  @state() private keepsFolders = false;
  @state() private moves = false;
  @state() private canMove = false;
  @state() private target: FileSystemDirectoryHandle | null = null;
  /** Names of the plan that are taken in the target; null until looked at. */
  @state() private taken: number | null = null;
  @state() private progress: Progress | null = null;
  @state() private report: SortingReport | null = null;
  @state() private failure: Failure | null = null;
  @query("tamis-dialog") private dialog!: Dialog;

  #abort: AbortController | null = null;

  /** Opens it; also with a target that was chosen elsewhere. */
  async show(target: FileSystemDirectoryHandle | null = null): Promise<void> {
    this.report = null;
    this.failure = null;
    this.target = target;
    this.taken = null;
    this.moves = false;
    this.canMove = this.batch !== null && (await this.sorting.canMove(this.batch.id));
    await this.updateComplete;
    await this.dialog.show();
    if (target) await this.#look(target);
  }

  #folderOf(group: SortingGroup): string {
    return this.names[group] ?? (group === "unreadable" ? msg("Unreadable") : verdictWord(group));
  }

  #plan(): SortedFile[] {
    const wanted = sortingGroups.filter((group) => this.chosen.has(group));
    const folders = Object.fromEntries(wanted.map((group) => [group, this.#folderOf(group)]));
    return planSorting(this.captures, { folders, keepsFolders: this.keepsFolders });
  }

  #choose(group: SortingGroup, isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    if (isChosen) chosen.add(group);
    else chosen.delete(group);
    this.chosen = chosen;
    this.taken = null;
  }

  async #pickTarget(): Promise<void> {
    this.failure = null;
    try {
      const handle = await pickHandle("readwrite");
      if (handle) await this.#look(handle);
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  /** The dry run: nothing is written. */
  async #look(handle: FileSystemDirectoryHandle): Promise<void> {
    this.target = handle;
    this.taken = await this.sorting.takenNames(this.#plan(), handle);
  }

  async #run(): Promise<void> {
    const { batch, target } = this;
    if (!batch) return;
    this.failure = null;
    this.report = null;
    this.#abort = new AbortController();
    this.progress = { done: 0, total: this.#plan().length, rate: null, secondsLeft: null };
    const tell = (progress: Progress): void => {
      this.progress = progress;
    };
    const { signal } = this.#abort;
    if (target) {
      const outcome = await this.sorting.sortInto(batch.id, this.#plan(), target, { moves: this.moves }, tell, signal);
      if (outcome.ok) this.report = outcome.value;
      else this.failure = outcome;
    } else {
      const outcome = await this.sorting.zip(batch.id, this.#plan(), tell, signal);
      if (outcome.ok) {
        this.report = outcome.value.report;
        saveFile(outcome.value.file);
      } else this.failure = outcome;
    }
    this.progress = null;
    this.#abort = null;
  }

  #renderGroups() {
    const counts = groupCounts(planSorting(this.captures, { folders: everything, keepsFolders: false }));
    return html`<fieldset>
      <legend>${msg("Which files, and into which folders")}</legend>
      ${sortingGroups
        .filter((group) => counts[group] > 0)
        .map(
          (group) =>
            html`<div class="group">
              <label class="check">
                <input
                  type="checkbox"
                  .checked=${this.chosen.has(group)}
                  @change=${(event: Event) => this.#choose(group, (event.target as HTMLInputElement).checked)}
                />
                ${group === "unreadable" ? msg("Unreadable") : verdictWord(group)}
              </label>
              <span class="number">${formatNumber(counts[group])}</span>
              <input
                aria-label=${msg(str`Folder for “${group === "unreadable" ? msg("Unreadable") : verdictWord(group)}”`)}
                .value=${this.#folderOf(group)}
                maxlength="60"
                @change=${(event: Event) => {
                  this.names = { ...this.names, [group]: (event.target as HTMLInputElement).value };
                  this.taken = null;
                }}
              />
            </div>`,
        )}
    </fieldset>`;
  }

  #renderOptions() {
    return html`<div>
      <label class="check">
        <input
          type="checkbox"
          .checked=${this.keepsFolders}
          @change=${(event: Event) => (this.keepsFolders = (event.target as HTMLInputElement).checked)}
        />
        ${msg("Keep the folders that the files lie in")}
      </label>
      ${
        this.canMove
          ? html`<label class="check">
              <input
                type="checkbox"
                .checked=${this.moves}
                @change=${(event: Event) => (this.moves = (event.target as HTMLInputElement).checked)}
              />
              ${msg("Move: take each original away once its copy is complete")}
            </label>`
          : nothing
      }
    </div>`;
  }

  #renderDryRun(plan: readonly SortedFile[]) {
    const bytes = formatBytes(plan.reduce((sum, { byteLength }) => sum + (byteLength ?? 0), 0));
    const files = formatFiles(plan.length);
    const taken = formatNumber(this.taken ?? 0);
    const folder = this.target?.name ?? "";
    return html`<div class="stack tight">
      <p role="status">
        ${msg(str`${files}, ${bytes}.`)} ${this.target ? msg(str`Into “${folder}”.`) : nothing}
        ${
          this.taken === null
            ? nothing
            : this.taken === 0
              ? msg("None of the names is taken there.")
              : msg(
                  str`Names taken there already: ${taken}. Such a file gets a number after its name, unless the same file lies there.`,
                )
        }
      </p>
      <details>
        <summary>${msg("What goes where")}</summary>
        <ul class="path">
          ${plan.slice(0, shownLines).map(({ file, target }) => html`<li>${file} → ${target}</li>`)}
          ${plan.length > shownLines ? html`<li>…</li>` : nothing}
        </ul>
      </details>
    </div>`;
  }

  #renderReport({ copied, moved, alreadyThere, missing }: SortingReport) {
    const lines = [
      copied > 0 ? [msg("Copied"), copied] : null,
      moved > 0 ? [msg("Moved"), moved] : null,
      alreadyThere > 0 ? [msg("There already"), alreadyThere] : null,
      missing.length > 0 ? [msg("Not found"), missing.length] : null,
    ].filter((line) => line !== null);
    return html`<div class="stack tight" role="status">
      <p>
        <strong>${msg("Done.")}</strong> ${msg("tamis-log.csv, beside the folders, says what became of each file.")}
      </p>
      <dl class="facts">
        ${lines.map(
          ([word, count]) =>
            html`<div>
              <dt>${word}</dt>
              <dd>${formatNumber(count as number)}</dd>
            </div>`,
        )}
      </dl>
      ${
        missing.length > 0
          ? html`<p>
                ${msg("Files that are not found have to be picked again: press “Go on” or classify the folder anew.")}
              </p>
              <ul class="path">
                ${missing.slice(0, shownLines).map((file) => html`<li>${file}</li>`)}
              </ul>`
          : nothing
      }
    </div>`;
  }

  #renderActions(plan: readonly SortedFile[]) {
    if (this.progress)
      return html`<button slot="actions" type="button" @click=${() => this.#abort?.abort()}>${msg("Stop")}</button>`;
    if (this.report) {
      return html`<button slot="actions" type="button" class="primary" @click=${() => this.dialog.close()}>
        ${msg("Close")}
      </button>`;
    }
    const action = this.target ? (this.moves ? msg("Move the files") : msg("Copy the files")) : msg("Save as a zip");
    return html`${
        canPickDirectories()
          ? html`<button
              slot="actions"
              type="button"
              class=${this.target ? "" : "primary"}
              ?disabled=${plan.length === 0}
              @click=${() => void this.#pickTarget()}
            >
              ${icon("folder")}${this.target ? msg("Another folder") : msg("Choose the folder")}
            </button>`
          : nothing
      }
      <button
        slot="actions"
        type="button"
        class=${this.target || !canPickDirectories() ? "primary" : ""}
        ?disabled=${plan.length === 0}
        @click=${() => void this.#run()}
      >
        ${icon(this.target ? "copy" : "download")}${action}
      </button>`;
  }

  protected override render() {
    const plan = this.#plan();
    return html`<tamis-dialog .heading=${msg("Sort the files into folders")} @tamis-close=${() => this.#abort?.abort()}>
      <div class="stack">
        <p class="soft">
          ${msg("Nothing is written over, and done again it goes on where it was stopped. A file of several pages goes by what its pages have in common.")}
        </p>
        ${this.#renderGroups()} ${this.#renderOptions()}
        ${this.report ? this.#renderReport(this.report) : this.#renderDryRun(plan)}
        ${
          this.progress
            ? html`<tamis-progress-line
                .label=${this.moves ? msg("Moving") : msg("Copying")}
                .progress=${this.progress}
              ></tamis-progress-line>`
            : nothing
        }
        <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      </div>
      ${this.#renderActions(plan)}
    </tamis-dialog>`;
  }
}

const everything = { photo: "p", "not-photo": "n", "to-review": "r", unreadable: "u" };

declare global {
  interface HTMLElementTagNameMap {
    "tamis-sorting-dialog": SortingDialog;
  }
}
