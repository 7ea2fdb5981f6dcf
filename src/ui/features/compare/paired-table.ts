import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ReportedComparison, ReportedRun } from "../../../domain/report/contents.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { foundation, layout, tables } from "../../styles/shared.ts";
import { formatImages, formatNumber } from "../../text/format.ts";
import { textWriter } from "../../text/writer.ts";
import { differenceWord, runWord, verdictSentence } from "./words.ts";

/** One run against each other one, on the same images: who is right alone, how likely that is by chance, and what follows. */
@customElement("tamis-paired-runs")
export class PairedTable extends TamisElement {
  static override styles = [
    foundation,
    layout,
    tables,
    css`
      td.end {
        white-space: nowrap;
      }
      td small {
        display: block;
        color: var(--ink-soft);
        font-size: var(--text-small);
      }
      .verdict {
        min-width: 14rem;
        font-weight: 560;
      }
      .better {
        color: var(--photo);
      }
      .worse {
        color: var(--review);
      }
    `,
  ];

  @property({ attribute: false }) runs: readonly ReportedRun[] = [];
  @property({ attribute: false }) comparisons: readonly ReportedComparison[] = [];

  #nameOf(runId: string): string {
    const found = this.runs.find(({ run }) => run.id === runId);
    return found ? runWord(found.run) : "";
  }

  #renderRow(compared: ReportedComparison) {
    const { comparison, adjustedP, seeds, verdict, otherRunId } = compared;
    const { accuracy, balancedAccuracy } = comparison;
    const writer = textWriter();
    const count = seeds ? formatNumber(seeds.degreesOfFreedom + 1) : "";
    const kind = verdict === "a-better" ? "better" : verdict === "b-better" ? "worse" : "";
    return html`<tr>
      <th scope="row">${this.#nameOf(otherRunId)}</th>
      <td class="verdict ${kind}">${verdictSentence(compared, this.#nameOf(compared.runId))}</td>
      <td class="end">${differenceWord(balancedAccuracy.value, balancedAccuracy.interval)}</td>
      <td class="end">
        ${seeds ? html`${differenceWord(seeds.meanDifference, seeds.interval)}<small>${msg(str`over ${count} seeds`)}</small>` : "–"}
      </td>
      <td class="end">${formatNumber(accuracy.onlyA)} / ${formatNumber(accuracy.onlyB)}</td>
      <td class="end">${writer.pValue(accuracy.pValue)}</td>
      <td class="end">${writer.pValue(adjustedP)}</td>
    </tr>`;
  }

  protected override render() {
    const [first] = this.comparisons;
    if (!first) return nothing;
    const name = this.#nameOf(first.runId);
    const images = formatImages(first.comparison.images);
    const count = formatNumber(this.comparisons.length);
    return html`<div class="stack tight">
      <h3 id="caption">
        ${
          first.part === "test"
            ? msg(str`${name} against each other run, on the same ${images} kept for the test`)
            : msg(str`${name} against each other run, on the same ${images} held out for validation`)
        }
      </h3>
      <div class="table-scroll" tabindex="0" role="region" aria-labelledby="caption">
        <table aria-labelledby="caption">
          <thead>
            <tr>
              <th scope="col">${msg("Against")}</th>
              <th scope="col">${msg("Verdict")}</th>
              <th scope="col" class="end">${msg("Balanced accuracy, difference")}</th>
              <th scope="col" class="end">${msg("Over the same seeds")}</th>
              <th scope="col" class="end">${msg("Right alone: it / the other")}</th>
              <th scope="col" class="end">p</th>
              <th scope="col" class="end">${msg("p, corrected")}</th>
            </tr>
          </thead>
          <tbody>
            ${this.comparisons.map((compared) => this.#renderRow(compared))}
          </tbody>
        </table>
      </div>
      <p class="small soft">
        ${msg(
          str`Differences are ${name} less the other, with 95% intervals from a paired bootstrap of the images; over several seeds by Student’s paired t. p is McNemar’s exact test on the images that only one of both gets right, corrected for ${count} comparisons (Holm). Better means: the corrected p is at most 0.05, the interval of the balanced accuracy agrees, and the seeds do not speak against it.`,
        )}
      </p>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-paired-runs": PairedTable;
  }
}
