import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { failureOf, type Failure } from "../../../contract/outcome.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/drop-zone/drop-zone.ts";
import "../../elements/failure-note/failure-note.ts";
import type { FilePicker } from "../../elements/file-picker/file-picker.ts";
import "../../elements/file-picker/file-picker.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { filesOf, type Dropped } from "../../files/folders.ts";
import { acceptedImages } from "../../files/formats.ts";
import { pastedFiles } from "../../files/pasted.ts";
import { canPickDirectories, pickDirectory, pickHandle } from "../../files/pick.ts";
import type { CaptureOrigin } from "../../services/classification-service.ts";
import type { PickedFile, PickedFolder } from "../../services/picked-files.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatFiles } from "../../text/format.ts";

/** Files that came in, never none, and where they come from. */
export interface Intake {
  readonly files: readonly PickedFile[];
  readonly origin: CaptureOrigin;
}

/**
 * Where images come in: files, folders, drops, the clipboard, the camera, a folder that is watched.
 * @fires tamis-files - detail: what was picked, dropped, pasted or shot, as Intake
 * @fires tamis-watch - detail: the handle of a folder whose new files are to be classified
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
      :host([empty]) .actions {
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
  @query("#files") private filePicker!: FilePicker;
  @query("#folder") private folderPicker!: FilePicker;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("paste", this.#pasted);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("paste", this.#pasted);
  }

  readonly #pasted = (event: ClipboardEvent): void => {
    const files = pastedFiles(event.clipboardData);
    if (files.length > 0) event.preventDefault();
    this.#send({ files, origin: { source: "shared" } });
  };

  #send(intake: Intake): void {
    if (intake.files.length > 0) this.dispatchEvent(new CustomEvent<Intake>("tamis-files", { detail: intake }));
  }

  /** Reads what was picked or dropped, then sends it. */
  async #take(read: () => Promise<Intake | null>): Promise<void> {
    this.failure = null;
    this.found = 0;
    let intake: Intake | null = null;
    try {
      intake = await read();
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.found = null;
    }
    if (intake) this.#send(intake);
  }

  #ofFolder(folder: PickedFolder): Intake {
    const { name } = folder;
    const [handle = null] = folder.handles as readonly FileSystemDirectoryHandle[];
    return { files: filesOf({ folders: [folder], files: [] }), origin: { source: "folder", name, handle } };
  }

  #ofDrop(dropped: Dropped): Intake {
    const [folder, ...others] = dropped.folders;
    if (!folder) return { files: dropped.files, origin: { source: "files" } };
    if (others.length === 0 && dropped.files.length === 0) return this.#ofFolder(folder);
    const name = dropped.folders.map((one) => one.name).join(", ");
    return { files: filesOf(dropped), origin: { source: "folder", name } };
  }

  async #chooseFolder(): Promise<void> {
    if (!canPickDirectories()) {
      this.folderPicker.open();
      return;
    }
    await this.#take(async () => {
      const folder = await pickDirectory((files) => (this.found = files));
      return folder && this.#ofFolder(folder);
    });
  }

  /** The camera's panel is loaded when it is first wanted: the first screen is lighter without. */
  async #turnCamera(): Promise<void> {
    this.failure = null;
    try {
      await import("./camera-panel.ts");
      this.camera = !this.camera;
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  async #chooseWatched(): Promise<void> {
    this.failure = null;
    try {
      const handle = await pickHandle("read");
      if (handle) this.dispatchEvent(new CustomEvent<FileSystemDirectoryHandle>("tamis-watch", { detail: handle }));
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  #renderButtons(primary: boolean) {
    return html`<div class="actions">
      <button type="button" class=${primary ? "primary" : ""} @click=${() => this.filePicker.open()}>
        ${icon("files")}${msg("Choose files")}
      </button>
      <button type="button" @click=${() => void this.#chooseFolder()}>
        ${icon("folder")}${msg("Choose a folder")}
      </button>
      <button type="button" aria-pressed=${this.camera} @click=${() => void this.#turnCamera()}>
        ${icon("camera")}${msg("Camera")}
      </button>
      ${
        canPickDirectories()
          ? html`<button
              type="button"
              title=${msg("A scanner’s folder: what appears in it is classified at once.")}
              @click=${() => void this.#chooseWatched()}
            >
              ${icon("watch")}${msg("Watch a folder")}
            </button>`
          : nothing
      }
    </div>`;
  }

  protected override render() {
    const found = formatFiles(this.found ?? 0);
    return html`<tamis-file-picker
        id="files"
        .accept=${acceptedImages}
        .label=${msg("Files to classify")}
        @tamis-picked=${({ detail: { files } }: CustomEvent<PickedFolder>) =>
          this.#send({ files, origin: { source: "files" } })}
      ></tamis-file-picker>
      <tamis-file-picker
        id="folder"
        folder
        .label=${msg("Folder to classify")}
        @tamis-picked=${({ detail }: CustomEvent<PickedFolder>) => this.#send(this.#ofFolder(detail))}
      ></tamis-file-picker>
      <tamis-drop-zone
        symbol="classify"
        .label=${msg("Drop to classify")}
        ?compact=${!this.empty || this.camera}
        @tamis-dropped=${(event: CustomEvent<Promise<Dropped>>) =>
          void this.#take(async () => this.#ofDrop(await event.detail))}
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
                <p class="soft small">${msg("Or drop or paste images anywhere.")}</p>
              </div>`
        }
      </tamis-drop-zone>
      ${
        this.camera
          ? html`<tamis-camera-panel
              @tamis-shot=${(event: CustomEvent<PickedFile>) =>
                this.#send({ files: [event.detail], origin: { source: "camera" } })}
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
