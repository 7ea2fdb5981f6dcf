import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { FindingDecision } from "../../../../domain/vetting/decisions.ts";
import type { ImageFinding, ImageFindingKind } from "../../../../domain/vetting/image-findings.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { controls, foundation } from "../../../styles/shared.ts";
import { formatNumber, plural } from "../../../text/format.ts";

/**
 * Decides about all findings of a kind that nobody decided about; nothing where there are none.
 * @fires tamis-decide-all - detail: FindingDecision
 */
@customElement("tamis-bulk-decisions")
export class BulkDecisions extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      div.bulk {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        padding: var(--space-3) var(--space-4);
        border-radius: var(--radius);
        background: var(--surface-sunken);
      }
      .move {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      select {
        width: auto;
        max-width: 14rem;
      }
    `,
  ];

  @property({ attribute: false }) kind: ImageFindingKind = "near-duplicates";
  /** Those that nobody decided about. */
  @property({ attribute: false }) findings: readonly ImageFinding[] = [];
  @property({ attribute: false }) classNames: readonly string[] = [];
  @query("select") private target!: HTMLSelectElement;

  #decide(decision: FindingDecision): void {
    this.dispatchEvent(new CustomEvent<FindingDecision>("tamis-decide-all", { detail: decision }));
  }

  protected override render() {
    if (this.findings.length === 0) return nothing;
    const count = formatNumber(this.findings.length);
    const copies = this.kind === "exact-duplicates" ? msg("Keep one of each") : msg("Keep the largest of each");
    const haveCopies = this.kind === "exact-duplicates" || this.kind === "near-duplicates";
    return html`<div class="bulk" role="group" aria-labelledby="what">
      <strong id="what"
        >${plural(this.findings.length, { one: msg("The undecided one:"), other: msg(str`All ${count} undecided:`) })}</strong
      >
      ${
        haveCopies
          ? html`<button type="button" @click=${() => this.#decide({ kind: "leave-out-copies" })}>${copies}</button>`
          : nothing
      }
      <button type="button" @click=${() => this.#decide({ kind: "keep" })}>${msg("Keep")}</button>
      <button type="button" @click=${() => this.#decide({ kind: "leave-out" })}>${msg("Leave out")}</button>
      <span class="move">
        <label for="target">${msg("Move to")}</label>
        <select id="target">
          ${this.classNames.map((name) => html`<option value=${name}>${name}</option>`)}
        </select>
        <button type="button" @click=${() => this.#decide({ kind: "move", className: this.target.value })}>
          ${msg("Move")}
        </button>
      </span>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-bulk-decisions": BulkDecisions;
  }
}
