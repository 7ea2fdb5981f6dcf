/** Line icons, drawn for a 24 × 24 square. They accompany words and say nothing by themselves, so they are hidden from assistive technology. */
import { svg, html, type TemplateResult } from "lit";

const paths = {
  classify: svg`<path d="M4 5h16l-6.5 8v5.5l-3 1.5v-7z"/>`,
  data: svg`<path d="M3 7.5A1.5 1.5 0 0 1 4.5 6h4l2 2h9A1.5 1.5 0 0 1 21 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5z"/>`,
  train: svg`<path d="M4 4v16h16"/><path d="M7.5 7.5c1.5 6 5 8.5 11.5 9"/><path d="M8 15.5c4-.5 7-3 10.5-8"/>`,
  models: svg`<path d="m12 3 8.5 4.5L12 12 3.5 7.5z"/><path d="m3.5 12 8.5 4.5 8.5-4.5"/><path d="m3.5 16.5 8.5 4.5 8.5-4.5"/>`,
  settings: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`,
  photo: svg`<rect x="3.5" y="5" width="17" height="14" rx="2"/><circle cx="9" cy="10" r="1.6"/><path d="m4 17.5 5-4.5 3.5 3 3-2.5 5 4"/>`,
  "not-photo": svg`<path d="M6 3.5h8l4 4v13H6z"/><path d="M14 3.5v4h4"/><path d="M9 12h6M9 15.5h6"/>`,
  "to-review": svg`<circle cx="12" cy="12" r="8.5"/><path d="M9.6 9.4a2.5 2.5 0 1 1 3.6 2.5c-.8.4-1.2.9-1.2 1.8"/><path d="M12 16.6v.1"/>`,
  warning: svg`<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17v.1"/>`,
  camera: svg`<path d="M4.5 8h3l1.5-2.5h6L16.5 8h3A1.5 1.5 0 0 1 21 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-8A1.5 1.5 0 0 1 4.5 8z"/><circle cx="12" cy="13" r="3.5"/>`,
  files: svg`<path d="M8 3.5h7l4 4V17H8z"/><path d="M15 3.5v4h4"/><path d="M5 7v13.5h10.5"/>`,
  folder: svg`<path d="M3 7.5A1.5 1.5 0 0 1 4.5 6h4l2 2h9A1.5 1.5 0 0 1 21 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5z"/><path d="M12 11v5M9.5 13.5h5"/>`,
  download: svg`<path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15"/>`,
  upload: svg`<path d="M12 15V4M7.5 8.5 12 4l4.5 4.5M4.5 19.5h15"/>`,
  remove: svg`<path d="M4.5 6.5h15M9.5 6V4h5v2M6.5 6.5l1 13.5h9l1-13.5M10.2 10.5v6M13.8 10.5v6"/>`,
  edit: svg`<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19z"/><path d="m14 6.5 3.5 3.5"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  check: svg`<path d="m4.5 12.5 5 5 10-11"/>`,
  star: svg`<path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9L12 16.9l-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z"/>`,
  stop: svg`<rect x="6" y="6" width="12" height="12" rx="1.5"/>`,
  pause: svg`<path d="M8 5.5v13M16 5.5v13"/>`,
  play: svg`<path d="M7 4.5v15l12-7.5z"/>`,
  back: svg`<path d="m14.5 5-7 7 7 7"/>`,
  forward: svg`<path d="m9.5 5 7 7-7 7"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.7v.1"/>`,
  person: svg`<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>`,
  history: svg`<path d="M4 12a8 8 0 1 0 2.6-5.9"/><path d="M4 4.5v4h4"/><path d="M12 8v4.5l3 2"/>`,
  watch: svg`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="3"/>`,
  torch: svg`<path d="m13 3-7 10h5l-1 8 8-11h-5.5z"/>`,
  undo: svg`<path d="M8.5 5 4 9.5 8.5 14"/><path d="M4 9.5h9a6 6 0 0 1 0 10h-3"/>`,
  redo: svg`<path d="M15.5 5 20 9.5 15.5 14"/><path d="M20 9.5h-9a6 6 0 0 0 0 10h3"/>`,
  report: svg`<path d="M6 3.5h8l4 4v13H6z"/><path d="M14 3.5v4h4"/><path d="M9.5 17v-3M12 17v-5.5M14.5 17v-2"/>`,
  search: svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>`,
  copy: svg`<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M16 8V5.5A1.5 1.5 0 0 0 14.5 4h-9A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8"/>`,
  offline: svg`<path d="M3 9a13 13 0 0 1 18 0M6.5 12.8a8 8 0 0 1 11 0M10 16.5a3 3 0 0 1 4 0M4 4l16 16"/>`,
  shield: svg`<path d="M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6z"/><path d="m9 12 2.2 2.2L15.2 10"/>`,
} as const;

export type IconName = keyof typeof paths;

/** An icon as large as 1.25 times the text beside it. */
export function icon(name: IconName): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${paths[name]}
  </svg>`;
}
