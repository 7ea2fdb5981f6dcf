import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Failure } from "../../../contract/outcome.ts";
import { foundation } from "../../styles/shared.ts";
import { failureRemedy, failureTitle } from "../../text/words.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon } from "../icon/icon.ts";

/** What went wrong, the particulars, and what to do. Particulars are English, as the engine wrote them. */
@customElement("tamis-failure-note")
export class FailureNote extends TamisElement {
  static override styles = [
    foundation,
    css`
      :host(:not([shown])) {
        display: none;
      }
      div {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-1) var(--space-3);
        padding: var(--space-3) var(--space-4);
        border-radius: var(--radius);
        background: var(--danger-soft);
        color: var(--ink);
      }
      .icon {
        color: var(--danger);
        margin-top: 0.15rem;
      }
      p {
        grid-column: 2;
      }
      .title {
        font-weight: 620;
      }
    `,
  ];

  @property({ attribute: false }) failure: Failure | null = null;

  /** Without something to say it takes no room, not even a gap. */
  protected override willUpdate(): void {
    this.toggleAttribute("shown", this.failure !== null && this.failure.code !== "cancelled");
  }

  protected override render() {
    const { failure } = this;
    if (!failure || failure.code === "cancelled") return nothing;
    const remedy = failureRemedy(failure.code);
    return html`<div role="alert">
      ${icon("warning")}
      <p class="title">${failureTitle(failure.code)}</p>
      ${remedy ? html`<p>${remedy}</p>` : nothing}
      <p class="small soft" lang="en">${failure.message} ${failure.remedy}</p>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-failure-note": FailureNote;
  }
}
