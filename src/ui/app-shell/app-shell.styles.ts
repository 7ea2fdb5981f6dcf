import { css } from "lit";

export const appShellStyles = css`
  :host {
    --bar-height: 3.75rem;
    min-height: 100dvh;
    display: grid;
    grid-template-rows: auto 1fr;
    grid-template-columns: minmax(0, 1fr);
  }
  .skip {
    position: fixed;
    z-index: 40;
    top: var(--space-2);
    left: var(--space-2);
    translate: 0 -200%;
  }
  .skip:focus {
    translate: 0;
  }
  header {
    position: sticky;
    z-index: 10;
    top: 0;
    background: color-mix(in srgb, var(--ground) 88%, transparent);
    backdrop-filter: blur(12px);
    border-bottom: 1px solid var(--line);
  }
  .bar {
    display: flex;
    align-items: center;
    gap: var(--space-6);
    height: var(--bar-height);
    max-width: var(--page-width);
    margin-inline: auto;
    padding-inline: var(--space-5);
  }
  .name {
    display: inline-flex;
    align-items: center;
    gap: var(--space-3);
    min-height: var(--target);
    color: var(--ink);
    font-size: var(--text-large);
    font-weight: 680;
    letter-spacing: -0.01em;
    text-decoration: none;
  }
  .name svg {
    width: 1.75rem;
    height: 1.75rem;
    color: var(--accent);
  }
  nav ul {
    display: flex;
    gap: var(--space-1);
  }
  nav a {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    min-height: var(--target);
    padding-inline: var(--space-3);
    border-radius: var(--radius);
    color: var(--ink-soft);
    font-weight: 560;
    text-decoration: none;
    transition: background-color var(--transition);
  }
  nav a:hover {
    background: var(--surface-sunken);
    color: var(--ink);
  }
  nav a[aria-current="page"] {
    background: var(--accent-soft);
    color: var(--accent);
  }
  .state {
    margin-inline-start: auto;
  }
  .working {
    width: 0.5rem;
    height: 0.5rem;
    border-radius: 50%;
    background: var(--series-validation);
  }
  .banner {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-4);
    max-width: var(--page-width);
    margin: var(--space-4) auto 0;
    width: calc(100% - 2 * var(--space-5));
    padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
    border-radius: var(--radius);
    background: var(--accent-soft);
    color: var(--ink);
  }
  .banner p {
    flex: 1 1 16rem;
    padding-block: var(--space-2);
  }
  main {
    width: 100%;
    max-width: var(--page-width);
    margin-inline: auto;
    padding: var(--space-6) var(--space-5) var(--space-7);
  }
  main:focus {
    outline: none;
  }
  .loading {
    min-height: 50vh;
    display: grid;
    place-items: center;
    color: var(--ink-soft);
  }
  @media (max-width: 900px) {
    :host {
      --bottom-bar: calc(4.25rem + env(safe-area-inset-bottom));
    }
    /* A filter would make the header the frame of the navigation that is fixed to the window. */
    header {
      background: var(--ground);
      backdrop-filter: none;
    }
    .bar {
      --bar-height: 3.25rem;
      padding-inline: var(--space-4);
    }
    nav {
      position: fixed;
      z-index: 10;
      inset: auto 0 0;
      height: var(--bottom-bar);
      padding: 0 var(--space-2) env(safe-area-inset-bottom);
      background: var(--surface);
      border-top: 1px solid var(--line);
      box-shadow: 0 -2px 12px rgb(0 0 0 / 5%);
    }
    nav ul {
      display: grid;
      grid-auto-flow: column;
      grid-auto-columns: minmax(0, 1fr);
      height: 100%;
      max-width: 40rem;
      margin-inline: auto;
      align-items: center;
    }
    nav a {
      flex-direction: column;
      justify-content: center;
      gap: 0.2rem;
      padding: var(--space-2) var(--space-1);
      width: 100%;
      font-size: var(--text-small);
      line-height: 1.1;
      position: relative;
    }
    nav a .icon {
      font-size: 1.15rem;
    }
    .working {
      position: absolute;
      top: 0.5rem;
      left: calc(50% + 0.9rem);
    }
    main {
      padding: var(--space-5) var(--space-4) calc(var(--bottom-bar) + var(--space-6));
    }
    .banner {
      width: calc(100% - 2 * var(--space-4));
    }
  }
  /* On paper there is nothing to press. */
  @media print {
    :host {
      display: block;
    }
    header,
    a.button.skip,
    .banner,
    tamis-toasts {
      display: none;
    }
    main {
      max-width: none;
      padding: 0;
    }
  }
`;
