import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Batch } from "../../../domain/capture/batch.ts";
import { agreementByModel } from "../../../domain/capture/agreement.ts";
import { classificationContext } from "../../contexts.ts";
import { confirmAction } from "../../elements/dialog/ask.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/empty-state/empty-state.ts";
import { icon } from "../../elements/icon/icon.ts";
import { notify } from "../../elements/toast/notify.ts";
import { hrefOf } from "../../routes.ts";
import type { ClassificationService } from "../../services/classification-service.ts";
import { controls, foundation, layout, tables } from "../../styles/shared.ts";
import { batchStatusWord, batchTitle } from "../../text/batches.ts";
import { formatDateTime, formatNumber, formatShare } from "../../text/format.ts";

/** What was classified before: every batch with its model, its counts and what people decided. */
@customElement("tamis-batches-screen")
export class BatchesScreen extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    css`
      .search {
        position: relative;
        max-width: 24rem;
        flex: 1 1 14rem;
      }
      .search .icon {
        position: absolute;
        inset: 50% auto auto var(--space-3);
        translate: 0 -50%;
        color: var(--ink-soft);
      }
      .search input:not([type="radio"], [type="checkbox"], [type="file"]) {
        padding-inline-start: 2.4rem;
      }
      tbody button.title {
        justify-content: start;
        min-height: var(--target);
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
        text-align: start;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @consume({ context: classificationContext }) private classification!: ClassificationService;
  @state() private search = "";

  #found(batches: readonly Batch[]): readonly Batch[] {
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    return batches.filter((batch) => {
      const text = `${batchTitle(batch)} ${batch.modelName} ${formatDateTime(batch.createdAt)}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  async #open(batch: Batch): Promise<void> {
    await this.classification.open(batch.id);
    location.hash = hrefOf("classify");
  }

  async #remove(batches: readonly Batch[]): Promise<void> {
    const count = formatNumber(batches.length);
    const [first] = batches;
    if (!first) return;
    const title = batchTitle(first);
    const agreed = await confirmAction({
      heading: batches.length === 1 ? msg(str`Delete “${title}”?`) : msg(str`Delete all ${count} batches?`),
      text: msg(
        "Verdicts, decisions, small pictures and camera shots are deleted from this device. Your own files stay.",
      ),
      action: msg("Delete"),
      danger: true,
    });
    if (!agreed) return;
    const undo = await this.classification.removeBatches(batches.map(({ id }) => id));
    notify({ text: batches.length === 1 ? msg(str`“${title}” is deleted.`) : msg("The batches are deleted."), undo });
  }

  #renderRow(batch: Batch) {
    const { counts } = batch;
    const title = batchTitle(batch);
    return html`<tr>
      <th scope="row">
        <button type="button" class="title" @click=${() => void this.#open(batch)}>${title}</button>
        <div class="small soft">
          ${
            // What has no name of its own is called by its moment already.
            [
              ...(batch.name === "" ? [] : [formatDateTime(batch.createdAt)]),
              ...(batch.status === "finished" ? [] : [batchStatusWord(batch.status, batch.source)]),
            ].join(" · ")
          }
        </div>
      </th>
      <td>${batch.modelName === "" ? "–" : batch.modelName}</td>
      <td class="end">${formatNumber(batch.files)}</td>
      <td class="end">${formatNumber(counts.photo)}</td>
      <td class="end">${formatNumber(counts.notPhoto)}</td>
      <td class="end">${formatNumber(counts.toReview)}</td>
      <td class="end">${formatNumber(counts.unreadable)}</td>
      <td class="end">${formatNumber(counts.decided)}</td>
      <td class="end">
        <button
          type="button"
          class="quiet icon-only"
          aria-label=${msg(str`Delete “${title}”`)}
          @click=${() => void this.#remove([batch])}
        >
          ${icon("remove")}
        </button>
      </td>
    </tr>`;
  }

  #renderAgreement(batches: readonly Batch[]) {
    const rows = agreementByModel(batches);
    if (rows.length === 0) return nothing;
    return html`<section class="card stack tight">
      <h2>${msg("People and model")}</h2>
      <p class="soft">
        ${msg("Where a person decided on an image that the model was sure of. A spot check in the review gives such decisions; a share that falls says that the model no longer fits what comes in.")}
      </p>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${msg("People and model")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${msg("Model")}</th>
              <th scope="col" class="end">${msg("Compared")}</th>
              <th scope="col" class="end">${msg("Agreed")}</th>
              <th scope="col" class="end">${msg("Agreed, last 5 batches")}</th>
              <th scope="col" class="end">${msg("Left to the person")}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ modelName, compared, agreed, recent, doubtfulShare }) =>
                html`<tr>
                  <th scope="row">${modelName}</th>
                  <td class="end">${formatNumber(compared)}</td>
                  <td class="end">${agreed === null ? "–" : formatShare(agreed, 1)}</td>
                  <td class="end">${recent === null ? "–" : formatShare(recent, 1)}</td>
                  <td class="end">${formatShare(doubtfulShare, 1)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  protected override render() {
    const batches = this.stores.read(this.classification.batches);
    const found = this.#found(batches);
    if (batches.length === 0) {
      return html`<div class="stack">
        <h1>${msg("Earlier batches")}</h1>
        <div class="card">
          <tamis-empty-state symbol="history" .heading=${msg("Nothing was classified yet")}>
            ${msg("Every batch is kept here with its verdicts and decisions, until you delete it.")}
            <a slot="actions" class="button primary" href=${hrefOf("classify")}>${msg("Classify images")}</a>
          </tamis-empty-state>
        </div>
      </div>`;
    }
    return html`<div class="stack">
      <div class="head">
        <h1>${msg("Earlier batches")}</h1>
        <div class="search">
          ${icon("search")}
          <input
            type="search"
            aria-label=${msg("Search by name, model or day")}
            placeholder=${msg("Search by name, model or day")}
            .value=${this.search}
            @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
          />
        </div>
        <button type="button" class="danger" ?disabled=${found.length === 0} @click=${() => void this.#remove(found)}>
          ${icon("remove")}${this.search.trim() === "" ? msg("Delete all") : msg("Delete these")}
        </button>
      </div>
      <div class="card">
        <div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Earlier batches")}>
          <table>
            <thead>
              <tr>
                <th scope="col">${msg("Batch")}</th>
                <th scope="col">${msg("Model")}</th>
                <th scope="col" class="end">${msg("Files")}</th>
                <th scope="col" class="end">${msg("Photo")}</th>
                <th scope="col" class="end">${msg("Not a photo")}</th>
                <th scope="col" class="end">${msg("To review")}</th>
                <th scope="col" class="end">${msg("Unreadable")}</th>
                <th scope="col" class="end">${msg("Decided")}</th>
                <td></td>
              </tr>
            </thead>
            <tbody>
              ${found.map((batch) => this.#renderRow(batch))}
            </tbody>
          </table>
        </div>
        ${found.length === 0 ? html`<p class="soft" role="status">${msg("No batch fits these words.")}</p>` : nothing}
      </div>
      ${this.#renderAgreement(batches)}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-batches-screen": BatchesScreen;
  }
}
