/** The report of a batch: one HTML file that needs nothing else, in the interface's language. */
import { msg, str } from "@lit/localize";
import type { Batch } from "../../domain/capture/batch.ts";
import { type Capture, effectiveVerdict } from "../../domain/capture/capture.ts";
import { batchTitle } from "./batches.ts";
import { formatDateTime, formatDuration, formatNumber, formatShare } from "./format.ts";
import { currentLocale } from "./locale.ts";
import { findingWord, verdictWord } from "./words.ts";

/** Pictures of each verdict in the report: all of thousands would make a file that nobody can open. */
const picturesShown = 24;

const styles = `body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1c1b19;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:start;padding:.35rem .6rem;border-bottom:1px solid #dedbd3;overflow-wrap:anywhere}.end{text-align:end}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(8rem,1fr));gap:.6rem}figure{margin:0}
img{width:100%;aspect-ratio:1;object-fit:cover;border-radius:6px;background:#eceae6}figcaption{font-size:.75rem;overflow-wrap:anywhere;color:#57534b}
@media print{.pictures{grid-template-columns:repeat(6,1fr)}}`;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

async function dataUrl(picture: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error("The picture could not be read."));
    reader.readAsDataURL(picture);
  });
}

function row(cells: readonly string[]): string {
  return `<tr><th scope="row">${escaped(cells[0]!)}</th>${cells
    .slice(1)
    .map((cell) => `<td class="end">${escaped(cell)}</td>`)
    .join("")}</tr>`;
}

/** @param pictureOf small pictures of captures */
export async function batchReport(
  batch: Batch,
  captures: readonly Capture[],
  pictureOf: (capture: Capture) => Promise<Blob | undefined>,
): Promise<string> {
  const { counts } = batch;
  const title = batchTitle(batch);
  const facts = [
    [msg("Classified"), formatDateTime(batch.createdAt)],
    [msg("Model"), batch.modelName],
    [msg("Files"), formatNumber(batch.files)],
    [msg("Duration"), formatDuration(batch.seconds)],
    [msg("Decided by a person"), formatNumber(counts.decided)],
    [msg("Of those, against the model"), formatNumber(counts.overruled)],
  ];
  const total = Math.max(1, counts.pages);
  const verdicts = [
    [verdictWord("photo"), counts.photo],
    [verdictWord("not-photo"), counts.notPhoto],
    [verdictWord("to-review"), counts.toReview],
  ] as const;
  const galleries = await Promise.all(
    (["photo", "not-photo", "to-review"] as const).map(async (verdict) => {
      const own = captures.filter((capture) => effectiveVerdict(capture) === verdict);
      if (own.length === 0) return "";
      const shown = formatNumber(Math.min(picturesShown, own.length));
      const all = formatNumber(own.length);
      const figures = await Promise.all(
        own.slice(0, picturesShown).map(async (capture) => {
          const picture = await pictureOf(capture);
          const image = picture ? `<img alt="" src="${await dataUrl(picture)}">` : "";
          const share = capture.probability === null ? "" : ` · ${formatShare(capture.probability, 1)}`;
          return `<figure>${image}<figcaption>${escaped(capture.file)}${escaped(share)}</figcaption></figure>`;
        }),
      );
      const heading = `${verdictWord(verdict)} (${msg(str`${shown} of ${all}`)})`;
      return `<h2>${escaped(heading)}</h2><div class="pictures">${figures.join("")}</div>`;
    }),
  );
  const unreadable = captures.filter(({ error }) => error !== null);
  const problems = unreadable.map(({ file, error }) =>
    row([file, error ? `${findingWord(error.reason)} ${error.detail}` : ""]),
  );
  const made = msg("Made by Tamis on this device; no image left it.");
  return `<!doctype html><html lang="${currentLocale()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${styles}</style></head><body><h1>${escaped(title)}</h1>
<table>${facts.map((cells) => row(cells)).join("")}</table>
<h2>${escaped(msg("Verdicts"))}</h2>
<table>${verdicts.map(([word, count]) => row([word, formatNumber(count), formatShare(count / total, 1)])).join("")}</table>
${galleries.join("")}
${problems.length === 0 ? "" : `<h2>${escaped(msg("Unreadable"))}</h2><table>${problems.join("")}</table>`}
<p>${escaped(made)}</p></body></html>`;
}
