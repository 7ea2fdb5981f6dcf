import { css } from "lit";

export const findingCardStyles = css`
  .card {
    display: grid;
    gap: var(--space-3);
    align-content: start;
    height: 100%;
    padding: var(--space-4);
    box-shadow: none;
  }
  .card.settled {
    background: var(--surface-sunken);
  }
  .head {
    flex-wrap: nowrap;
    min-height: 1.75rem;
  }
  h3 {
    overflow-wrap: anywhere;
  }
  h3:focus-visible {
    outline: none;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
    gap: 0 var(--space-3);
  }
  li {
    display: grid;
    grid-row: span 4;
    grid-template-rows: subgrid;
    gap: var(--space-1);
    align-content: start;
    min-width: 0;
  }
  .picture {
    position: relative;
  }
  .picture .tag {
    position: absolute;
    inset: auto auto var(--space-1) var(--space-1);
    max-width: calc(100% - 2 * var(--space-1));
    overflow: hidden;
    text-overflow: ellipsis;
  }
  tamis-thumbnail {
    --thumbnail-fit: contain;
    aspect-ratio: 1;
    border-radius: var(--radius-small);
  }
  .card.settled tamis-thumbnail {
    background: var(--surface);
  }
  .left-out tamis-thumbnail {
    opacity: 0.4;
  }
  .path {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    line-height: 1.3;
  }
  .size {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-content: start;
    gap: 0 var(--space-2);
  }
  .size span {
    white-space: nowrap;
  }
  select {
    margin-bottom: var(--space-3);
  }
  .actions {
    margin-top: auto;
  }
`;
