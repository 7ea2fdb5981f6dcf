import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Progress } from "../../services/progress.ts";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber, formatRate, formatTimeLeft } from "../../text/format.ts";
import { TamisElement } from "../base/tamis-element.ts";

/**
 * How far a long task is: done of total, rate, time left, and a way to cancel.
 * @fires tamis-cancel - the person wants it to end
 */
@customElement("tamis-progress-line")
export class ProgressLine extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        row-gap: var(--space-1);
        align-items: center;
      }
      .text {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-4);
        align-items: baseline;
      }
      .label {
        flex: 1 1 auto;
      }
      progress {
        grid-column: 1;
        width: 100%;
        height: 0.5rem;
        appearance: none;
        border: 0;
        border-radius: var(--radius-round);
        background: var(--surface-sunken);
        overflow: hidden;
      }
      progress::-webkit-progress-bar {
        background: var(--surface-sunken);
      }
      progress::-webkit-progress-value {
        background: var(--accent);
        border-radius: var(--radius-round);
        transition: width 200ms linear;
      }
      progress::-moz-progress-bar {
        background: var(--accent);
        border-radius: var(--radius-round);
      }
      progress:indeterminate {
        background: linear-gradient(90deg, var(--surface-sunken) 30%, var(--accent) 50%, var(--surface-sunken) 70%) 0 /
          300%;
        animation: sweep 1.6s linear infinite;
      }
      progress:indeterminate::-webkit-progress-bar {
        background: none;
      }
      @keyframes sweep {
        from {
          background-position: 150%;
        }
        to {
          background-position: -150%;
        }
      }
      button {
        grid-column: 2;
        grid-row: 1 / span 2;
        margin-inline-start: var(--space-4);
      }
    `,
  ];

  /** What is being done, for example “Importing dev”. */
  @property() label = "";
  /** Null while nothing is known yet. */
  @property({ attribute: false }) progress: Progress | null = null;
  @property({ type: Boolean }) cancellable = false;

  #counts(progress: Progress) {
    const done = formatNumber(progress.done);
    const total = formatNumber(progress.total);
    return html`<span>${msg(str`${done} of ${total}`)}</span>${
        progress.rate === null ? nothing : html`<span>${formatRate(progress.rate)}</span>`
      }${progress.secondsLeft === null ? nothing : html`<span>${formatTimeLeft(progress.secondsLeft)}</span>`}`;
  }

  protected override render() {
    const { progress } = this;
    return html`
      <div class="text">
        <span class="label">${this.label}</span>
        <span class="text soft small number">${progress ? this.#counts(progress) : nothing}</span>
      </div>
      ${
        progress && progress.total > 0
          ? html`<progress aria-label=${this.label} max=${progress.total} .value=${progress.done}></progress>`
          : html`<progress aria-label=${this.label}></progress>`
      }
      ${
        this.cancellable
          ? html`<button type="button" @click=${() => this.dispatchEvent(new Event("tamis-cancel"))}>
              ${msg("Cancel")}
            </button>`
          : nothing
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-progress-line": ProgressLine;
  }
}
