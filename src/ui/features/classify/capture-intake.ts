import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { failureOf, type Failure } from "../../../contract/outcome.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/drop-zone/drop-zone.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { filesOf, folderOfInput, type Dropped } from "../../files/folders.ts";
import { acceptedImages } from "../../files/formats.ts";
import { canPickDirectories, pickDirectory } from "../../files/pick.ts";
import type { PickedFile, PickedFolder } from "../../services.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatFiles } from "../../text/format.ts";
import "./camera-panel.ts";

/**
 * Where images come in: files, folders, drops, the camera.
 * @fires tamis-files - detail: what was picked, dropped or shot, as PickedFile[]; never empty
 */
@customElement("tamis-capture-intake")
export class CaptureIntake extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
        grid-template-columns: minmax(0, 1fr);
      }
      .teach {
        max-width: 44ch;
        text-wrap: pretty;
      }
      tamis-drop-zone .actions {
        justify-content: center;
      }
      .teach + .actions {
        margin-top: var(--space-2);
      }
      button[aria-pressed="true"] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--ink);
      }
    `,
  ];

  /** Nothing has come in yet: there is room for a stage. */
  @property({ type: Boolean }) empty = false;
  @state() private camera = false;
  /** Files found so far in the folder that is being read; null when none is. */
  @state() private found: number | null = null;
  @state() private failure: Failure | null = null;
  @query("#files") private filesInput!: HTMLInputElement;
  @query("#folder") private folderInput!: HTMLInputElement;

  #send(files: readonly PickedFile[]): void {
    if (files.length > 0) this.dispatchEvent(new CustomEvent<readonly PickedFile[]>("tamis-files", { detail: files }));
  }

  /** Reads what was picked or dropped, then sends it. */
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
    this.#send(files);
  }

  #chosenFiles(): void {
    const files = [...(this.filesInput.files ?? [])].map((file) => ({ path: file.name, file }));
    this.filesInput.value = "";
    this.#send(files);
  }

  #inFolder(folder: PickedFolder | null): PickedFile[] {
    return folder ? filesOf({ folders: [folder], files: [] }) : [];
  }

  #chosenFolder(): void {
    const files = this.#inFolder(folderOfInput(this.folderInput.files ?? []));
    this.folderInput.value = "";
    this.#send(files);
  }

  async #chooseFolder(): Promise<void> {
    if (!canPickDirectories()) this.folderInput.click();
    else await this.#take(async () => this.#inFolder(await pickDirectory((files) => (this.found = files))));
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

  protected override render() {
    const found = formatFiles(this.found ?? 0);
    return html`<input
        id="files"
        type="file"
        multiple
        hidden
        accept=${acceptedImages}
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
        ?compact=${!this.empty || this.camera}
        @tamis-dropped=${(event: CustomEvent<Promise<Dropped>>) =>
          void this.#take(async () => filesOf(await event.detail))}
      >
        ${
          this.empty && !this.camera
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
              @tamis-shot=${(event: CustomEvent<PickedFile>) => this.#send([event.detail])}
              @tamis-close=${() => (this.camera = false)}
            ></tamis-camera-panel>`
          : nothing
      }
      ${
        this.found === null
          ? nothing
          : html`<div class="card">
              <tamis-progress-line .label=${msg(str`Reading the folder: ${found} found`)}></tamis-progress-line>
            </div>`
      }
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-capture-intake": CaptureIntake;
  }
}
