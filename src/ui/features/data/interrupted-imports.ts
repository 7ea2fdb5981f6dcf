import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Failure } from "../../../contract/outcome.ts";
import { datasetContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { confirmAction } from "../../elements/dialog/ask.ts";
import "../../elements/failure-note/failure-note.ts";
import type { FilePicker } from "../../elements/file-picker/file-picker.ts";
import "../../elements/file-picker/file-picker.ts";
import { icon } from "../../elements/icon/icon.ts";
import { notify } from "../../elements/toast/notify.ts";
import { datasetFolderOf } from "../../files/folders.ts";
import { acceptedSources } from "../../files/formats.ts";
import { canPickDirectories, canPickFiles, pickDirectory, pickFiles } from "../../files/pick.ts";
import { hrefOf } from "../../routes.ts";
import type { DatasetService, InterruptedImport } from "../../services/dataset-service.ts";
import type { PickedFolder } from "../../services/picked-files.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatNumber } from "../../text/format.ts";

/** Imports that were cancelled or cut short: each can go on, be kept as it is, or be discarded. Shows nothing where there is none. */
@customElement("tamis-interrupted-imports")
export class InterruptedImports extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      h2 {
        font-size: var(--text-large);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @state() private failure: Failure | null = null;
  /** The import whose source has to be chosen again. */
  @state() private asking: string | null = null;
  @query("#folder") private folderPicker!: FilePicker;
  @query("#files") private filePicker!: FilePicker;

  async #resume(item: InterruptedImport, pick: (() => Promise<PickedFolder | null>) | null): Promise<void> {
    this.failure = null;
    const folder = pick && (await pick());
    if (pick && !folder) return;
    const outcome = await this.datasets.resumeImport(item.datasetId, folder);
    if (outcome.ok) {
      this.asking = null;
      const { id, name } = outcome.value;
      const link = { href: hrefOf("data", id), text: msg("Look at it") };
      notify({ text: msg(str`“${name}” is imported.`), link });
    } else if (outcome.code === "not-found" && !folder) this.asking = item.datasetId;
    else if (outcome.code !== "cancelled") this.failure = outcome;
  }

  async #chooseFolder(item: InterruptedImport): Promise<void> {
    if (canPickDirectories()) await this.#resume(item, () => pickDirectory(() => undefined));
    else this.folderPicker.open();
  }

  async #chooseFiles(item: InterruptedImport): Promise<void> {
    if (canPickFiles()) await this.#resume(item, () => pickFiles(() => undefined));
    else this.filePicker.open();
  }

  /** What was picked is of the import that asked for it. */
  #picked(folder: PickedFolder | null): void {
    const item = this.datasets.interrupted.value.find(({ datasetId }) => datasetId === this.asking);
    if (item && folder) void this.#resume(item, () => Promise.resolve(folder));
  }

  async #keep(item: InterruptedImport): Promise<void> {
    const outcome = await this.datasets.keepImported(item.datasetId);
    this.failure = outcome.ok ? null : outcome;
  }

  async #discard(item: InterruptedImport): Promise<void> {
    const stored = formatNumber(item.stored);
    const isSure =
      item.stored === 0 ||
      item.draft === null ||
      (await confirmAction({
        heading: msg(str`Discard the import of “${item.sourceName}”?`),
        text: msg(str`${stored} stored images are deleted from Tamis. Your files stay.`),
        action: msg("Discard"),
        danger: true,
      }));
    if (isSure) await this.datasets.discardImport(item.datasetId);
  }

  #renderOne(item: InterruptedImport) {
    const stored = formatNumber(item.stored);
    const total = formatNumber(item.total);
    const isAsking = this.asking === item.datasetId;
    return html`<li class="card stack tight">
      <h2>${icon("warning")} ${msg(str`The import of “${item.sourceName}” is not finished`)}</h2>
      <p class="soft">
        ${
          isAsking
            ? msg(str`Choose “${item.sourceName}” again: what is stored is not read twice.`)
            : msg(str`${stored} images of ${total} files are stored.`)
        }
      </p>
      <div class="actions">
        ${
          isAsking
            ? html`<button type="button" class="primary" @click=${() => void this.#chooseFolder(item)}>
                  ${icon("folder")}${msg("Choose the folder")}
                </button>
                <button type="button" @click=${() => void this.#chooseFiles(item)}>
                  ${icon("files")}${msg("Choose archives or files")}
                </button>`
            : html`<button type="button" class="primary" @click=${() => void this.#resume(item, null)}>
                ${icon("play")}${msg("Go on")}
              </button>`
        }
        ${
          item.stored > 0
            ? html`<button type="button" @click=${() => void this.#keep(item)}>
                ${icon("check")}${msg("Keep what is stored")}
              </button>`
            : nothing
        }
        <button type="button" class="danger" @click=${() => void this.#discard(item)}>
          ${icon("remove")}${msg("Discard")}
        </button>
      </div>
    </li>`;
  }

  protected override render() {
    const interrupted = this.stores.read(this.datasets.interrupted);
    const isBusy = this.stores.read(this.datasets.importing) !== null;
    if (interrupted.length === 0 || isBusy) return nothing;
    return html`<section class="stack tight" aria-label=${msg("Unfinished imports")}>
      <ul class="stack tight" role="list">
        ${interrupted.map((item) => this.#renderOne(item))}
      </ul>
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      <tamis-file-picker
        id="folder"
        folder
        .label=${msg("Folder of a dataset")}
        @tamis-picked=${({ detail }: CustomEvent<PickedFolder>) => this.#picked(detail)}
      ></tamis-file-picker>
      <tamis-file-picker
        id="files"
        .accept=${acceptedSources}
        .label=${msg("Archives or files of a dataset")}
        @tamis-picked=${({ detail: { files } }: CustomEvent<PickedFolder>) => this.#picked(datasetFolderOf({ folders: [], files }))}
      ></tamis-file-picker>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-interrupted-imports": InterruptedImports;
  }
}
