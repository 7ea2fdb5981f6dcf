import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type ReviewDrift, reviewDrift } from "../../../domain/capture/agreement.ts";
import type { Batch } from "../../../domain/capture/batch.ts";
import { batchDrift } from "../../../domain/capture/batch-drift.ts";
import type { Capture } from "../../../domain/capture/capture.ts";
import {
  fewestCaptures,
  type ImageDrift,
  type ImageSummary,
  type StatisticDrift,
} from "../../../domain/drift/image-drift.ts";
import { classificationContext, modelContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import type { ClassificationService } from "../../services/classification-service.ts";
import type { ModelService } from "../../services/model-service.ts";
import { disclosures, foundation, layout, tables } from "../../styles/shared.ts";
import { differenceWords, imageStatisticWord, statisticNumber } from "../../text/drift.ts";
import { formatFixed, formatImages, formatShare } from "../../text/format.ts";

/** Says where a batch differs from what its model knows: in how much the model leaves to the person, and in what the images are like. */
@customElement("tamis-batch-drift")
export class BatchDrift extends TamisElement {
  static override styles = [
    foundation,
    layout,
    tables,
    disclosures,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      .warning {
        padding: var(--space-3) var(--space-4);
        background: var(--review-soft);
        border-color: transparent;
        box-shadow: none;
      }
      .icon {
        color: var(--review);
      }
      table {
        max-width: 44rem;
      }
      .soft {
        max-width: 72ch;
      }
    `,
  ];

  @consume({ context: classificationContext }) private classification!: ClassificationService;
  @consume({ context: modelContext }) private models!: ModelService;

  @property({ attribute: false }) batch: Batch | null = null;
  @property({ attribute: false }) captures: readonly Capture[] = [];

  /** Reckoned once for a list: it is shown again several times a second while captures come. */
  #last: { captures: readonly Capture[]; summary: ImageSummary; drift: ImageDrift | null } | null = null;

  #drift(summary: ImageSummary): ImageDrift | null {
    const { captures } = this;
    if (this.#last?.captures !== captures || this.#last.summary !== summary)
      this.#last = { captures, summary, drift: batchDrift(captures, summary) };
    return this.#last.drift;
  }

  #renderReview({ share, usual }: ReviewDrift) {
    const [now, before] = [formatShare(share), formatShare(usual)];
    return html`<p class="card warning" role="note">
      ${icon("warning")}
      ${msg(
        str`The model leaves ${now} of this batch to you; ${before} was usual. These images may differ from what it learnt from: look at the sure ones too, or train on some of them.`,
      )}
    </p>`;
  }

  #renderImages(remarkable: readonly StatisticDrift[]) {
    const differences = remarkable.map(differenceWords).join(", ");
    return html`<p class="card warning" role="note">
      ${icon("warning")}
      ${msg(
        str`These images are not like those that the model learnt from: ${differences}. Another scanner or another kind of document may be the reason, and its verdicts may be worth less: check a sample of the sure ones.`,
      )}
    </p>`;
  }

  #renderTable({ captures, statistics }: ImageDrift) {
    const images = formatImages(captures);
    return html`<details>
      <summary>${msg("Compared with the training images")}</summary>
      <div class="stack tight">
        <div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Compared with the training images")}>
          <table>
            <thead>
              <tr>
                <th scope="col">${msg("Median")}</th>
                <th scope="col" class="end">${msg("This batch")}</th>
                <th scope="col" class="end">${msg("Training images")}</th>
                <th scope="col" class="end">${msg("Shift")}</th>
              </tr>
            </thead>
            <tbody>
              ${statistics.map(
                (one) =>
                  html`<tr>
                    <th scope="row">${imageStatisticWord(one.name)}</th>
                    <td class="end">${statisticNumber(one.name, one.median)}</td>
                    <td class="end">${statisticNumber(one.name, one.trainingMedian)}</td>
                    <td class="end">
                      ${
                        one.isRemarkable
                          ? html`${icon("warning")}<span class="visually-hidden">${msg("Remarkable")}</span>`
                          : nothing
                      }
                      ${formatFixed(one.index, 2)}
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        <p class="small soft">
          ${msg(
            str`From ${images}, against training images in the same proportion of photos to others. The shift is the population stability index over tenths of the training images: by the usual rule, up to 0.1 is none and 0.25 and more is a major one; it is remarkable where it is also more than chance makes of so few images.`,
          )}
        </p>
      </div>
    </details>`;
  }

  #renderSilent() {
    return html`<p class="small soft">
      ${msg("This model does not say what its training images are like, so that a drift shows in the share left to you only. Models that Tamis trains from now on say it.")}
    </p>`;
  }

  protected override render() {
    const { batch, captures } = this;
    if (!batch) return nothing;
    const review = reviewDrift(batch, this.stores.read(this.classification.batches));
    const model = this.stores.read(this.models.models).find(({ id }) => id === batch.modelId);
    const summary = model?.metadata.images;
    const drift = summary ? this.#drift(summary) : null;
    const remarkable = drift?.statistics.filter(({ isRemarkable }) => isRemarkable) ?? [];
    const isSilent = model !== undefined && !summary && captures.length >= fewestCaptures;
    return html`${review ? this.#renderReview(review) : nothing}
    ${remarkable.length > 0 ? this.#renderImages(remarkable) : nothing} ${drift ? this.#renderTable(drift) : nothing}
    ${isSilent ? this.#renderSilent() : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-batch-drift": BatchDrift;
  }
}
