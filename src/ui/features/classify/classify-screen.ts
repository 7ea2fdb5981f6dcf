import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Failure, Outcome } from "../../../contract/outcome.ts";
import type { Batch } from "../../../domain/capture/batch.ts";
import type { Capture, Verdict } from "../../../domain/capture/capture.ts";
import { safeFileName } from "../../../domain/text/file-name.ts";
import type { Model } from "../../../domain/model/model.ts";
import { classificationContext, modelContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/empty-state/empty-state.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon, type IconName } from "../../elements/icon/icon.ts";
import { notify } from "../../elements/toast/notify.ts";
import "../../elements/verdict-badge/verdict-badge.ts";
import type { VirtualGrid } from "../../elements/virtual-grid/virtual-grid.ts";
import "../../elements/virtual-grid/virtual-grid.ts";
import type { LabellingDialog } from "../labelling/labelling-dialog.ts";
import type { SortingDialog } from "./sorting-dialog.ts";
import { saveFile } from "../../files/save.ts";
import { hrefOf } from "../../routes.ts";
import type { BatchSummary, ClassificationService } from "../../services/classification-service.ts";
import type { ModelService } from "../../services/model-service.ts";
import { filterButtons } from "../../styles/filter-buttons.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { batchTitle } from "../../text/batches.ts";
import { formatImages, formatNumber } from "../../text/format.ts";
import { currentLocale } from "../../text/locale.ts";
import { failureTitle, verdictWord } from "../../text/words.ts";
import type { Resumption } from "./batch-bar.ts";
import "./batch-bar.ts";
import type { Intake } from "./capture-intake.ts";
import "./capture-intake.ts";
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
import { classifyScreenStyles } from "./classify-screen.styles.ts";

const keyOf = (capture: Capture): string => capture.id;

/** Sorts: files, folders and camera shots in, verdicts out. */
@customElement("tamis-classify-screen")
export class ClassifyScreen extends TamisElement {
  static override styles = [foundation, controls, layout, filterButtons, classifyScreenStyles];

  @consume({ context: classificationContext }) private classification!: ClassificationService;
  @consume({ context: modelContext }) private models!: ModelService;

  @state() private filter: CaptureFilter = "all";
  @state() private order: CaptureOrder = "newest";
  @state() private failure: Failure | null = null;
  @query("tamis-virtual-grid") private grid!: VirtualGrid | null;
  @query("tamis-sorting-dialog") private sortingDialog!: SortingDialog;
  @query("tamis-labelling-dialog") private labellingDialog!: LabellingDialog;
  @query("tamis-capture-viewer") private viewer!: CaptureViewer;

