import { css } from "lit";

/** An icon on a disc, above what an empty place says. */
export const roundMark = css`
  .mark {
    display: grid;
    place-items: center;
    width: 4rem;
    height: 4rem;
    border-radius: 50%;
    background: var(--accent-soft);
    color: var(--accent);
    font-size: 1.6rem;
  }
`;
