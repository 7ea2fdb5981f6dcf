import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { comparableRuns } from "../../../domain/comparison/comparable.ts";
import type { Run } from "../../../domain/run/run.ts";
import type { ComparisonService } from "../../services/comparison-service.ts";
import { comparisonContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import { hrefOf, hrefOfSeveral } from "../../routes.ts";
import { controls, foundation, layout, tables } from "../../styles/shared.ts";
import { experimentWord } from "../../text/experiment-words.ts";
import { formatDateTime, formatNumber, formatShare, plural } from "../../text/format.ts";
import { statusWord } from "../../text/words.ts";

/** The runs so far; those that are ticked can be compared. */
@customElement("tamis-run-list")
export class RunList extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    css`
      tbody td,
      tbody th {
        height: var(--target);
      }
      td.end {
        white-space: nowrap;
      }
      tbody th a {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
      }
      .tick {
        width: 1%;
        padding-inline-end: 0;
      }
      .tick label {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        width: var(--target);
        height: var(--target);
        margin-inline-start: calc(-1 * var(--space-3));
        cursor: pointer;
      }
      .tick input {
        accent-color: var(--accent);
        width: 1.15rem;
        height: 1.15rem;
        margin: 0;
      }
      .head {
        min-height: var(--target);
      }
    `,
  ];

  @consume({ context: comparisonContext }) private comparisons!: ComparisonService;

  /** Newest first. */
  @property({ attribute: false }) runs: readonly Run[] = [];
  @state() private ticked: ReadonlySet<string> = new Set();

  get #ticked(): readonly Run[] {
    return this.runs.filter(({ id }) => this.ticked.has(id));
  }

  #tick(runId: string, isTicked: boolean): void {
    const ticked = new Set(this.ticked);
    if (isTicked) ticked.add(runId);
    else ticked.delete(runId);
    this.ticked = ticked;
  }

  /** Those that can be compared with what is ticked, with nothing to look for. */
  get #alike(): readonly Run[] {
    const [first] = this.#ticked;
    if (!first) return [];
    return this.runs.filter((run) => run.history.length > 0 && comparableRuns([first, run]).others.length === 0);
  }

  #renderChoice() {
    const ticked = this.#ticked;
    const alike = this.#alike;
    const count = formatNumber(ticked.length);
    // Oldest first, as in the report.
    const ids = ticked.map(({ id }) => id).reverse();
    return html`<div class="actions">
      ${
        ticked.length === 0
          ? html`<p class="soft small">${msg("Tick two runs or more to compare them.")}</p>`
          : html`<p class="soft small" role="status">
              ${plural(ticked.length, { one: msg(str`${count} run ticked`), other: msg(str`${count} runs ticked`) })}
            </p>`
      }
      ${
        ticked.length > 0 && alike.some(({ id }) => !this.ticked.has(id))
          ? html`<button
              type="button"
              class="quiet"
              @click=${() => (this.ticked = new Set([...this.ticked, ...alike.map(({ id }) => id)]))}
            >
              ${msg("Tick all on the same images")}
            </button>`
          : nothing
      }
      ${
        ticked.length > 1
          ? html`<a class="button primary" href=${hrefOfSeveral("compare", ids)}>${icon("report")}${msg("Compare")}</a>`
          : nothing
      }
    </div>`;
  }

  #renderRun(run: Run) {
    const isFinal = this.stores.read(this.comparisons.decisions).some(({ runId }) => runId === run.id);
    const last = run.history.at(-1);
    const done = formatNumber(run.history.length);
    const planned = formatNumber(run.experiment.epochs);
    const name = experimentWord(run.experiment);
    const seed = String(run.experiment.seed);
    const time = formatDateTime(run.createdAt);
    return html`<tr>
      <td class="tick">
        <label
          ><input
            type="checkbox"
            aria-label=${msg(str`Compare “${name}”, seed ${seed}, of ${time}`)}
            .checked=${this.ticked.has(run.id)}
            @change=${(event: Event) => this.#tick(run.id, (event.target as HTMLInputElement).checked)}
        /></label>
      </td>
      <th scope="row">
        <a href=${hrefOf("runs", run.id)}>${name} · ${time}</a>
        ${isFinal ? html`<span class="tag accent">${icon("star")}${msg("Final model")}</span>` : nothing}
      </th>
      <td>${run.datasetName}</td>
      <td class="end">${seed}</td>
      <td class="end">${formatNumber(run.experiment.inputSize)}</td>
      <td class="end">${msg(str`${done} of ${planned}`)}</td>
      <td class="end">${last ? formatShare(last.validationAccuracy, 1) : "–"}</td>
      <td>
        <span class="tag ${run.status === "failed" ? "danger" : run.status === "finished" ? "photo" : ""}">
          ${statusWord(run.status)}
        </span>
      </td>
    </tr>`;
  }

  protected override render() {
    return html`<section class="stack tight" aria-labelledby="runs">
      <div class="head">
        <h2 id="runs">${msg("Runs")}</h2>
        ${this.runs.length > 1 ? this.#renderChoice() : nothing}
      </div>
      <div class="card">
        <div class="table-scroll">
          <table>
            <caption class="visually-hidden">
              ${msg("Runs")}
            </caption>
            <thead>
              <tr>
                <td class="tick"></td>
                <th scope="col">${msg("Run")}</th>
                <th scope="col">${msg("Dataset")}</th>
                <th scope="col" class="end">${msg("Seed")}</th>
                <th scope="col" class="end">${msg("Size")}</th>
                <th scope="col" class="end">${msg("Epochs")}</th>
                <th scope="col" class="end">${msg("Validation accuracy")}</th>
                <th scope="col">${msg("Status")}</th>
              </tr>
            </thead>
            <tbody>
              ${repeat(
                this.runs,
                (run) => run.id,
                (run) => this.#renderRun(run),
              )}
            </tbody>
          </table>
        </div>
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-run-list": RunList;
  }
}