  /** Waits for what was asked for, and says what went wrong, also where the screen was left meanwhile. */
  async #follow(asked: Promise<Outcome<BatchSummary>>): Promise<void> {
    this.failure = null;
    const outcome = await asked;
    if (outcome.ok) return;
    this.failure = outcome;
    if (!this.isConnected && outcome.code !== "cancelled") notify({ text: failureTitle(outcome.code), problem: true });
  }

  async #remove(captures: readonly Capture[]): Promise<void> {
    const undo = await this.classification.remove(captures);
    const images = formatImages(captures.length);
    notify({ text: msg(str`Removed from the list: ${images}.`), undo });
  }

  /** The tile goes, and the focus with it: it moves on to the next one. */
  async #removeOne(capture: Capture, shown: readonly Capture[]): Promise<void> {
    const index = shown.indexOf(capture);
    const next = shown[index + 1] ?? shown[index - 1];
    await this.#remove([capture]);
    await this.updateComplete;
    await this.grid?.updateComplete;
    const tiles = this.grid?.renderRoot.querySelectorAll("tamis-capture-tile") ?? [];
    [...tiles].find((tile) => tile.capture?.id === next?.id)?.focus();
  }

  async #sort(): Promise<void> {
    await import("./sorting-dialog.ts");
    await this.updateComplete;
    await this.sortingDialog.show();
  }

  async #label(): Promise<void> {
    await import("../labelling/labelling-dialog.ts");
    await this.labellingDialog.show();
  }

  async #saveReport(batch: Batch, captures: readonly Capture[]): Promise<void> {
    const { batchReport } = await import("../../text/batch-report.ts");
    const report = await batchReport(batch, captures, (capture) => this.classification.thumbnail(capture));
    saveFile(new File([report], `${safeFileName(batchTitle(batch), "tamis")}.html`, { type: "text/html" }));
  }

  async #openViewer(capture: Capture): Promise<void> {
    await import("./capture-viewer.ts");
    await this.viewer.show(capture.id);
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

  /** The model that classifies. */
  #model(): Model | undefined {
    const id = this.stores.read(this.models.defaultModelId);
    return this.stores.read(this.models.models).find((candidate) => candidate.id === id);
  }

  #renderModel() {
    const model = this.#model();
    if (!model) return html`<p class="lead">${msg("Photo or not: each image gets a verdict, on this device.")}</p>`;
    return html`<p class="lead">
      ${msg("Model:")} <strong>${model.metadata.name}</strong> ·
      <a href=${hrefOf("models")}>${msg("Change the model")}</a>
    </p>`;
  }

  /** What will come, before there is anything. */
  #renderVerdicts() {
    // Only a model with a review band ever asks for a person.
    const doubts = this.#model()?.metadata.reviewBand;
    const verdicts: readonly (readonly [Verdict, string])[] = [
      ["photo", msg("A photograph: of people, places or things.")],
      ["not-photo", msg("Everything else: text, drawings, paintings, plans.")],
      ...(doubts ? [["to-review", msg("The model is in doubt: have a look yourself.")] as const] : []),
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
          ${icon("remove")}${this.filter === "all" ? msg("Delete the batch") : msg("Remove these")}
        </button>
      </div>
    </div>`;
  }

  #renderActions(batch: Batch, captures: readonly Capture[]) {
    const left = formatNumber(batch.counts.toReview);
    return html`<div class="actions">
      <a class="button ${batch.counts.toReview > 0 ? "primary" : ""}" href=${hrefOf("review")}>
        ${icon("to-review")}${batch.counts.toReview > 0 ? msg(str`Review ${left}`) : msg("Review")}
      </a>
      <button type="button" @click=${() => void this.#sort()}>${icon("folder")}${msg("Sort into folders")}</button>
      <button type="button" @click=${() => void this.#saveReport(batch, captures)}>
        ${icon("report")}${msg("Report")}
      </button>
      ${
        batch.counts.decided > 0
          ? html`<button type="button" @click=${() => void this.#label()}>
              ${icon("data")}${msg("Add to a dataset")}
            </button>`
          : nothing
      }
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
                    @tamis-open=${() => void this.#openViewer(capture)}
                    @tamis-remove=${() => void this.#removeOne(capture, shown)}
                  ></tamis-capture-tile>`}
              ></tamis-virtual-grid>`
        }
      </section>
      <tamis-sorting-dialog
        .batch=${this.stores.read(this.classification.openBatch)}
        .captures=${captures}
      ></tamis-sorting-dialog>
      <tamis-labelling-dialog .captures=${captures}></tamis-labelling-dialog>
      <tamis-capture-viewer
        .captures=${shown}
        @tamis-remove=${(event: CustomEvent<Capture>) => void this.#remove([event.detail])}
      ></tamis-capture-viewer>`;
  }

  /** Not part of the first screen: there is nothing to compare before something came in. */
  protected override updated(): void {
    if (this.classification.captures.value.length > 0) void import("./batch-drift.ts");
  }

  #renderNoModel() {
    if (this.stores.read(this.models.awaitsStarter)) {
      return html`<tamis-empty-state symbol="models" role="status" .heading=${msg("Getting ready")}>
        ${msg("The model that comes with Tamis is being set up. It takes a moment, once.")}
      </tamis-empty-state>`;
    }
    return html`<tamis-empty-state symbol="models" .heading=${msg("No model yet")}>
      ${msg("Tamis needs a model to judge images: import one, or train your own on annotated images.")}
      <a slot="actions" class="button primary" href=${hrefOf("models")}>${msg("Import a model")}</a>
      <a slot="actions" class="button" href=${hrefOf("train")}>${msg("Train a model")}</a>
    </tamis-empty-state>`;
  }

  protected override render() {
    const captures = this.stores.read(this.classification.captures);
    const batch = this.stores.read(this.classification.openBatch);
    const hasModel = this.stores.read(this.models.defaultModelId) !== null;
    return html`<div class="stack">
      <div class="head">
        <div>
          <h1>${msg("Classify")}</h1>
          ${this.#renderModel()}
        </div>
        <div class="actions">
          ${
            batch
              ? html`<button type="button" class="quiet" @click=${() => void this.classification.open(null)}>
                  ${icon("classify")}${msg("New batch")}
                </button>`
              : nothing
          }
          ${
            this.stores.read(this.classification.batches).length > 0
              ? html`<a class="button quiet" href=${hrefOf("batches")}>${icon("history")}${msg("Earlier batches")}</a>`
              : nothing
          }
        </div>
      </div>
      ${
        hasModel
          ? html`<tamis-capture-intake
              ?empty=${batch === null}
              @tamis-files=${({ detail }: CustomEvent<Intake>) =>
                void this.#follow(this.classification.classify(detail.files, detail.origin))}
              @tamis-watch=${({ detail }: CustomEvent<FileSystemDirectoryHandle>) =>
                void this.#follow(this.classification.watch(detail))}
            ></tamis-capture-intake>`
          : html`<div class="card">${this.#renderNoModel()}</div>`
      }
      <tamis-batch-bar
        @tamis-resume=${({ detail }: CustomEvent<Resumption>) =>
          void this.#follow(this.classification.resume(detail.batchId, detail.files))}
        >${batch && captures.length > 0 ? this.#renderActions(batch, captures) : nothing}</tamis-batch-bar
      >
      <tamis-batch-drift .batch=${batch} .captures=${captures}></tamis-batch-drift>
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${captures.length > 0 ? this.#renderResults(captures) : hasModel && batch === null ? this.#renderVerdicts() : nothing}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-classify-screen": ClassifyScreen;
  }
}
