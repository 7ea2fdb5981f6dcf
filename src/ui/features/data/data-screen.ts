import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { failureOf, type Failure } from "../../../contract/outcome.ts";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { datasetContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/drop-zone/drop-zone.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { notify } from "../../elements/toast/notify.ts";
import { datasetFolderOf, folderOfInput, type Dropped } from "../../files/folders.ts";
import { canPickDirectories, pickDirectory } from "../../files/pick.ts";
import { hrefOf } from "../../routes.ts";
import type { DatasetService, PickedFolder } from "../../services.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { failureTitle } from "../../text/words.ts";
import { formatDate, formatFiles, formatImages, formatNumber, plural } from "../../text/format.ts";
import "./class-bar.ts";
import "./dataset-detail.ts";

/** The annotated images: import a folder, see which datasets there are, look into one. */
@customElement("tamis-data-screen")
export class DataScreen extends TamisElement {
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
      .list {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr));
        gap: var(--space-4);
      }
      a.card {
        display: grid;
        gap: var(--space-3);
        color: inherit;
        text-decoration: none;
        transition:
          border-color var(--transition),
          box-shadow var(--transition);
      }
      a.card:hover {
        border-color: var(--accent);
      }
      a.card h3 {
        font-size: var(--text-large);
        overflow-wrap: anywhere;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: var(--space-1) var(--space-4);
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;

  /** The dataset to look into; null for the list. */
  @property({ attribute: false }) datasetId: string | null = null;
  /** Files found so far in the folder that is being read; null when none is. */
  @state() private found: number | null = null;
  @state() private failure: Failure | null = null;
  @query("input[type=file]") private input!: HTMLInputElement;

  async #choose(): Promise<void> {
    if (!canPickDirectories()) {
      this.input.click();
      return;
    }
    await this.#take(() => pickDirectory((files) => (this.found = files)));
  }

  #chosen(): void {
    const folder = folderOfInput(this.input.files ?? []);
    // A second choice of the same folder is a change too.
    this.input.value = "";
    void this.#take(() => Promise.resolve(folder));
  }

  #dropped(event: CustomEvent<Promise<Dropped>>): void {
    void this.#take(async () => {
      const folder = datasetFolderOf(await event.detail);
      if (!folder) notify({ text: msg("Drop a folder that has one folder per class in it."), problem: true });
      return folder;
    });
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
    const outcome = await this.datasets.importFolder(folder);
    if (!outcome.ok) {
      this.failure = outcome;
      if (!this.isConnected && outcome.code !== "cancelled")
        notify({ text: failureTitle(outcome.code), problem: true });
      return;
    }
    const { id, name } = outcome.value;
    notify({
      text: msg(str`“${name}” is imported.`),
      link: { href: hrefOf("data", id), text: msg("Look at it") },
    });
  }

  #renderImport(empty: boolean) {
    const importing = this.stores.read(this.datasets.importing);
    if (this.found !== null) {
      const found = formatFiles(this.found);
      return html`<div class="card">
        <tamis-progress-line .label=${msg(str`Reading the folder: ${found} found`)}></tamis-progress-line>
      </div>`;
    }
    if (importing) {
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
    const button = html`<button type="button" class="primary" @click=${() => void this.#choose()}>
      ${icon("folder")}${msg("Import a folder")}
    </button>`;
    return html`<tamis-drop-zone
      symbol="folder"
      .label=${msg("Drop the folder to import it")}
      ?compact=${!empty}
      @tamis-dropped=${this.#dropped}
    >
      ${
        empty
          ? html`<h2>${msg("No dataset yet")}</h2>
              <p class="soft">
                ${msg("Import a folder that holds one folder per class. The names of the folders become the classes.")}
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
              ${button}
              <p class="small soft">${msg("Or drop it here. The images stay on this device.")}</p>`
          : html`<div class="head">
              <p class="soft">${msg("Drop another folder here, or choose one.")}</p>
              ${button}
            </div>`
      }
    </tamis-drop-zone>`;
  }

  #renderOne(dataset: Dataset) {
    const images = dataset.classCounts.reduce((sum, count) => sum + count, 0);
    const classes = formatNumber(dataset.classNames.length);
    return html`<li>
      <a class="card" href=${hrefOf("data", dataset.id)}>
        <div>
          <h3>${dataset.name}</h3>
          <p class="small soft">${formatDate(dataset.createdAt)}</p>
        </div>
        <tamis-class-bar .shown=${dataset}></tamis-class-bar>
        <div class="row small">
          <span class="number">
            ${formatImages(images)} ·
            ${plural(dataset.classNames.length, {
              one: msg(str`${classes} class`),
              other: msg(str`${classes} classes`),
            })}
          </span>
          ${
            dataset.findingCount > 0
              ? html`<span class="tag review">
                  ${icon("warning")}${formatFiles(dataset.findingCount)} ${msg("left out")}
                </span>`
              : nothing
          }
        </div>
      </a>
    </li>`;
  }

  protected override render() {
    const list = this.stores.read(this.datasets.datasets);
    if (this.datasetId !== null) {
      const dataset = list.find((candidate) => candidate.id === this.datasetId) ?? null;
      return html`<tamis-dataset-detail .shown=${dataset}></tamis-dataset-detail>`;
    }
    return html`<div class="stack">
      <div>
        <h1>${msg("Data")}</h1>
        <p class="lead">${msg("The annotated images that a network learns from.")}</p>
      </div>
      <input
        type="file"
        webkitdirectory
        multiple
        hidden
        aria-label=${msg("Folder of a dataset")}
        @change=${this.#chosen}
      />
      ${this.#renderImport(list.length === 0)}
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${
        list.length > 0
          ? html`<section class="stack tight">
              <h2>${msg("Datasets")}</h2>
              <ul class="list" role="list">
                ${list.map((dataset) => this.#renderOne(dataset))}
              </ul>
            </section>`
          : nothing
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-data-screen": DataScreen;
  }
}
