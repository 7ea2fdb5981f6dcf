import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { Batch } from "../../../domain/capture/batch.ts";
import { classificationContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import type { FilePicker } from "../../elements/file-picker/file-picker.ts";
import "../../elements/file-picker/file-picker.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { filesOf } from "../../files/folders.ts";
import type { BatchProgress, ClassificationService } from "../../services/classification-service.ts";
import type { PickedFile, PickedFolder } from "../../services/picked-files.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { batchTitle } from "../../text/batches.ts";
import { formatDuration, formatFiles, formatNumber, formatRate } from "../../text/format.ts";

/** Files to go on with. */
export interface Resumption {
  readonly batchId: string;
  readonly files: readonly PickedFile[];
}

/**
 * The open batch: what it is called, how far it is, and what can be done about that. Another batch that is worked on is told of as well.
 * @fires tamis-resume - detail: the batch that is to go on, as Resumption
 */
@customElement("tamis-batch-bar")
export class BatchBar extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      .card {
        padding: var(--space-4) var(--space-5);
        display: grid;
        gap: var(--space-3);
      }
      .card.waiting {
        background: var(--review-soft);
        border-color: transparent;
        box-shadow: none;
      }
      .words {
        display: grid;
        gap: var(--space-1);
        min-width: 0;
      }
      .working {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--space-3) var(--space-4);
        align-items: center;
      }
      @media (max-width: 640px) {
        .working {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @consume({ context: classificationContext }) private classification!: ClassificationService;
  @query("tamis-file-picker") private picker!: FilePicker | null;

  async #goOn(batch: Batch): Promise<void> {
    const files = await this.classification.findFiles(batch.id);
    if (files) this.#send(batch, files);
    else this.picker?.open();
  }

  #send(batch: Batch, files: readonly PickedFile[]): void {
    this.dispatchEvent(new CustomEvent<Resumption>("tamis-resume", { detail: { batchId: batch.id, files } }));
  }

  #renderProgress(batch: Batch, progress: BatchProgress) {
    return html`<div class="card working">
      <tamis-progress-line .label=${msg("Classifying")} .progress=${progress}></tamis-progress-line>
      <div class="actions">
        <button type="button" @click=${() => this.classification.pause(batch.id)}>
          ${icon("pause")}${msg("Pause")}
        </button>
        <button type="button" class="quiet" @click=${() => void this.classification.stop(batch.id)}>
          ${icon("stop")}${msg("End here")}
        </button>
      </div>
    </div>`;
  }

  #renderWatching(batch: Batch) {
    const folder = batch.name;
    return html`<div class="card working">
      <p role="status">${icon("watch")} ${msg(str`Watching “${folder}”: what appears there is classified at once.`)}</p>
      <button type="button" @click=${() => this.classification.pause(batch.id)}>
        ${icon("stop")}${msg("Stop watching")}
      </button>
    </div>`;
  }

  #renderWaiting(batch: Batch) {
    const done = formatNumber(batch.doneFiles);
    const files = formatFiles(batch.files);
    const isWatched = batch.source === "watched";
    const isFolder = isWatched || batch.source === "folder";
    return html`<div class="card waiting working">
      <div class="words">
        <p>
          <strong
            >${isWatched ? msg("This folder is not watched now.") : batch.status === "paused" ? msg("Paused.") : msg("Interrupted.")}</strong
          >
          ${isWatched ? nothing : msg(str`${done} of ${files} are done.`)}
        </p>
        <p class="small">
          ${msg("Nothing is classified twice. Where Tamis cannot open the files again by itself, it asks for the same ones.")}
        </p>
      </div>
      <div class="actions">
        <button type="button" class="primary" @click=${() => void this.#goOn(batch)}>
          ${icon("play")}${isWatched ? msg("Watch again") : msg("Go on")}
        </button>
        <button type="button" class="quiet" @click=${() => void this.classification.stop(batch.id)}>
          ${msg("End here")}
        </button>
      </div>
      <tamis-file-picker
        ?folder=${isFolder}
        .label=${isFolder ? msg("The folder of this batch again") : msg("The files of this batch again")}
        @tamis-picked=${({ detail }: CustomEvent<PickedFolder>) =>
          this.#send(batch, isFolder ? filesOf({ folders: [detail], files: [] }) : detail.files)}
      ></tamis-file-picker>
    </div>`;
  }

  #renderElsewhere(progress: BatchProgress) {
    const other = this.stores.read(this.classification.batches).find(({ id }) => id === progress.batchId);
    if (!other) return nothing;
    const title = batchTitle(other);
    return html`<div class="card working">
      <tamis-progress-line .label=${msg(str`Classifying “${title}”`)} .progress=${progress}></tamis-progress-line>
      <button type="button" @click=${() => void this.classification.open(other.id)}>${msg("Show")}</button>
    </div>`;
  }

  #renderState(batch: Batch, progress: BatchProgress | null) {
    if (progress?.batchId === batch.id) return this.#renderProgress(batch, progress);
    if (batch.status === "running" && batch.source === "watched") return this.#renderWatching(batch);
    if (batch.status === "paused" || batch.status === "interrupted") return this.#renderWaiting(batch);
    return nothing;
  }

  #renderFacts(batch: Batch) {
    const files = formatFiles(batch.files);
    const duration = formatDuration(batch.seconds);
    const rate = batch.seconds > 1 ? formatRate(batch.doneFiles / batch.seconds) : "";
    return html`<p class="soft small">
      ${files}${batch.seconds > 1 ? html` · ${duration} · ${rate}` : nothing}${
        batch.modelName ? html` · ${batch.modelName}` : nothing
      }
    </p>`;
  }

  protected override render() {
    const batch = this.stores.read(this.classification.openBatch);
    const progress = this.stores.read(this.classification.progress);
    return html`${progress && progress.batchId !== batch?.id ? this.#renderElsewhere(progress) : nothing}
    ${
      batch
        ? html`<div class="head">
              <div class="words">
                <h2>${batchTitle(batch)}</h2>
                ${this.#renderFacts(batch)}
              </div>
              <slot></slot>
            </div>
            ${this.#renderState(batch, progress)}`
        : nothing
    }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-batch-bar": BatchBar;
  }
}
