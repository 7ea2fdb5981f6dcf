import { css } from "lit";

/** A row of buttons of which one is pressed: what is shown. */
export const filterButtons = css`
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  .filter {
    border-radius: var(--radius-round);
    border-color: var(--line);
    background: var(--surface);
    color: var(--ink-soft);
  }
  .filter[aria-pressed="true"] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--ink);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
`;
