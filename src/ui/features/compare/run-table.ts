import { msg, str } from "@lit/localize";
import { css, html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { RunFinding } from "../../../domain/analysis/findings.ts";
import type { Figure } from "../../../domain/metrics/figures.ts";
import type { ReportedRun } from "../../../domain/report/contents.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import { computedSeconds } from "../../../domain/run/run.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { hrefOf } from "../../routes.ts";
import { controls, foundation, layout, tables } from "../../styles/shared.ts";
import { formatBytes, formatDuration, formatFixed, formatNumber } from "../../text/format.ts";
import { intervalText } from "../evaluation/words.ts";
import { runWord, shareIntervalWord, shareWord } from "./words.ts";

interface Column {
  readonly id: string;
  readonly label: string;
  /** What the rows are sorted by; null stands last. */
  readonly value: (reported: ReportedRun) => number | string | null;
  readonly show: (reported: ReportedRun) => unknown;
  /** Whether a first click puts the largest on top. */
  readonly isMoreBetter?: boolean;
}

/** The runs with their figures on one part, and what they cost; sorted by whichever column is asked for. */
@customElement("tamis-compared-runs")
export class ComparedRuns extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    css`
      thead button {
        min-height: var(--target);
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font-size: inherit;
        text-align: inherit;
        justify-content: inherit;
      }
      thead .end button {
        width: 100%;
        justify-content: end;
      }
      thead button:hover:not(:disabled) {
        background: none;
        color: var(--ink);
        text-decoration: underline;
      }
      .arrow {
        width: 0.6em;
        flex: none;
      }
      table {
        font-size: var(--text-small);
      }
      th,
      td {
        padding-inline: var(--space-2);
      }
      th:first-child {
        position: sticky;
        left: 0;
        z-index: 1;
        min-width: 9rem;
        background: var(--surface);
      }
      tbody th a {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
      }
      tbody th .tag {
        display: table;
        margin-bottom: var(--space-2);
      }
      td.end {
        white-space: nowrap;
      }
      td small {
        display: block;
        color: var(--ink-soft);
        font-size: var(--text-small);
      }
      .strip {
        display: block;
        width: 8rem;
        height: 1rem;
        margin-inline-start: auto;
      }
      .strip .range {
        stroke: var(--accent);
        stroke-width: 2;
      }
      .strip .middle {
        fill: var(--accent);
      }
      .strip .grid {
        stroke: var(--line);
      }
    `,
  ];

  @property({ attribute: false }) runs: readonly ReportedRun[] = [];
  @property({ attribute: false }) judgedPart: JudgedPart = "validation";
  /** The run that was decided for; null where none was. */
  @property({ attribute: false }) finalRunId: string | null = null;
  @state() private sorting: { readonly column: string; readonly isDescending: boolean } = {
    column: "balanced",
    isDescending: true,
  };

  get #columns(): readonly Column[] {
    const { judgedPart: part } = this;
    const share = (
      id: string,
      label: string,
      of: (figures: NonNullable<ReportedRun["test"]>["figures"]) => Figure,
    ) => ({
      id,
      label,
      isMoreBetter: true,
      value: (reported: ReportedRun) => (reported[part] ? of(reported[part].figures).value : null),
      show: (reported: ReportedRun) => {
        if (!reported[part]) return "–";
        const figure = of(reported[part].figures);
        return html`${shareWord(figure)}<small>${shareIntervalWord(figure)}</small>`;
      },
    });
    return [
      { id: "run", label: msg("Run"), value: ({ run }) => runWord(run), show: () => nothing },
      {
        id: "balanced",
        label: msg("Balanced accuracy"),
        isMoreBetter: true,
        value: (reported) => reported[part]?.figures.balancedAccuracy.value ?? null,
        show: (reported) => {
          const figure = reported[part]?.figures.balancedAccuracy;
          if (!figure) return "–";
          return html`${shareWord(figure)}<small>${shareIntervalWord(figure)}</small>${this.#renderStrip(figure)}`;
        },
      },
      share("accuracy", msg("Accuracy"), ({ accuracy }) => accuracy),
      {
        id: "auroc",
        label: "AUROC",
        isMoreBetter: true,
        value: (reported) => reported[part]?.figures.auroc.value ?? null,
        show: (reported) => {
          const { value = null, interval = null } = reported[part]?.figures.auroc ?? {};
          const low = formatFixed(interval?.[0] ?? 0, 3);
          const high = formatFixed(interval?.[1] ?? 0, 3);
          return value === null
            ? "–"
            : html`${formatFixed(value, 3)}<small>${interval ? intervalText(low, high) : nothing}</small>`;
        },
      },
      share("precision", msg("Precision"), ({ precision }) => precision),
      share("recall", msg("Recall"), ({ recall }) => recall),
      {
        id: "size",
        label: msg("Size, parameters"),
        value: ({ weightBytes }) => weightBytes,
        show: ({ weightBytes, run }) =>
          html`${weightBytes === null ? "–" : formatBytes(weightBytes)}<small
              >${run.engine ? formatNumber(run.engine.parameters) : nothing}</small
            >`,
      },
      {
        id: "speed",
        label: msg("Time, work per scan"),
        value: ({ millisecondsPerImage: time }) => time,
        show: ({ millisecondsPerImage: time, operations }) =>
          html`${time === null ? msg("not measured") : `${formatNumber(time, time < 10 ? 1 : 0)} ms`}<small
              >${operations === null ? nothing : `${formatNumber(operations / 1e6)} MFLOP`}</small
            >`,
      },
      {
        id: "training",
        label: msg("Training time"),
        value: ({ run }) => computedSeconds(run),
        show: ({ run }) => {
          const step = run.engine ? formatNumber(run.engine.millisecondsPerStep) : "";
          return html`${formatDuration(computedSeconds(run))}<small
              >${step ? msg(str`${step} ms a step`) : nothing}</small
            >`;
        },
      },
      {
        id: "memory",
        label: msg("Memory"),
        value: ({ run }) => run.engine?.peakHeapBytes ?? null,
        show: ({ run }) => (run.engine ? formatBytes(run.engine.peakHeapBytes) : "–"),
      },
    ];
  }

  /** On one scale for all runs, so that intervals can be seen to overlap. */
  #renderStrip(figure: Figure) {
    if (!figure.interval || figure.value === null) return nothing;
    const intervals = this.runs.flatMap(
      (reported) => reported[this.judgedPart]?.figures.balancedAccuracy.interval ?? [],
    );
    const [low, high] = [Math.min(...intervals), Math.max(...intervals)];
    const x = (value: number): number => (high === low ? 80 : 8 + (144 * (value - low)) / (high - low));
    const [from, to] = figure.interval;
    // The figures beside it say the same in words.
    return html`<svg class="strip" viewBox="0 0 160 20" aria-hidden="true">
      ${svg`<line class="grid" x1="8" y1="10" x2="152" y2="10"></line>
      <line class="range" x1=${x(from)} y1="10" x2=${x(to)} y2="10"></line>
      <line class="range" x1=${x(from)} y1="5" x2=${x(from)} y2="15"></line>
      <line class="range" x1=${x(to)} y1="5" x2=${x(to)} y2="15"></line>
      <circle class="middle" cx=${x(figure.value)} cy="10" r="4.5"></circle>`}
    </svg>`;
  }

  #renderTags({ run, findings }: ReportedRun) {
    const has = (kind: RunFinding["kind"]): boolean => findings.some((finding) => finding.kind === kind);
    return html`${run.id === this.finalRunId ? html`<span class="tag accent">${msg("Final model")}</span>` : nothing}
    ${has("collapsed") ? html`<span class="tag danger">${msg("Collapsed to one class")}</span>` : nothing}
    ${has("diverged") ? html`<span class="tag danger">${msg("Diverged")}</span>` : nothing}
    ${has("cut-short") ? html`<span class="tag review">${msg("Cut short")}</span>` : nothing}`;
  }

  #sortBy({ id, isMoreBetter = false }: Column): void {
    const { column, isDescending } = this.sorting;
    this.sorting = { column: id, isDescending: column === id ? !isDescending : isMoreBetter };
  }

  #sorted(columns: readonly Column[]): readonly ReportedRun[] {
    const { column, isDescending } = this.sorting;
    const valueOf = columns.find(({ id }) => id === column)?.value ?? (() => null);
    return [...this.runs].sort((a, b) => {
      const [valueA, valueB] = [valueOf(a), valueOf(b)];
      if (valueA === null || valueB === null) return Number(valueA === null) - Number(valueB === null);
      const order =
        typeof valueA === "number" && typeof valueB === "number"
          ? valueA - valueB
          : String(valueA).localeCompare(String(valueB));
      return isDescending ? -order : order;
    });
  }

  protected override render() {
    const columns = this.#columns;
    const { column: sorted, isDescending } = this.sorting;
    const direction = isDescending ? "descending" : "ascending";
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Figures of the runs")}>
      <table>
        <caption class="visually-hidden">
          ${msg("Figures of the runs")}
        </caption>
        <thead>
          <tr>
            ${columns.map(
              (column) =>
                html`<th
                  scope="col"
                  class=${column.id === "run" ? "" : "end"}
                  aria-sort=${column.id === sorted ? direction : "none"}
                >
                  <button type="button" @click=${() => this.#sortBy(column)}>
                    ${column.label}<span class="arrow" aria-hidden="true"
                      >${column.id === sorted ? (isDescending ? "↓" : "↑") : ""}</span
                    >
                  </button>
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            this.#sorted(columns),
            ({ run }) => run.id,
            (reported) =>
              html`<tr>
                <th scope="row">
                  <a href=${hrefOf("runs", reported.run.id)}>${runWord(reported.run)}</a>
                  ${this.#renderTags(reported)}
                </th>
                ${columns.slice(1).map((column) => html`<td class="end">${column.show(reported)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-compared-runs": ComparedRuns;
  }
}
