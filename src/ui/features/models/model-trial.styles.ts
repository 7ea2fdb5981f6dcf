import { css } from "lit";

export const modelTrialStyles = css`
  :host {
    display: grid;
    gap: var(--space-3);
    padding: var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .pictures {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  figure {
    width: 6.5rem;
  }
  canvas {
    display: block;
    width: 100%;
    aspect-ratio: 1;
    border-radius: var(--radius-small);
    background: var(--surface-sunken);
  }
  figcaption {
    font-size: var(--text-small);
    line-height: 1.3;
  }
  .scroll {
    overflow-x: auto;
  }
  tr[aria-current="true"] {
    background: var(--accent-soft);
  }
  .advice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2) var(--space-4);
    padding: var(--space-3) var(--space-4);
    border-radius: var(--radius);
    background: var(--review-soft);
  }
`;
