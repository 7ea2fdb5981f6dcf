import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CurveSeries } from "../../../domain/figure/curves.ts";
import type { Run } from "../../../domain/run/run.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/curves/curve-files.ts";
import { mostSeries } from "../../elements/curves/curves.ts";
import { foundation, layout } from "../../styles/shared.ts";
import { formatNumber } from "../../text/format.ts";
import { runWord } from "./words.ts";

/** The curves of several runs laid over each other; which of them is up to the person. */
@customElement("tamis-compared-curves")
export class ComparedCurves extends TamisElement {
  static override styles = [
    foundation,
    layout,
    css`
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      legend {
        padding: 0;
        font-weight: 560;
      }
      .choices {
        display: grid;
        gap: 0 var(--space-4);
        grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr));
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--target);
        cursor: pointer;
      }
      input {
        accent-color: var(--accent);
        width: 1.15rem;
        height: 1.15rem;
        margin: 0;
        flex: none;
      }
    `,
  ];

  @property({ attribute: false }) runs: readonly Run[] = [];
  @state() private shown: ReadonlySet<string> = new Set();

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("runs");
    const idsOf = (runs: readonly Run[] = []): string => runs.map(({ id }) => id).join();
    if (changed.has("runs") && idsOf(before) !== idsOf(this.runs)) {
      this.shown = new Set(this.#withCurves.slice(0, mostSeries).map(({ id }) => id));
    }
  }

  get #withCurves(): readonly Run[] {
    return this.runs.filter(({ history }) => history.length > 0);
  }

  #show(runId: string, isShown: boolean): void {
    const shown = new Set(this.shown);
    if (isShown) shown.add(runId);
    else shown.delete(runId);
    this.shown = shown;
  }

  protected override render() {
    const runs = this.#withCurves;
    const series = runs.flatMap((run): CurveSeries[] =>
      this.shown.has(run.id) ? [{ name: runWord(run), history: run.history }] : [],
    );
    const isFull = series.length >= mostSeries;
    const most = formatNumber(mostSeries);
    return html`<div class="stack">
      <fieldset>
        <legend>${msg("Runs that are shown")}</legend>
        ${
          runs.length > mostSeries
            ? html`<p class="small soft">${msg(str`At most ${most} at a time, so that they can be told apart.`)}</p>`
            : nothing
        }
        <div class="choices">
          ${runs.map(
            (run) =>
              html`<label>
                <input
                  type="checkbox"
                  .checked=${this.shown.has(run.id)}
                  ?disabled=${isFull && !this.shown.has(run.id)}
                  @change=${(event: Event) => this.#show(run.id, (event.target as HTMLInputElement).checked)}
                />
                ${runWord(run)}
              </label>`,
          )}
        </div>
      </fieldset>
      ${
        series.length === 0
          ? html`<p class="soft">${msg("Tick a run to see its curves.")}</p>`
          : html`<tamis-curves .series=${series}></tamis-curves>
              <tamis-curve-files .series=${series} .name=${msg("comparison")}></tamis-curve-files>`
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-compared-curves": ComparedCurves;
  }
}
