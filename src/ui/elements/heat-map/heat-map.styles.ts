import { css } from "lit";

export const heatMapStyles = css`
  :host {
    display: grid;
    gap: var(--space-3);
    align-content: start;
    min-width: 0;
  }
  .stage {
    position: relative;
    height: var(--heat-map-height, min(60dvh, 40rem));
    border-radius: var(--radius);
    overflow: hidden;
  }
  tamis-thumbnail {
    --thumbnail-fit: contain;
    width: 100%;
    height: 100%;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
    pointer-events: none;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-4);
  }
  .group {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1);
  }
  .group button {
    padding-inline: var(--space-3);
    font-size: var(--text-small);
  }
  button[aria-pressed="true"] {
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--ink);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  kbd {
    font: inherit;
    font-size: var(--text-small);
    color: var(--ink-soft);
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    font-size: var(--text-small);
  }
  input[type="range"] {
    width: 7rem;
    accent-color: var(--accent);
  }
  .legend {
    display: grid;
    grid-template-columns: auto 10rem auto;
    justify-content: start;
    align-items: center;
    gap: var(--space-2);
    font-size: var(--text-small);
    color: var(--ink-soft);
  }
  .legend .bar {
    height: 0.75rem;
    border-radius: var(--radius-small);
    border: 1px solid var(--line-strong);
  }
  .words p {
    max-width: 72ch;
  }
`;
