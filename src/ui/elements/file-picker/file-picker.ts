import { css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { folderOfInput } from "../../files/folders.ts";
import type { PickedFolder } from "../../services/picked-files.ts";
import { TamisElement } from "../base/tamis-element.ts";

/**
 * The browser's own picker of files or of a folder, which gives no handles. Nothing of it is seen: a button beside it calls `open`.
 * @fires tamis-picked - detail: what was picked, never nothing, as PickedFolder; of loose files the name is that of the first
 */
@customElement("tamis-file-picker")
export class FilePicker extends TamisElement {
  static override styles = css`
    :host {
      display: none;
    }
  `;

  /** What is asked for. */
  @property() label = "";
  /** A folder with all that it holds, instead of files. */
  @property({ type: Boolean }) folder = false;
  /** Types and endings as `<input accept>` takes them; empty: any. */
  @property() accept = "";
  @query("input") private input!: HTMLInputElement;

  /** To be called while a click is handled, or soon after: browsers refuse it else. */
  open(): void {
    this.input.click();
  }

  #changed(): void {
    const picked = folderOfInput(this.input.files ?? []);
    // The same choice once more is a change too.
    this.input.value = "";
    if (picked) this.dispatchEvent(new CustomEvent<PickedFolder>("tamis-picked", { detail: picked }));
  }

  protected override render() {
    return html`<input
      type="file"
      ?webkitdirectory=${this.folder}
      multiple
      hidden
      accept=${this.accept}
      aria-label=${this.label}
      @change=${this.#changed}
    />`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-file-picker": FilePicker;
  }
}
