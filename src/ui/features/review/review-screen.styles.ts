import { css } from "lit";

export const reviewScreenStyles = css`
  .stage {
    position: relative;
  }
  tamis-heat-map {
    --heat-map-height: clamp(16rem, calc(100dvh - 27.5rem - var(--bottom-bar, 0px)), 60rem);
  }
  .ahead {
    position: absolute;
    inset: 0;
    visibility: hidden;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: var(--space-1) var(--space-4);
  }
  .name {
    overflow-wrap: anywhere;
    font-weight: 560;
  }
  .choices {
    display: grid;
    grid-template-columns: 2fr 1fr 2fr;
    gap: var(--space-3);
  }
  .choice {
    min-height: 5rem;
    flex-direction: column;
    gap: var(--space-1);
    font-size: var(--text-large);
    border-width: 2px;
    border-radius: var(--radius-large);
  }
  .choice.photo {
    border-color: var(--photo);
    background: var(--photo-soft);
    color: var(--photo);
  }
  .choice.not-photo {
    border-color: var(--other);
    background: var(--other-soft);
    color: var(--other);
  }
  kbd {
    font: inherit;
    font-size: var(--text-small);
    opacity: 0.8;
  }
  @media (hover: none) {
    kbd {
      display: none;
    }
  }
`;
