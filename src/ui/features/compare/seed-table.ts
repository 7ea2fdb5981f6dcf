/** Settings that were trained with several seeds: how far chance alone moves the result. */
import { msg } from "@lit/localize";
import { html, nothing } from "lit";
import { settingOf } from "../../../domain/comparison/comparable.ts";
import { mean, sampleDeviation } from "../../../domain/metrics/statistics.ts";
import type { ReportedRun } from "../../../domain/report/contents.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import { experimentWord } from "../../text/experiment-words.ts";
import { formatFixed, formatNumber, formatShare } from "../../text/format.ts";

interface Setting {
  readonly name: string;
  readonly scores: readonly number[];
}

/** With the balanced accuracy that each seed reached; those of a single seed are left out. */
function severalSeeds(runs: readonly ReportedRun[], part: JudgedPart): Setting[] {
  const settings = new Map<string, { readonly name: string; readonly scores: number[] }>();
  for (const reported of runs) {
    const value = reported[part]?.figures.balancedAccuracy.value;
    if (value === null || value === undefined) continue;
    const key = settingOf(reported.run);
    const setting = settings.get(key) ?? { name: experimentWord(reported.run.experiment), scores: [] };
    settings.set(key, setting);
    setting.scores.push(value);
  }
  return [...settings.values()].filter(({ scores }) => scores.length > 1);
}

export function renderSeeds(runs: readonly ReportedRun[], part: JudgedPart) {
  const settings = severalSeeds(runs, part);
  if (settings.length === 0) return nothing;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Seeds of one setting")}>
    <table>
      <caption>
        ${msg("What the seed alone changes: balanced accuracy of one setting")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${msg("Setting")}</th>
          <th scope="col" class="end">${msg("Seeds")}</th>
          <th scope="col" class="end">${msg("Mean")}</th>
          <th scope="col" class="end">${msg("Standard deviation, points")}</th>
          <th scope="col" class="end">${msg("Lowest")}</th>
          <th scope="col" class="end">${msg("Highest")}</th>
        </tr>
      </thead>
      <tbody>
        ${settings.map(
          ({ name, scores }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="end">${formatNumber(scores.length)}</td>
              <td class="end">${formatShare(mean(scores), 1)}</td>
              <td class="end">${formatFixed(100 * sampleDeviation(scores), 1)}</td>
              <td class="end">${formatShare(Math.min(...scores), 1)}</td>
              <td class="end">${formatShare(Math.max(...scores), 1)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
