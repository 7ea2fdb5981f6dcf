/** What the forms of this screen are made of. */
import { msg } from "@lit/localize";
import { css, html } from "lit";
import type { Dataset } from "../../../domain/dataset/dataset.ts";

export const formStyles = css`
  form {
    display: grid;
    gap: var(--space-5);
  }
  fieldset {
    border: 0;
    margin: 0;
    padding: 0;
    min-width: 0;
  }
  legend {
    padding: 0;
    font-weight: 560;
    margin-bottom: var(--space-1);
  }
  .numbers {
    display: grid;
    gap: var(--space-4);
    grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr));
  }
  /* Fields of a row stay level when one label takes two lines. */
  .numbers .field {
    grid-row: span 3;
    grid-template-rows: subgrid;
    align-items: end;
    gap: var(--space-1);
  }
  .numbers .field p {
    align-self: start;
  }
  .go {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-3) var(--space-5);
    padding-top: var(--space-4);
    border-top: 1px solid var(--line);
  }
`;

/** The dataset to begin with: the wanted one, else the newest; empty where there is none. */
export function initialDataset(datasets: readonly Dataset[], wanted: string | null): string {
  return (datasets.find((dataset) => dataset.id === wanted) ?? datasets[0])?.id ?? "";
}

export function renderDatasetField(datasets: readonly Dataset[], chosen: string, choose: (id: string) => void) {
  return html`<div class="field">
    <label for="dataset">${msg("Dataset")}</label>
    <select id="dataset" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${datasets.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}
    </select>
  </div>`;
}

interface NumberField {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  /** Why the text is refused, shown instead of the hint; empty where it is fine. */
  readonly problem: string;
  /** Whether a fraction makes no sense. */
  readonly whole: boolean;
  readonly set: (text: string) => void;
}

/** A number, kept as it was typed. */
export function renderNumberField({ id, label, hint, text, problem, whole, set }: NumberField) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      inputmode=${whole ? "numeric" : "decimal"}
      autocomplete="off"
      .value=${text}
      aria-invalid=${problem ? "true" : "false"}
      aria-describedby="${id}-note"
      @input=${(event: Event) => set((event.target as HTMLInputElement).value)}
    />
    <p id="${id}-note" class=${problem ? "problem" : "hint"}>${problem || hint}</p>
  </div>`;
}
