import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { controls, foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import type { Dialog } from "./dialog.ts";
import "./dialog.ts";

/** What to ask: with `field`, for a text; without, for a yes. */
export interface Question {
  readonly heading: string;
  readonly text?: string;
  readonly field?: { readonly label: string; readonly value: string };
  /** The button that goes ahead, named for what it does. */
  readonly action: string;
  readonly danger?: boolean;
}

/**
 * One question in a modal dialog, on the page for as long as it is asked.
 * @fires tamis-answer - detail: the text (for a plain question an empty one), or null where the person thought better of it
 */
@customElement("tamis-question")
export class QuestionDialog extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      form {
        display: grid;
        gap: var(--space-4);
      }
      p {
        text-wrap: pretty;
      }
    `,
  ];

  @property({ attribute: false }) question: Question = { heading: "", action: "" };
  @query("tamis-dialog") private dialog!: Dialog;
  @query("input") private input!: HTMLInputElement | null;
  @query("button") private cancelButton!: HTMLButtonElement;
  #answer: string | null = null;

  protected override firstUpdated(): void {
    // The browser would begin with the way out; begin with the text, or with the harmless answer.
    void this.dialog.show().then(() => {
      if (this.input) this.input.select();
      else this.cancelButton.focus();
    });
  }

  #goAhead(event: Event): void {
    event.preventDefault();
    const text = this.input?.value.trim() ?? "";
    if (this.input && text === "") {
      this.input.focus();
      return;
    }
    this.#answer = text;
    this.dialog.close();
  }

  protected override render() {
    const { heading, text, field, action, danger } = this.question;
    return html`<tamis-dialog
      .heading=${heading}
      @tamis-close=${() => this.dispatchEvent(new CustomEvent("tamis-answer", { detail: this.#answer }))}
    >
      <form id="form" @submit=${this.#goAhead}>
        ${text ? html`<p>${text}</p>` : nothing}
        ${
          field
            ? html`<div class="field">
                <label for="text">${field.label}</label>
                <input id="text" .value=${field.value} maxlength="120" autocomplete="off" />
              </div>`
            : nothing
        }
      </form>
      <button slot="actions" type="button" @click=${() => this.dialog.close()}>${msg("Cancel")}</button>
      <button slot="actions" type="submit" form="form" class=${danger ? "primary danger" : "primary"}>${action}</button>
    </tamis-dialog>`;
  }
}

async function ask(question: Question): Promise<string | null> {
  const element = document.createElement("tamis-question");
  element.question = question;
  const answer = new Promise<string | null>((fulfil) => {
    element.addEventListener("tamis-answer", (event) => fulfil((event as CustomEvent<string | null>).detail), {
      once: true,
    });
  });
  document.body.append(element);
  try {
    return await answer;
  } finally {
    element.remove();
  }
}

/** Asks for a yes; false where the person thought better of it. */
export async function confirmAction(question: Omit<Question, "field">): Promise<boolean> {
  return (await ask(question)) !== null;
}

/** Asks for a text that is not empty; null where the person thought better of it. */
export async function askText(question: Question & { readonly field: object }): Promise<string | null> {
  return ask(question);
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-question": QuestionDialog;
  }
}
