import { css } from "lit";

export const evaluationStyles = css`
  .two {
    display: grid;
    gap: var(--space-5);
    grid-template-columns: repeat(auto-fit, minmax(min(28rem, 100%), 1fr));
    align-items: start;
  }
  .two h3 {
    margin-bottom: var(--space-3);
  }
  .measured {
    flex: 1 1 24rem;
  }
  button[aria-pressed="true"] {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--accent);
  }
`;
