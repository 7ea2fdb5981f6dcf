import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CurveSeries } from "../../../domain/figure/curves.ts";
import type { EpochValues } from "../../../domain/run/run.ts";
import { disclosures, foundation, tables } from "../../styles/shared.ts";
import { formatDuration, formatFixed, formatNumber, formatShare } from "../../text/format.ts";
import { styleMap } from "../base/style-map.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { FigureController, figures } from "../figures/figure-controller.ts";
import { curvesStyles } from "./curves.styles.ts";
import type { PanelSeries } from "./figure.ts";

const gap = 24;
/** Below this width, in pixels, the panels stand one below the other. */
const twoPanels = 600;
/** As many as there are colours to tell them apart by. */
export const mostSeries = 8;

/** Keys that move along the epochs, and by how far. */
const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 5,
  PageDown: -5,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/**
 * Accuracy and loss, for training and validation, epoch by epoch: of one run, or of several laid over each other. The values of an epoch are shown
 * and said where a pointer or the arrow keys point at it; before that, those of the last one.
 */
@customElement("tamis-curves")
export class Curves extends TamisElement {
  static override styles = [
    foundation,
    tables,
    disclosures,
    figures,
    curvesStyles,
    css`
      .panels {
        gap: var(--space-4) ${gap}px;
      }
    `,
  ];

  /** Of one run. */
  @property({ attribute: false }) history: readonly EpochValues[] = [];
  /** Of several runs, at most `mostSeries`; `history` is left out then. */
  @property({ attribute: false }) series: readonly CurveSeries[] = [];
  /** Epochs that the run will have at most. */
  @property({ type: Number }) epochs = 0;
  @state() private pointed: number | null = null;
  readonly #figure = new FigureController(this);

