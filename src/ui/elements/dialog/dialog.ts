import { msg } from "@lit/localize";
import { css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { controls, foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon } from "../icon/icon.ts";

/**
 * A modal dialog: the native one, with a heading, a way out and a place for actions. Escape and a click beside it close it.
 * @slot - the content
 * @slot actions - buttons
 * @fires tamis-close - after it closed, however that came
 */
@customElement("tamis-dialog")
export class Dialog extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      dialog {
        width: min(var(--dialog-width, 30rem), calc(100vw - 2 * var(--space-4)));
        max-width: none;
        max-height: calc(100dvh - 2 * var(--space-4));
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius-large);
        background: var(--surface-raised);
        color: var(--ink);
        box-shadow: var(--shadow-high);
        overflow: auto;
      }
      dialog::backdrop {
        background: var(--scrim);
      }
      .frame {
        display: grid;
        gap: var(--space-4);
        padding: var(--space-5);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-4);
      }
      h2 {
        overflow-wrap: anywhere;
        min-width: 0;
      }
      header button {
        margin: -0.5rem -0.75rem -0.5rem 0;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--space-2);
      }
    `,
  ];

  @property() heading = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  /** Opens it, once it is rendered. */
  async show(): Promise<void> {
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
  }

  close(): void {
    this.dialog.close();
  }

  get open(): boolean {
    return this.dialog?.open ?? false;
  }

  /** Escape does the same by keyboard, so this is no control. */
  protected override firstUpdated(): void {
    this.dialog.addEventListener("click", (event) => this.#clicked(event));
  }

  /** Only the backdrop has the dialog itself as its target: everything in it lies in the frame. */
  #clicked(event: MouseEvent): void {
    if (event.target === this.dialog) this.close();
  }

  protected override render() {
    return html`<dialog aria-labelledby="heading" @close=${() => this.dispatchEvent(new Event("tamis-close"))}>
      <div class="frame">
        <header>
          <h2 id="heading">${this.heading}</h2>
          <button type="button" class="quiet icon-only" aria-label=${msg("Close")} @click=${() => this.close()}>
            ${icon("close")}
          </button>
        </header>
        <slot></slot>
        <footer><slot name="actions"></slot></footer>
      </div>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-dialog": Dialog;
  }
}
