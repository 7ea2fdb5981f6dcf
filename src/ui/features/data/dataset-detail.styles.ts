import { css } from "lit";

export const datasetDetailStyles = css`
  .share {
    display: grid;
    grid-template-columns: minmax(4rem, 1fr) 3.5rem;
    align-items: center;
    gap: var(--space-3);
    min-width: 9rem;
  }
  .share .track {
    height: 0.5rem;
    border-radius: var(--radius-round);
    background: var(--surface-sunken);
    overflow: hidden;
  }
  .share .fill {
    height: 100%;
    border-radius: inherit;
    background: color-mix(in srgb, var(--line-strong) 70%, var(--surface));
  }
  .positive .fill {
    background: var(--photo);
  }
  .positive-class,
  .split {
    max-width: 24rem;
  }
`;
