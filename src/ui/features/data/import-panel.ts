import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { failureOf, type Failure, type Outcome } from "../../../contract/outcome.ts";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { datasetContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { askText } from "../../elements/dialog/ask.ts";
import "../../elements/drop-zone/drop-zone.ts";
import "../../elements/failure-note/failure-note.ts";
import type { FilePicker } from "../../elements/file-picker/file-picker.ts";
import "../../elements/file-picker/file-picker.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { notify } from "../../elements/toast/notify.ts";
import { datasetFolderOf, type Dropped } from "../../files/folders.ts";
import { acceptedSources } from "../../files/formats.ts";
import { canPickDirectories, canPickFiles, pickDirectory, pickFiles } from "../../files/pick.ts";
import { hrefOf } from "../../routes.ts";
import type { DatasetService } from "../../services/dataset-service.ts";
import type { PickedFolder } from "../../services/picked-files.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { failureTitle } from "../../text/words.ts";
import { formatFiles, formatNumber, plural } from "../../text/format.ts";

/** Where folders, archives and files come into a dataset: a new one, or one that is there. */
@customElement("tamis-import-panel")
export class ImportPanel extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      .structure {
        display: inline-grid;
        gap: 0.1rem;
        padding: var(--space-3) var(--space-4);
        border-radius: var(--radius);
        background: var(--surface-sunken);
        font-family: var(--font-mono);
        font-size: var(--text-small);
        text-align: start;
        color: var(--ink-soft);
      }
      .structure div {
        display: flex;
        gap: var(--space-2);
        align-items: center;
      }
      .structure .inner {
        padding-inline-start: 1.5rem;
      }
      .structure .positive {
        color: var(--photo);
        font-weight: 600;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;

  /** The dataset that images are added to; null for a new one. */
  @property({ attribute: false }) target: Dataset | null = null;
  /** With a picture of what is wanted: where there is no dataset yet. */
  @property({ type: Boolean }) teaching = false;
  /** Files found so far in what is being read; null when nothing is. */
  @state() private found: number | null = null;
  @state() private failure: Failure | null = null;
  @query("#folder") private folderPicker!: FilePicker;
  @query("#files") private filePicker!: FilePicker;

  readonly #onFound = (files: number): void => void (this.found = files);

  async #chooseFolder(): Promise<void> {
    if (canPickDirectories()) await this.#take(() => pickDirectory(this.#onFound));
    else this.folderPicker.open();
  }

  async #chooseFiles(): Promise<void> {
    if (canPickFiles()) await this.#take(() => pickFiles(this.#onFound));
    else this.filePicker.open();
  }

  #folderPicked({ detail }: CustomEvent<PickedFolder>): void {
    void this.#take(() => Promise.resolve(detail));
  }

  #filesPicked({ detail: { files } }: CustomEvent<PickedFolder>): void {
    void this.#take(() => Promise.resolve(datasetFolderOf({ folders: [], files })));
  }

  #dropped(event: CustomEvent<Promise<Dropped>>): void {
    void this.#take(async () => datasetFolderOf(await event.detail));
  }

  /** Reads what was picked, then imports it. */
  async #take(read: () => Promise<PickedFolder | null>): Promise<void> {
    this.failure = null;
    this.found = 0;
    let folder: PickedFolder | null = null;
    try {
      folder = await read();
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.found = null;
    }
    if (!folder) return;
    const looseClass = await this.#classOfLoose(folder);
    if (looseClass === null) return;
    const { target } = this;
    const outcome = await this.datasets.importFolder(folder, {
      ...(target && { datasetId: target.id }),
      ...(looseClass !== "" && { looseClass }),
    });
    this.#tell(outcome, target);
  }

  /** Asks for the class of files that were picked by themselves; empty where there is nothing to ask, null where the person thought better of it. */
  async #classOfLoose({ files }: PickedFolder): Promise<string | null> {
    const areLoose = files.every(({ path }) => !path.includes("/") && !/\.zip$/i.test(path));
    if (files.length === 0 || !areLoose) return "";
    const count = formatFiles(files.length);
    return askText({
      heading: msg(str`Which class are these? ${count}`),
      text: msg("They lie in no class folder. Name the class that they belong to; a new name makes a new class."),
      field: { label: msg("Class"), value: this.target?.classNames[0] ?? "" },
      action: msg("Import"),
    });
  }

  #tell(outcome: Outcome<Dataset>, before: Dataset | null): void {
    if (!outcome.ok) {
      // A cancelled import is listed, with what can be done about it.
      if (outcome.code !== "cancelled") this.failure = outcome;
      if (!this.isConnected && outcome.code !== "cancelled")
        notify({ text: failureTitle(outcome.code), problem: true });
      return;
    }
    const { id, name } = outcome.value;
    if (!before) {
      notify({
        text: msg(str`“${name}” is imported.`),
        link: { href: hrefOf("data", id), text: msg("Look at it") },
      });
      return;
    }
    const added = countOf(outcome.value) - countOf(before);
    const shown = formatNumber(added);
    notify({
      text:
        added === 0
          ? msg("Nothing was new: all of it is in the dataset already.")
          : plural(added, { one: msg(str`${shown} image was new.`), other: msg(str`${shown} images were new.`) }),
    });
  }

  #renderProgress() {
    const importing = this.stores.read(this.datasets.importing);
    const isReading = this.found !== null || importing?.datasetId === "";
    if (isReading) {
      const found = formatFiles(this.found ?? importing?.total ?? 0);
      return html`<div class="card">
        <tamis-progress-line
          .label=${msg(str`Reading the folder: ${found} found`)}
          ?cancellable=${importing !== null}
          @tamis-cancel=${() => this.datasets.cancelImport()}
        ></tamis-progress-line>
      </div>`;
    }
    if (!importing) return null;
    const unreadable = formatNumber(importing.unreadable);
    return html`<div class="card">
      <tamis-progress-line
        .label=${msg("Importing images")}
        .progress=${importing}
        cancellable
        @tamis-cancel=${() => this.datasets.cancelImport()}
      ></tamis-progress-line>
      ${
        importing.unreadable > 0
          ? html`<p class="small soft">
              ${plural(importing.unreadable, {
                one: msg(str`${unreadable} file cannot be read; it is listed with its reason.`),
                other: msg(str`${unreadable} files cannot be read; they are listed with their reasons.`),
              })}
            </p>`
          : nothing
      }
    </div>`;
  }

  #renderZone() {
    const isNew = this.target === null;
    const buttons = html`<div class="actions">
      <button type="button" class=${isNew ? "primary" : ""} @click=${() => void this.#chooseFolder()}>
        ${icon("folder")}${isNew ? msg("Import a folder") : msg("Add a folder")}
      </button>
      <button type="button" @click=${() => void this.#chooseFiles()}>
        ${icon("files")}${isNew ? msg("Import archives or files") : msg("Add archives or files")}
      </button>
    </div>`;
    return html`<tamis-drop-zone
      symbol="folder"
      .label=${isNew ? msg("Drop folders, archives or files to import them") : msg("Drop folders, archives or files to add them")}
      ?compact=${!this.teaching}
      @tamis-dropped=${this.#dropped}
    >
      ${
        this.teaching
          ? html`<h2>${msg("No dataset yet")}</h2>
              <p class="soft">
                ${msg("Import a folder that holds one folder per class, or zip archives of such folders. The names of the folders become the classes.")}
              </p>
              <div
                class="structure"
                role="img"
                aria-label=${msg("For example: archive, with Photo, Painting, Text in it")}
              >
                <div>${icon("folder")}archive</div>
                <div class="inner positive">${icon("folder")}Photo</div>
                <div class="inner">${icon("folder")}Painting</div>
                <div class="inner">${icon("folder")}Text</div>
              </div>
              ${buttons}
              <p class="small soft">${msg("Or drop them here. The images stay on this device.")}</p>`
          : html`<div class="head">
              <p class="soft">
                ${isNew ? msg("Drop more folders or archives here, or choose some.") : msg("Drop images to add here: what the dataset has already is left out.")}
              </p>
              ${buttons}
            </div>`
      }
    </tamis-drop-zone>`;
  }

  protected override render() {
    return html`<tamis-file-picker
        id="folder"
        folder
        .label=${msg("Folder of a dataset")}
        @tamis-picked=${this.#folderPicked}
      ></tamis-file-picker>
      <tamis-file-picker
        id="files"
        .accept=${acceptedSources}
        .label=${msg("Archives or files of a dataset")}
        @tamis-picked=${this.#filesPicked}
      ></tamis-file-picker>
      <div class="stack tight">
        ${this.#renderProgress() ?? this.#renderZone()}
        <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      </div>`;
  }
}

function countOf(dataset: Dataset): number {
  return dataset.classCounts.reduce((sum, count) => sum + count, 0);
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-import-panel": ImportPanel;
  }
}
