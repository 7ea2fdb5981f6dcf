/** Styles that several elements take: text, controls, cards and tables. Values come from tokens.css. */
import { css } from "lit";

/** Box model, headings, links and focus: every element takes this. */
export const foundation = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: var(--text-display);
    line-height: 1.2;
    letter-spacing: -0.015em;
    font-weight: 650;
    text-wrap: balance;
  }
  h2 {
    font-size: var(--text-title);
    line-height: 1.3;
    letter-spacing: -0.01em;
    font-weight: 620;
  }
  h3 {
    font-size: var(--text-body);
    font-weight: 620;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.18em;
  }
  a:hover {
    color: var(--accent-strong);
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
    border-radius: var(--radius-small);
  }
  h1:focus-visible {
    outline: none;
  }
  .soft {
    color: var(--ink-soft);
  }
  .small {
    font-size: var(--text-small);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .path,
  tbody th.path {
    font-weight: 400;
    font-family: var(--font-mono);
    font-size: var(--text-small);
    overflow-wrap: anywhere;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  svg.icon {
    width: 1.25em;
    height: 1.25em;
    flex: none;
    vertical-align: -0.25em;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** Buttons, fields, selects. `button.primary`, `.danger`, `.quiet`; `a.button` looks like one. */
export const controls = css`
  button,
  a.button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-height: var(--target);
    padding: var(--space-2) var(--space-4);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface-raised);
    color: var(--ink);
    font: inherit;
    font-weight: 560;
    line-height: 1.2;
    text-decoration: none;
    cursor: pointer;
    transition:
      background-color var(--transition),
      border-color var(--transition);
  }
  button:hover:not(:disabled),
  a.button:hover {
    background: var(--surface-sunken);
    border-color: var(--ink-soft);
    color: var(--ink);
  }
  button.primary,
  a.button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }
  button.primary:hover:not(:disabled),
  a.button.primary:hover {
    background: var(--accent-strong);
    border-color: var(--accent-strong);
    color: var(--on-accent);
  }
  button.danger {
    border-color: var(--danger);
    color: var(--danger);
  }
  button.danger:hover:not(:disabled) {
    background: var(--danger-soft);
    border-color: var(--danger);
    color: var(--danger);
  }
  button.danger.primary {
    background: var(--danger);
    color: var(--on-danger);
  }
  button.quiet,
  a.button.quiet {
    border-color: transparent;
    background: none;
    color: var(--ink-soft);
  }
  button.quiet:hover:not(:disabled),
  a.button.quiet:hover {
    background: var(--surface-sunken);
    color: var(--ink);
  }
  button.quiet.danger {
    color: var(--danger);
  }
  button.icon-only {
    width: var(--target);
    padding: 0;
  }
  button:disabled {
    cursor: not-allowed;
    border-color: var(--line);
    background: var(--surface-sunken);
    color: var(--ink-soft);
  }
  @media (forced-colors: active) {
    button[aria-pressed="true"] {
      outline: 2px solid Highlight;
      outline-offset: -4px;
    }
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
  }
  label,
  .label {
    font-weight: 560;
  }
  .field {
    display: grid;
    gap: var(--space-1);
    align-content: start;
  }
  .hint {
    font-size: var(--text-small);
    color: var(--ink-soft);
    font-weight: 400;
  }
  .problem {
    font-size: var(--text-small);
    color: var(--danger);
    font-weight: 560;
  }
  input:not([type="radio"], [type="checkbox"], [type="file"]),
  select {
    min-height: var(--target);
    width: 100%;
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--ink);
    font: inherit;
    font-variant-numeric: tabular-nums;
  }
  input[aria-invalid="true"] {
    border-color: var(--danger);
    box-shadow: inset 0 0 0 1px var(--danger);
  }
  input[type="radio"] {
    accent-color: var(--accent);
    width: 1.15rem;
    height: 1.15rem;
    margin: 0;
    flex: none;
  }
`;

/** Cards, stacks and fact lists. */
export const layout = css`
  /* The way back, above the heading of a screen. */
  .back {
    display: inline-flex;
    align-items: center;
    gap: var(--space-1);
    min-height: var(--target);
    margin-bottom: calc(-1 * var(--space-3));
  }
  .stack {
    display: grid;
    gap: var(--space-5);
    align-content: start;
    grid-template-columns: minmax(0, 1fr);
  }
  .stack.tight {
    gap: var(--space-3);
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius-large);
    box-shadow: var(--shadow);
    padding: var(--space-5);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-3) var(--space-5);
  }
  .lead {
    color: var(--ink-soft);
    max-width: 68ch;
    margin-top: var(--space-1);
  }
  dl.facts {
    display: grid;
    align-content: start;
    grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr));
    gap: var(--space-4) var(--space-5);
  }
  dl.facts dt {
    font-size: var(--text-small);
    color: var(--ink-soft);
  }
  dl.facts dd {
    font-weight: 560;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  dl.facts.big dd {
    font-size: var(--text-title);
    letter-spacing: -0.01em;
  }
  .tag {
    display: inline-flex;
    align-items: center;
    gap: var(--space-1);
    padding: 0.1rem var(--space-2);
    border-radius: var(--radius-round);
    background: var(--other-soft);
    color: var(--other);
    font-size: var(--text-small);
    font-weight: 560;
    white-space: nowrap;
  }
  .tag.accent {
    background: var(--accent-soft);
    color: var(--accent);
  }
  .tag.photo {
    background: var(--photo-soft);
    color: var(--photo);
  }
  .tag.review {
    background: var(--review-soft);
    color: var(--review);
  }
  .tag.danger {
    background: var(--danger-soft);
    color: var(--danger);
  }
  @media (max-width: 640px) {
    .card {
      padding: var(--space-4);
      border-radius: var(--radius);
    }
  }
`;

/** Tables that scroll sideways inside `.table-scroll` rather than the page. */
export const tables = css`
  .table-scroll {
    overflow-x: auto;
    border-radius: var(--radius-small);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  caption {
    text-align: start;
    font-weight: 620;
    padding-bottom: var(--space-2);
  }
  th {
    text-align: start;
    font-weight: 560;
    font-size: var(--text-small);
    color: var(--ink-soft);
    vertical-align: bottom;
  }
  th,
  td {
    padding: var(--space-2) var(--space-3);
    border-bottom: 1px solid var(--line);
  }
  th:first-child,
  td:first-child {
    padding-inline-start: 0;
  }
  tbody th {
    font-size: inherit;
    color: var(--ink);
    vertical-align: middle;
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  .end {
    text-align: end;
  }
`;

/** `<details>` with a turning arrow before its summary. */
export const disclosures = css`
  summary {
    display: flex;
    align-items: center;
    width: fit-content;
    min-height: var(--target);
    cursor: pointer;
    color: var(--accent);
    font-weight: 560;
  }
  summary::before {
    content: "";
    width: 0.45em;
    height: 0.45em;
    margin: 0 0.6em 0 0.1em;
    border: solid currentcolor;
    border-width: 0 2px 2px 0;
    rotate: -45deg;
    transition: rotate var(--transition);
  }
  details[open] summary::before {
    rotate: 45deg;
  }
`;
