import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { controls, foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon } from "../icon/icon.ts";
import { noticeEvent, type Notice } from "./notify.ts";

interface Shown {
  readonly id: number;
  readonly notice: Notice;
}

/** How long a message stays, in milliseconds; with something to press it stays longer. */
const lifetime = 6_000;
const lifetimeWithAction = 12_000;

/** Shows what `notify` sends. Time stands still while a pointer or the focus is on a message. */
@customElement("tamis-toasts")
export class Toasts extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      :host {
        position: fixed;
        z-index: 30;
        inset-inline: 0;
        bottom: calc(var(--bottom-bar, 0px) + var(--space-4));
        padding-inline: var(--space-4);
        pointer-events: none;
      }
      ul {
        display: grid;
        justify-items: center;
        gap: var(--space-2);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        max-width: min(36rem, 100%);
        min-height: var(--target);
        padding: var(--space-1) var(--space-1) var(--space-1) var(--space-4);
        border-radius: var(--radius);
        background: var(--ink);
        color: var(--ground);
        box-shadow: var(--shadow-high);
        pointer-events: auto;
        animation: rise 180ms ease-out;
      }
      .text {
        padding-block: var(--space-2);
        overflow-wrap: anywhere;
      }
      li button,
      li a.button {
        border-color: transparent;
        background: none;
        color: inherit;
        white-space: nowrap;
      }
      li button:hover:not(:disabled),
      li a.button:hover {
        border-color: currentcolor;
        background: none;
        color: inherit;
      }
      li .act {
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      li :focus-visible {
        outline-color: currentcolor;
        outline-offset: -4px;
      }
      @keyframes rise {
        from {
          opacity: 0;
          translate: 0 0.5rem;
        }
      }
    `,
  ];

  @state() private shown: readonly Shown[] = [];
  #next = 1;
  readonly #timers = new Map<number, number>();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(noticeEvent, this.#received);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(noticeEvent, this.#received);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  readonly #received = (event: Event): void => {
    const entry = { id: this.#next++, notice: (event as CustomEvent<Notice>).detail };
    this.shown = [...this.shown.slice(-2), entry];
    this.#startTimer(entry);
  };

  readonly #startTimer = ({ id, notice }: Shown): void => {
    this.#stopTimer(id);
    const stay = notice.undo || notice.link ? lifetimeWithAction : lifetime;
    this.#timers.set(
      id,
      window.setTimeout(() => this.#dismiss(id), stay),
    );
  };

  #stopTimer(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #dismiss(id: number): void {
    this.#stopTimer(id);
    this.shown = this.shown.filter((entry) => entry.id !== id);
  }

  #undo(entry: Shown): void {
    this.#dismiss(entry.id);
    void entry.notice.undo?.();
  }

  #renderOne(entry: Shown) {
    const { notice, id } = entry;
    return html`<li
      @pointerenter=${() => this.#stopTimer(id)}
      @pointerleave=${() => this.#startTimer(entry)}
      @focusin=${() => this.#stopTimer(id)}
      @focusout=${() => this.#startTimer(entry)}
    >
      ${notice.problem ? icon("warning") : nothing}
      <span class="text">${notice.text}</span>
      ${
        notice.undo
          ? html`<button type="button" class="act" @click=${() => this.#undo(entry)}>${msg("Undo")}</button>`
          : nothing
      }
      ${
        notice.link
          ? html`<a class="button act" href=${notice.link.href} @click=${() => this.#dismiss(id)}
              >${notice.link.text}</a
            >`
          : nothing
      }
      <button type="button" class="icon-only" aria-label=${msg("Dismiss")} @click=${() => this.#dismiss(id)}>
        ${icon("close")}
      </button>
    </li>`;
  }

  protected override render() {
    return html`<div role="status" aria-live="polite">
      <ul role="list">
        ${repeat(
          this.shown,
          (entry) => entry.id,
          (entry) => this.#renderOne(entry),
        )}
      </ul>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-toasts": Toasts;
  }
}
