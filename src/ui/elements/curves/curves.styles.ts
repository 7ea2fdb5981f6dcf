import { css } from "lit";

export const curvesStyles = css`
  :host {
    display: grid;
    gap: var(--space-3);
    grid-template-columns: minmax(0, 1fr);
  }
  .panels {
    display: grid;
    grid-template-columns: 1fr;
    min-width: 0;
  }
  .panels.two {
    grid-template-columns: 1fr 1fr;
  }
  .panels > div {
    min-width: 0;
  }
  .figure {
    min-height: 200px;
    touch-action: pan-y;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    font-size: var(--text-small);
    color: var(--ink-soft);
  }
  .legend span {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
  }
  .legend svg {
    width: 2rem;
    height: 0.75rem;
  }
  .legend:not(.several) .training {
    color: var(--series-training);
  }
  .legend:not(.several) .validation {
    color: var(--series-validation);
  }
  .readout table {
    width: auto;
    font-size: var(--text-small);
  }
  .readout td,
  .readout th {
    padding-block: var(--space-1);
  }
  .swatch {
    display: inline-block;
    width: 0.75rem;
    height: 0.75rem;
    margin-inline-end: var(--space-2);
    border-radius: 3px;
    vertical-align: -0.08em;
  }
`;