  get #all(): readonly CurveSeries[] {
    return this.series.length > 0 ? this.series.slice(0, mostSeries) : [{ name: "", history: this.history }];
  }

  get #epochsDone(): number {
    return Math.max(0, ...this.#all.map(({ history }) => history.at(-1)?.epoch ?? 0));
  }

  #keyPressed(event: KeyboardEvent): void {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const last = this.#epochsDone;
    this.pointed = Math.min(last, Math.max(1, (this.pointed ?? last) + step));
  }

  #moved(event: PointerEvent, width: number, epochs: number): void {
    const { drawings } = this.#figure;
    const { left } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const epoch = drawings?.epochAt(event.clientX - left, { width, epochs });
    if (epoch !== undefined) this.pointed = Math.min(epoch, this.#epochsDone);
  }

  #renderPanel(kind: "accuracy" | "loss", width: number, epochs: number, label: string) {
    const title = kind === "accuracy" ? msg("Accuracy") : msg("Loss");
    const { drawings } = this.#figure;
    const colours = this.#all.map(({ history }, index): PanelSeries => {
      const colour = `var(--series-${index + 1})`;
      return this.series.length > 0
        ? { history, training: colour, validation: colour }
        : { history, training: "var(--series-training)", validation: "var(--series-validation)" };
    });
    const figure =
      drawings && width > 0
        ? drawings.drawPanel({ kind, width, series: colours, epochs, epoch: this.pointed, label })
        : nothing;
    // The figure is for the eye; the values beside it say the same in words.
    return html`<div>
      <h3>${title}</h3>
      <div
        class="figure"
        aria-hidden="true"
        @pointermove=${(event: PointerEvent) => this.#moved(event, width, epochs)}
        @pointerdown=${(event: PointerEvent) => this.#moved(event, width, epochs)}
      >
        ${figure}
      </div>
    </div>`;
  }

  #valuesAt({ history }: CurveSeries, epoch: number): EpochValues | undefined {
    return history.find((values) => values.epoch === epoch);
  }

  /** What a screen reader says of an epoch. */
  #words(epoch: number): string {
    const said = this.#all.map((one) => {
      const values = this.#valuesAt(one, epoch);
      const before = one.name === "" ? "" : `${one.name}: `;
      if (!values) return `${before}${msg("no such epoch")}`;
      const accuracy = formatShare(values.accuracy, 1);
      const validationAccuracy = formatShare(values.validationAccuracy, 1);
      const loss = formatFixed(values.loss, 3);
      const validationLoss = formatFixed(values.validationLoss, 3);
      return `${before}${msg(
        str`accuracy ${accuracy}, on validation ${validationAccuracy}; loss ${loss}, on validation ${validationLoss}`,
      )}`;
    });
    return `${this.#epochWord(epoch)}. ${said.join(". ")}`;
  }

  #epochWord(epoch: number): string {
    const number = formatNumber(epoch);
    return msg(str`Epoch ${number}`);
  }

  #renderReadout(epoch: number) {
    const cell = (value: string | undefined) => html`<td class="end">${value ?? "–"}</td>`;
    return html`<div class="table-scroll readout" tabindex="0" role="region" aria-label=${msg("Values of an epoch")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${this.#epochWord(epoch)}</th>
            <th scope="col" class="end">${msg("Training accuracy")}</th>
            <th scope="col" class="end">${msg("Validation accuracy")}</th>
            <th scope="col" class="end">${msg("Training loss")}</th>
            <th scope="col" class="end">${msg("Validation loss")}</th>
          </tr>
        </thead>
        <tbody>
          ${this.#all.map((one, index) => {
            const values = this.#valuesAt(one, epoch);
            return html`<tr>
              <th scope="row">
                ${
                  this.series.length > 0
                    ? html`<span class="swatch" style=${styleMap({ background: `var(--series-${index + 1})` })}></span
                        >${one.name}`
                    : html`<span class="soft">${msg("This run")}</span>`
                }
              </th>
              ${cell(values && formatShare(values.accuracy, 1))}
              ${cell(values && formatShare(values.validationAccuracy, 1))}
              ${cell(values && formatFixed(values.loss, 3))} ${cell(values && formatFixed(values.validationLoss, 3))}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  #renderTable() {
    return html`<details>
      <summary>${msg("Values as a table")}</summary>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Values by epoch")}>
        <table>
          <caption class="visually-hidden">
            ${msg("Values by epoch")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${msg("Epoch")}</th>
              <th scope="col" class="end">${msg("Training loss")}</th>
              <th scope="col" class="end">${msg("Validation loss")}</th>
              <th scope="col" class="end">${msg("Training accuracy")}</th>
              <th scope="col" class="end">${msg("Validation accuracy")}</th>
              <th scope="col" class="end">${msg("Duration")}</th>
            </tr>
          </thead>
          <tbody>
            ${this.history.map(
              (values) =>
                html`<tr>
                  <th scope="row">${formatNumber(values.epoch)}</th>
                  <td class="end">${formatFixed(values.loss, 4)}</td>
                  <td class="end">${formatFixed(values.validationLoss, 4)}</td>
                  <td class="end">${formatShare(values.accuracy, 1)}</td>
                  <td class="end">${formatShare(values.validationAccuracy, 1)}</td>
                  <td class="end">${formatDuration(values.seconds)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  #renderLegend() {
    const several = this.series.length > 0 ? "several" : "";
    return html`<div class="legend ${several}">
      <span
        ><svg class="training" viewBox="0 0 32 12" aria-hidden="true">
          <path d="M0 6h32" stroke="currentColor" stroke-width="2.25" />
          <circle cx="16" cy="6" r="3" fill="currentColor" /></svg
        >${msg("Training")}</span
      >
      <span
        ><svg class="validation" viewBox="0 0 32 12" aria-hidden="true">
          <path d="M0 6h32" stroke="currentColor" stroke-width="2.25" stroke-dasharray="6 4" />
          <circle cx="16" cy="6" r="3" fill="var(--surface)" stroke="currentColor" stroke-width="1.5" /></svg
        >${msg("Validation")}</span
      >
    </div>`;
  }

  protected override render() {
    const { width, isUnavailable } = this.#figure;
    const two = width >= twoPanels;
    const panelWidth = two ? Math.floor((width - gap) / 2) : width;
    const last = this.#epochsDone;
    const epochs = Math.max(this.epochs, last);
    const epoch = Math.min(this.pointed ?? last, last);
    const label = msg("Epoch");
    return html`
      ${this.#renderLegend()}
      ${
        isUnavailable
          ? html`<p class="soft">${msg("The figure could not be loaded; the table has its values.")}</p>`
          : html`<div
              class="panels ${two ? "two" : ""}"
              role=${last > 0 ? "slider" : nothing}
              tabindex=${last > 0 ? "0" : nothing}
              aria-label=${last > 0 ? msg("Epoch whose values are shown") : nothing}
              aria-valuemin=${last > 0 ? "1" : nothing}
              aria-valuemax=${last > 0 ? String(last) : nothing}
              aria-valuenow=${last > 0 ? String(epoch) : nothing}
              aria-valuetext=${last > 0 ? this.#words(epoch) : nothing}
              @keydown=${this.#keyPressed}
              @pointerleave=${() => (this.pointed = null)}
            >
              ${this.#renderPanel("accuracy", panelWidth, epochs, label)}
              ${this.#renderPanel("loss", panelWidth, epochs, label)}
            </div>`
      }
      ${last > 0 ? this.#renderReadout(epoch) : nothing}
      ${this.series.length === 0 && last > 0 ? this.#renderTable() : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-curves": Curves;
  }
}
