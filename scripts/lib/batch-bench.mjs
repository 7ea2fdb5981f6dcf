/** `bench classify` from outside: what a batch costs in processor time and memory, and what is left of one whose tab is killed. */
import { readdirSync } from "node:fs";
import { relative } from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { setTimeout as wait } from "node:timers/promises";
import { measureBrowser } from "./process-tree.mjs";

/** Between two looks at the processes, in milliseconds. */
const lookEvery = 250;
/** Up to here caches fill and code is compiled: memory that is flat is flat from here on. */
const settled = 1 / 4;

/** Follows the batch that the page reports. */
export class BatchWatch {
  #done = 0;
  #total = 0;
  #first = null;
  #last = null;
  #samples = [];
  #timer = null;

  /** @param progress as the page reports it */
  report({ stage, done, total }) {
    if (stage !== "classifying") return;
    this.#done = done;
    this.#total = total;
    this.#timer ??= setInterval(() => this.#look(), lookEvery);
    this.#first ??= measureBrowser();
    if (done === total) this.#last ??= measureBrowser();
  }

  get share() {
    return this.#total === 0 ? 0 : this.#done / this.#total;
  }

  #look() {
    const now = measureBrowser();
    if (now && this.#done < this.#total) this.#samples.push({ done: this.#done, ...now });
  }

  /** @returns figures for bench.json; none where the system does not tell */
  end() {
    clearInterval(this.#timer);
    if (!this.#first || !this.#last) return {};
    const settledSamples = this.#samples.filter(({ done }) => done >= settled * this.#total);
    const peak = (what) => this.#samples.reduce((most, sample) => Math.max(most, sample[what]), 0);
    return {
      cpu_milliseconds_per_file: (1000 * (this.#last.cpuSeconds - this.#first.cpuSeconds)) / this.#total,
      renderer_peak_bytes: peak("rendererBytes"),
      other_processes_peak_bytes: peak("otherBytes"),
      renderer_bytes_per_1000_files: 1000 * slopeOf(settledSamples, "rendererBytes"),
      memory_samples: settledSamples.length,
    };
  }
}

/** Least squares: bytes for each file that is done. */
export function slopeOf(samples, what) {
  if (samples.length < 2) return 0;
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const x = mean(samples.map(({ done }) => done));
  const y = mean(samples.map((sample) => sample[what]));
  const over = samples.reduce((sum, sample) => sum + (sample.done - x) * (sample[what] - y), 0);
  const under = samples.reduce((sum, { done }) => sum + (done - x) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

/**
 * Kills the tab of a batch half-way, opens Tamis again, goes on, and looks for each file in the batch's CSV.
 *
 * @param {object} parts
 * @param {import("@playwright/test").Page} parts.page
 * @param {object} parts.request of `tamisHeadless.bench`
 * @param {(page: import("@playwright/test").Page) => Promise<void>} parts.putFolder puts the folder into a page
 * @param {string} parts.folder
 * @param {BatchWatch} parts.watch that the page reports to
 */
export async function killAndGoOn({ page, request, putFolder, folder, watch }) {
  const context = page.context();
  const address = page.url();
  // Its answer never comes.
  page.evaluate((task) => window.tamisHeadless.bench(task), request).catch(() => undefined);
  while (watch.share < 0.5 || watch.share === 1) await wait(20);
  const session = await context.newCDPSession(page);
  // What a person loses by a crash: the process is gone in the middle of whatever it did.
  session.send("Page.crash").catch(() => undefined);
  await page.waitForEvent("crash");
  watch.end();

  const again = await context.newPage();
  again.setDefaultTimeout(0);
  await again.goto(address);
  await again.waitForFunction(() => window.tamisHeadless !== undefined);
  await again.evaluate(() => window.tamisHeadless.ready());
  await putFolder(again);
  const outcome = await again.evaluate((task) => window.tamisHeadless.goOn(task), request);
  if (!outcome.ok) return { problem: outcome.message };
  const { csv, doneBefore } = outcome.value;
  return { files_done_when_killed: doneBefore, ...accountOf(csv, filesBelow(folder)) };
}

/** How often each file stands in the CSV. */
function accountOf(csv, files) {
  const times = new Map(files.map((file) => [file, 0]));
  const pages = new Set();
  let strangers = 0;
  let twice = 0;
  for (const [file, page] of rowsOf(csv).slice(1)) {
    if (pages.has(`${file}\n${page}`)) twice += 1;
    pages.add(`${file}\n${page}`);
    if (times.has(file)) times.set(file, times.get(file) + 1);
    else strangers += 1;
  }
  const missing = files.filter((file) => times.get(file) === 0);
  return { files: files.length, csv_rows: pages.size + twice, missing, strangers, twice };
}

function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, `${entry.parentPath}/${entry.name}`).replaceAll("\\", "/"));
}

/** RFC 4180. */
function rowsOf(csv) {
  const rows = [[]];
  const cell = /"((?:[^"]|"")*)"(,|\r\n|$)|([^,\r\n]*)(,|\r\n|$)/gy;
  while (cell.lastIndex < csv.length) {
    const [, quoted, quotedEnd, plain, plainEnd] = cell.exec(csv);
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if ((quotedEnd ?? plainEnd) === "\r\n" && cell.lastIndex < csv.length) rows.push([]);
  }
  return rows;
}
