/** Pieces of the report as HTML text. */
import { escapeMarkup } from "../figure/svg.ts";

export function paragraph(text: string): string {
  return `<p>${escapeMarkup(text)}</p>`;
}

export function heading(level: 2 | 3, text: string, id = ""): string {
  return `<h${level}${id ? ` id="${id}"` : ""}>${escapeMarkup(text)}</h${level}>`;
}

/** A cell: text, or a number, which stands at the right, with what belongs to it below. */
export type Cell = string | { readonly number: string; readonly below?: string };

export function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNumber = (column: number) => rows.some((row) => typeof row[column] === "object");
  const header = head
    .map((text, column) => `<th scope="col"${isNumber(column) ? ' class="n"' : ""}>${escapeMarkup(text)}</th>`)
    .join("");
  const body = rows.map((row) => {
    const cells = row.map((cell, column) => {
      const [text, kind] = typeof cell === "string" ? [cell, ""] : [cell.number, ' class="n"'];
      const below = typeof cell === "object" && cell.below ? `<br><small>${escapeMarkup(cell.below)}</small>` : "";
      return column === 0
        ? `<th scope="row">${escapeMarkup(text)}</th>`
        : `<td${kind}>${escapeMarkup(text)}${below}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return (
    `<div class="table"><table><caption>${escapeMarkup(caption)}</caption>` +
    `<thead><tr>${header}</tr></thead><tbody>${body.join("")}</tbody></table></div>`
  );
}

export function figure(svg: string, caption: string): string {
  return `<figure>${svg}<figcaption>${escapeMarkup(caption)}</figcaption></figure>`;
}

/** Small print: which stored run and which images a number comes from. */
export function source(text: string): string {
  return `<p class="source">${escapeMarkup(text)}</p>`;
}

const rules: readonly (readonly [selectors: string, declarations: string])[] = [
  [
    "",
    'color-scheme:light;margin:0 auto;padding:2.5rem 1.5rem 4rem;max-width:58rem;background:#fff;color:#1c1b19;font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif',
  ],
  ["*", "box-sizing:border-box"],
  ["h1", "font-size:1.9rem;line-height:1.2;letter-spacing:-.015em;margin:0 0 .25rem"],
  ["h2", "font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:2px solid #0f5c70;break-after:avoid"],
  ["h3", "font-size:1.05rem;margin:1.75rem 0 .5rem;break-after:avoid"],
  ["p", "margin:.5rem 0;max-width:72ch"],
  ["a", "color:#0f5c70"],
  [".source,figcaption,caption", "color:#57534b;font-size:.82rem;font-weight:400"],
  [".source", "overflow-wrap:anywhere"],
  [".table", "overflow-x:auto;margin:.75rem 0"],
  ["table", "border-collapse:collapse;width:100%;font-size:.86rem;font-variant-numeric:tabular-nums"],
  ["caption", "text-align:left;padding-bottom:.35rem"],
  [
    "th,td",
    "padding:.3rem .5rem;border-bottom:1px solid #dedbd3;text-align:left;vertical-align:top;font-weight:400;font-size:inherit;color:inherit",
  ],
  ["thead th", "font-weight:600;border-bottom:1px solid #8a867c;white-space:normal"],
  ["tbody th", "font-weight:560"],
  ["small", "color:#57534b;font-size:.92em"],
  [".n", "text-align:right"],
  ["td.n", "white-space:nowrap"],
  ["tr", "break-inside:avoid"],
  ["figure", "margin:1rem 0;break-inside:avoid"],
  ["svg", "max-width:100%;height:auto;display:block"],
  [".key", "background:#ddeef2;border-radius:8px;padding:.75rem 1rem;margin:1rem 0;break-inside:avoid"],
  [".key p", "margin:.25rem 0"],
  ["nav ol", "padding-left:1.25rem;columns:2;list-style:decimal"],
];

const printRules: typeof rules = [
  ["", "padding:0;max-width:none;font-size:10.5pt"],
  ["h2", "margin-top:1.5rem"],
  ["nav", "display:none"],
  [".table", "overflow:visible"],
  ["table", "font-size:8.5pt"],
  ["a", "color:inherit;text-decoration:none"],
];

/** The report's look. @param root selects what the report lies in: `body` in a file of its own */
export function reportStyle(root: string): string {
  const below = (selectors: string): string =>
    selectors
      .split(",")
      .map((selector) => `${root} ${selector}`.trim())
      .join(",");
  const write = (list: typeof rules): string =>
    list.map(([selectors, declarations]) => `${below(selectors)}{${declarations}}`).join("\n");
  return `${write(rules)}\n@page{size:A4;margin:16mm 15mm}\n@media print{\n${write(printRules)}\n}`;
}

/** A whole document, with nothing that lies elsewhere. */
export function page(language: string, title: string, body: string): string {
  return (
    `<!doctype html>\n<html lang="${language}"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${escapeMarkup(title)}</title><style>${reportStyle("body")}</style></head><body>${body}</body></html>\n`
  );
}
