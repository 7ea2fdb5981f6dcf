import { css } from "lit";

export const datasetFindingsStyles = css`
  .count {
    font-weight: 400;
  }
  .searching,
  .note,
  .nothing {
    padding: var(--space-4) var(--space-5);
  }
  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-3) var(--space-5);
    background: var(--review-soft);
    border-color: transparent;
    box-shadow: none;
  }
  .note p {
    flex: 1 1 20rem;
    max-width: 68ch;
  }
  .nothing {
    display: flex;
    gap: var(--space-3);
  }
  .nothing .icon {
    color: var(--photo);
  }
`;
