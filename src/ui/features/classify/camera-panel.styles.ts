import { css } from "lit";

export const cameraPanelStyles = css`
  .stage {
    position: relative;
    display: grid;
    place-items: center;
    background: #0c0d0e;
    border-radius: var(--radius);
    overflow: hidden;
    height: min(56dvh, 34rem);
  }
  video {
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  .stage p {
    position: absolute;
    color: #f4f2ee;
  }
  .live {
    position: absolute;
    inset: auto auto var(--space-3) var(--space-3);
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-1) var(--space-3) var(--space-1) var(--space-1);
    border-radius: var(--radius-round);
    background: #0c0d0e;
    color: #f4f2ee;
    font-size: var(--text-large);
  }
  .steady {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: var(--target);
    margin-inline-end: auto;
  }
  .steady input {
    width: 1.15rem;
    height: 1.15rem;
    margin: 0;
    accent-color: var(--accent);
  }
  .flash {
    position: absolute;
    inset: 0;
    background: #fff;
    opacity: 0;
    pointer-events: none;
  }
  .flash.on {
    animation: flash 260ms ease-out;
  }
  @keyframes flash {
    from {
      opacity: 0.75;
    }
  }
  .bar {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    align-items: center;
    gap: var(--space-3);
  }
  .bar > :last-child {
    justify-self: end;
  }
  .bar .field {
    max-width: 16rem;
  }
  .shutter {
    padding-inline: var(--space-6);
    min-height: 3.5rem;
    border-radius: var(--radius-round);
  }
  .refused {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: var(--space-1) var(--space-3);
    padding: var(--space-4);
    border-radius: var(--radius);
    background: var(--review-soft);
  }
  .refused .icon {
    color: var(--review);
  }
  .refused p {
    grid-column: 2;
  }
  @media (max-width: 640px) {
    .bar {
      grid-template-columns: 1fr 1fr;
    }
    .bar .shutter {
      grid-column: 1 / -1;
      grid-row: 1;
    }
  }
`;
