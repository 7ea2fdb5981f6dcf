import { css } from "lit";

export const labellingDialogStyles = css`
  tamis-dialog {
    --dialog-width: 56rem;
  }
  .field {
    max-width: 24rem;
  }
  .all {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    margin-inline-start: auto;
  }
  select {
    width: auto;
    font-weight: 400;
  }
  .captures {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
    gap: var(--space-3);
  }
  .captures li {
    display: grid;
    gap: var(--space-1);
    min-width: 0;
  }
  .captures select,
  .field select {
    width: 100%;
  }
  tamis-thumbnail {
    --thumbnail-fit: contain;
    height: 8rem;
    border-radius: var(--radius-small);
  }
  .name {
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
`;
