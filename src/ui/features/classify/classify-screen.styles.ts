import { css } from "lit";

export const classifyScreenStyles = css`
  .verdicts {
    display: grid;
    gap: var(--space-4);
    grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr));
  }
  .verdicts .card {
    display: grid;
    gap: var(--space-2);
    align-content: start;
    box-shadow: none;
    padding: var(--space-4) var(--space-5);
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: var(--space-3);
  }
  .toolbar .actions {
    margin-inline-start: auto;
  }
  .toolbar select {
    width: auto;
  }
  .filter.photo .icon {
    color: var(--photo);
  }
  .filter.to-review .icon {
    color: var(--review);
  }
  .filter.unreadable .icon {
    color: var(--danger);
  }
  .count {
    color: var(--ink-soft);
    font-weight: 400;
  }
  .none {
    padding: var(--space-6) 0;
    text-align: center;
  }
`;
