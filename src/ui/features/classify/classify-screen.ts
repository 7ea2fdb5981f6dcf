import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { failureOf, type Failure } from "../../../contract/outcome.ts";
import type { Capture, Verdict } from "../../../domain/capture/capture.ts";
import { classificationContext, modelContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/drop-zone/drop-zone.ts";
import "../../elements/empty-state/empty-state.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon, type IconName } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { notify } from "../../elements/toast/notify.ts";
import "../../elements/verdict-badge/verdict-badge.ts";
import "../../elements/virtual-grid/virtual-grid.ts";
import { filesOf, folderOfInput, type Dropped } from "../../files/folders.ts";
import { canPickDirectories, pickDirectory } from "../../files/pick.ts";
import { saveFile } from "../../files/save.ts";
import { hrefOf } from "../../routes.ts";
import type { ClassificationService, ModelService, PickedFile, PickedFolder } from "../../services.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatFiles, formatImages, formatNumber } from "../../text/format.ts";
import { currentLocale } from "../../text/locale.ts";
import { verdictWord } from "../../text/words.ts";
import "./camera-panel.ts";
import {
  arrangeCaptures,
  captureFilters,
  captureOrders,
  countCaptures,
  type CaptureFilter,
  type CaptureOrder,
} from "./capture-list.ts";
import { tileHeight } from "./capture-tile.ts";
import "./capture-tile.ts";
import type { CaptureViewer } from "./capture-viewer.ts";
import "./capture-viewer.ts";
import { classifyScreenStyles } from "./classify-screen.styles.ts";
import { rememberOriginals } from "./originals.ts";

const keyOf = (capture: Capture): string => capture.id;

/** Sorts: files, folders and camera shots in, verdicts out. */
@customElement("tamis-classify-screen")
export class ClassifyScreen extends TamisElement {
  static override styles = [foundation, controls, layout, classifyScreenStyles];

  @consume({ context: classificationContext }) private classification!: ClassificationService;
  @consume({ context: modelContext }) private models!: ModelService;

  @state() private filter: CaptureFilter = "all";
  @state() private order: CaptureOrder = "newest";
  @state() private camera = false;
  /** Files found so far in the folder that is being read; null when none is. */
  @state() private found: number | null = null;
  @state() private failure: Failure | null = null;
  @query("#files") private filesInput!: HTMLInputElement;
  @query("#folder") private folderInput!: HTMLInputElement;
  @query("tamis-capture-viewer") private viewer!: CaptureViewer;

  async #classify(files: readonly PickedFile[]): Promise<void> {
    if (files.length === 0) return;
    this.failure = null;
    rememberOriginals(files);
    const outcome = await this.classification.classify(files);
    if (!outcome.ok) this.failure = outcome;
  }

  /** Reads what was picked or dropped, then classifies it. */
  async #take(read: () => Promise<readonly PickedFile[]>): Promise<void> {
    this.failure = null;
    this.found = 0;
    let files: readonly PickedFile[] = [];
    try {
      files = await read();
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.found = null;
    }
    await this.#classify(files);
  }

  #chosenFiles(): void {
    const files = [...(this.filesInput.files ?? [])].map((file) => ({ path: file.name, file }));
    this.filesInput.value = "";
    void this.#classify(files);
  }

  #inFolder(folder: PickedFolder | null): PickedFile[] {
    return folder ? filesOf({ folders: [folder], files: [] }) : [];
  }

  #chosenFolder(): void {
    const files = this.#inFolder(folderOfInput(this.folderInput.files ?? []));
    this.folderInput.value = "";
    void this.#classify(files);
  }

  async #chooseFolder(): Promise<void> {
    if (!canPickDirectories()) this.folderInput.click();
    else await this.#take(async () => this.#inFolder(await pickDirectory((files) => (this.found = files))));
  }

  async #remove(captures: readonly Capture[]): Promise<void> {
    const undo = await this.classification.remove(captures);
    const images = formatImages(captures.length);
    notify({ text: msg(str`Removed from the list: ${images}.`), undo });
  }

  #filterWord(filter: CaptureFilter): string {
    if (filter === "all") return msg("All");
    return filter === "unreadable" ? msg("Unreadable") : verdictWord(filter);
  }

  #orderWord(order: CaptureOrder): string {
    switch (order) {
      case "newest":
        return msg("Newest first");
      case "oldest":
        return msg("Oldest first");
      case "most-photo":
        return msg("Surest photos first");
      case "least-photo":
        return msg("Surest non-photos first");
      case "name":
        return msg("By name");
    }
  }

  #renderModel() {
    const id = this.stores.read(this.models.defaultModelId);
    const model = this.stores.read(this.models.models).find((candidate) => candidate.id === id);
    if (!model) return html`<p class="lead">${msg("Photo or not: each image gets a verdict, on this device.")}</p>`;
    return html`<p class="lead">
      ${msg("Model:")} <strong>${model.metadata.name}</strong> ·
      <a href=${hrefOf("models")}>${msg("Change the model")}</a>
    </p>`;
  }

  #renderButtons(primary: boolean) {
    return html`<div class="actions">
      <button type="button" class=${primary ? "primary" : ""} @click=${() => this.filesInput.click()}>
        ${icon("files")}${msg("Choose files")}
      </button>
      <button type="button" @click=${() => void this.#chooseFolder()}>
        ${icon("folder")}${msg("Choose a folder")}
      </button>
      <button type="button" aria-pressed=${this.camera} @click=${() => (this.camera = !this.camera)}>
        ${icon("camera")}${msg("Camera")}
      </button>
    </div>`;
  }

  #renderIntake(empty: boolean) {
    return html`<input
        id="files"
        type="file"
        multiple
        hidden
        accept="image/*,.tif,.tiff"
        aria-label=${msg("Files to classify")}
        @change=${this.#chosenFiles}
      />
      <input
        id="folder"
        type="file"
        webkitdirectory
        multiple
        hidden
        aria-label=${msg("Folder to classify")}
        @change=${this.#chosenFolder}
      />
      <tamis-drop-zone
        symbol="classify"
        .label=${msg("Drop to classify")}
        ?compact=${!empty || this.camera}
        @tamis-dropped=${(event: CustomEvent<Promise<Dropped>>) =>
          void this.#take(async () => filesOf(await event.detail))}
      >
        ${
          empty && !this.camera
            ? html`<h2>${msg("Drop scans here")}</h2>
                <p class="soft teach">
                  ${msg("Files or whole folders. Each image is sorted as a photo or not a photo; the images never leave this device.")}
                </p>
                ${this.#renderButtons(true)}`
            : html`<div class="head">
                ${this.#renderButtons(!this.camera)}
                <p class="soft small">${msg("Or drop files and folders anywhere.")}</p>
              </div>`
        }
      </tamis-drop-zone>
      ${
        this.camera
          ? html`<tamis-camera-panel
              @tamis-shot=${(event: CustomEvent<PickedFile>) => void this.#classify([event.detail])}
              @tamis-close=${() => (this.camera = false)}
            ></tamis-camera-panel>`
          : nothing
      }`;
  }

  /** What will come, before there is anything. */
  #renderVerdicts() {
    const verdicts: readonly (readonly [Verdict, string])[] = [
      ["photo", msg("A photograph: of people, places or things.")],
      ["not-photo", msg("Everything else: text, drawings, paintings, plans.")],
      ["to-review", msg("The model is in doubt: have a look yourself.")],
    ];
    return html`<section class="verdicts" aria-label=${msg("The verdicts")}>
      ${verdicts.map(
        ([verdict, words]) =>
          html`<div class="card">
            <tamis-verdict-badge .verdict=${verdict}></tamis-verdict-badge>
            <p class="soft">${words}</p>
          </div>`,
      )}
    </section>`;
  }

  #renderProgress() {
    if (this.found !== null) {
      const found = formatFiles(this.found);
      return html`<div class="card">
        <tamis-progress-line .label=${msg(str`Reading the folder: ${found} found`)}></tamis-progress-line>
      </div>`;
    }
    const progress = this.stores.read(this.classification.progress);
    if (!progress) return nothing;
    return html`<div class="card">
      <tamis-progress-line
        .label=${msg("Classifying")}
        .progress=${progress}
        cancellable
        @tamis-cancel=${() => this.classification.cancel()}
      ></tamis-progress-line>
    </div>`;
  }

  #renderToolbar(captures: readonly Capture[], shown: readonly Capture[]) {
    const counts = countCaptures(captures);
    const filters = captureFilters.filter((filter) => filter === "all" || filter === this.filter || counts[filter] > 0);
    return html`<div class="toolbar">
      <div class="filters" role="group" aria-label=${msg("Show")}>
        ${filters.map(
          (filter) =>
            html`<button
              type="button"
              class="filter ${filter}"
              aria-pressed=${filter === this.filter}
              @click=${() => (this.filter = filter)}
            >
              ${filter === "all" ? nothing : icon(this.#filterIcon(filter))}${this.#filterWord(filter)}
              <span class="count number">${formatNumber(counts[filter])}</span>
            </button>`,
        )}
      </div>
      <div class="actions">
        <label class="visually-hidden" for="order">${msg("Sort")}</label>
        <select
          id="order"
          @change=${(event: Event) => (this.order = (event.target as HTMLSelectElement).value as CaptureOrder)}
        >
          ${captureOrders.map(
            (order) =>
              html`<option value=${order} ?selected=${order === this.order}>${this.#orderWord(order)}</option>`,
          )}
        </select>
        ${this.#renderExport("csv", "CSV", msg("CSV export"))} ${this.#renderExport("json", "JSON", msg("JSON export"))}
        <button type="button" class="quiet" ?disabled=${shown.length === 0} @click=${() => void this.#remove(shown)}>
          ${icon("remove")}${this.filter === "all" ? msg("Clear the list") : msg("Remove these")}
        </button>
      </div>
    </div>`;
  }

  #renderExport(format: "csv" | "json", short: string, name: string) {
    return html`<button
      type="button"
      aria-label=${name}
      @click=${() => saveFile(this.classification.exportList(format))}
    >
      ${icon("download")}${short}
    </button>`;
  }

  #filterIcon(filter: Exclude<CaptureFilter, "all">): IconName {
    return filter === "unreadable" ? "warning" : filter;
  }

  #renderResults(captures: readonly Capture[]) {
    const shown = arrangeCaptures(captures, this.filter, this.order, currentLocale());
    return html`<section class="stack tight" aria-label=${msg("Results")}>
        ${this.#renderToolbar(captures, shown)}
        ${
          shown.length === 0
            ? html`<p class="soft none">${msg("Nothing here with this verdict.")}</p>`
            : html`<tamis-virtual-grid
                .label=${msg("Classified images")}
                .items=${shown}
                .keyOf=${keyOf}
                .minimumCellWidth=${180}
                .cellHeight=${tileHeight}
                .renderItem=${(capture: Capture) =>
                  html`<tamis-capture-tile
                    .capture=${capture}
                    .source=${{ key: capture.id, load: () => this.classification.thumbnail(capture) }}
                    @tamis-open=${() => void this.viewer.show(capture.id)}
                    @tamis-remove=${() => void this.#remove([capture])}
                  ></tamis-capture-tile>`}
              ></tamis-virtual-grid>`
        }
      </section>
      <tamis-capture-viewer
        .captures=${shown}
        @tamis-remove=${(event: CustomEvent<Capture>) => void this.#remove([event.detail])}
      ></tamis-capture-viewer>`;
  }

  protected override render() {
    const captures = this.stores.read(this.classification.captures);
    const hasModel = this.stores.read(this.models.defaultModelId) !== null;
    return html`<div class="stack">
      <div>
        <h1>${msg("Classify")}</h1>
        ${this.#renderModel()}
      </div>
      ${
        hasModel
          ? this.#renderIntake(captures.length === 0)
          : html`<div class="card">
              <tamis-empty-state symbol="models" .heading=${msg("No model yet")}>
                ${msg("Tamis needs a model to judge images: import one, or train your own on annotated images.")}
                <a slot="actions" class="button primary" href=${hrefOf("models")}>${msg("Import a model")}</a>
                <a slot="actions" class="button" href=${hrefOf("train")}>${msg("Train a model")}</a>
              </tamis-empty-state>
            </div>`
      }
      ${this.#renderProgress()}
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${captures.length > 0 ? this.#renderResults(captures) : hasModel ? this.#renderVerdicts() : nothing}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-classify-screen": ClassifyScreen;
  }
}
