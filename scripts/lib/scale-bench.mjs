/** `bench scale`: a data set of the real delivery's size through the whole app, its tab killed on the way, and what memory the tab took for it. */
import { appendFile, cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { setTimeout as wait } from "node:timers/promises";
import { slopeOf } from "./batch-bench.mjs";
import { measureBrowser } from "./process-tree.mjs";

const lookEvery = 250;
/** Of the import that goes on: from here on memory that is flat is flat. */
const settled = 1 / 3;
/** A prime: through all files before one comes again. */
const step = 7_919;
const scrolls = 120;
const pixelsPerScroll = 1_500;

/** Follows what the page reports, and the memory meanwhile. */
export class ScaleWatch {
  #stage = "starting";
  #done = 0;
  #total = 0;
  #samples = [];
  #timer = setInterval(() => this.#look(), lookEvery);

  report({ stage, done, total }) {
    this.#stage = stage === "importing" ? this.#stage : stage;
    this.#done = done;
    this.#total = total;
  }

  /** Names what follows, where the page does not report it itself. */
  begin(stage) {
    this.#stage = stage;
    this.#done = 0;
    this.#total = 0;
  }

  get share() {
    return this.#total === 0 ? 0 : this.#done / this.#total;
  }

  #look() {
    const now = measureBrowser();
    if (now) this.#samples.push({ stage: this.#stage, done: this.#done, total: this.#total, ...now });
  }

  /** @returns peaks by stage, and how memory grew while the import went on; none where the system does not tell */
  end() {
    clearInterval(this.#timer);
    if (this.#samples.length === 0) return {};
    const peaks = {};
    for (const { stage, rendererBytes } of this.#samples) peaks[stage] = Math.max(peaks[stage] ?? 0, rendererBytes);
    const going = this.#samples.filter(({ stage }) => stage === "going on");
    const first = going.find(({ done }) => done > 0)?.done ?? 0;
    const settledOnes = going.filter(({ done, total }) => done - first >= settled * (total - first));
    return {
      tab_peak_bytes: Math.max(...Object.values(peaks)),
      tab_peak_bytes_by_stage: peaks,
      other_processes_peak_bytes: Math.max(...this.#samples.map(({ otherBytes }) => otherBytes)),
      tab_bytes_per_1000_images: 1000 * slopeOf(settledOnes, "rendererBytes"),
      memory_samples: settledOnes.length,
    };
  }
}

/**
 * So many images, each of other bytes: those of a folder of class folders again and again, with a few bytes after their end, which readers of pictures
 * do not look at.
 *
 * @returns the folder, to be deleted
 */
async function makeImages(from, count) {
  const folder = await mkdtemp(join(tmpdir(), "tamis-scale-"));
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  for (const name of new Set(files.map(({ parentPath }) => basename(parentPath)))) await mkdir(join(folder, name));
  for (let i = 0; i < count; i++) {
    // Of all classes, however few are asked for.
    const { parentPath, name } = files[(i * step) % files.length];
    const path = join(folder, basename(parentPath), `${Math.floor(i / files.length)}-${name}`);
    await cp(join(parentPath, name), path);
    await appendFile(path, `copy ${i}`);
  }
  return folder;
}

async function putFolder(page, folder) {
  await page.setInputFiles("#folder", folder);
  await page.evaluate(([key, name]) => window.tamisHeadless.keepFolder(key, name), ["data", basename(folder)]);
}

/** The import, killed half-way; then, in a new tab, the rest of it. */
async function importAndKill({ page, request, folder, watch }) {
  const context = page.context();
  const address = page.url();
  await putFolder(page, folder);
  watch.begin("importing");
  let begin = performance.now();
  // Its answer never comes.
  page.evaluate((task) => window.tamisHeadless.bench(task), request).catch(() => undefined);
  while (watch.share < 0.5 || watch.share === 1) await wait(20);
  const session = await context.newCDPSession(page);
  session.send("Page.crash").catch(() => undefined);
  await page.waitForEvent("crash");
  const before = (performance.now() - begin) / 1000;

  const again = await context.newPage();
  again.setDefaultTimeout(0);
  await again.exposeFunction("tamisReport", (progress) => watch.report(progress));
  await again.goto(address);
  await again.waitForFunction(() => window.tamisHeadless !== undefined);
  await again.evaluate(() => window.tamisHeadless.ready());
  await putFolder(again, folder);
  watch.begin("going on");
  begin = performance.now();
  const outcome = await again.evaluate((task) => window.tamisHeadless.goOnImport(task), request);
  const after = (performance.now() - begin) / 1000;
  await page.close();
  return { page: again, outcome, seconds: { import_seconds_before_kill: before, import_seconds_after_kill: after } };
}

async function trainOneEpoch(page, { preset, overrides, config, backend }, watch) {
  watch.begin("training");
  const split = { kind: null, validationShare: null, testShare: null, seed: null, bySource: false };
  const nothing = { validationData: null, positive: null, backbone: null, name: null };
  const request = { data: "data", split, preset, overrides, config, backend, ...nothing };
  const begin = performance.now();
  const outcome = await page.evaluate((task) => window.tamisHeadless.train(task), request);
  return { outcome, seconds: (performance.now() - begin) / 1000 };
}

/** Through the app's own screen: how long each frame took while the samples were scrolled. */
async function scrollSamples(page, datasetId, watch) {
  watch.begin("scrolling");
  await page.setViewportSize({ width: 1440, height: 900 });
  const screen = new URL(`index.html#/data/${datasetId}`, page.url()).href;
  await page.goto(screen);
  await page.locator("h1").first().waitFor();
  await page.locator("tamis-dataset-detail tamis-thumbnail").first().waitFor();
  await page.evaluate(() => {
    const frames = [];
    window.measuredFrames = frames;
    let last = performance.now();
    const look = (now) => {
      frames.push(now - last);
      last = now;
      window.requestAnimationFrame(look);
    };
    window.requestAnimationFrame(look);
  });
  await page.locator("tamis-dataset-detail tamis-thumbnail").first().hover();
  for (let i = 0; i < scrolls; i++) {
    await page.mouse.wheel(0, pixelsPerScroll);
    await wait(30);
  }
  const frames = await page.evaluate(() => window.measuredFrames);
  frames.sort((a, b) => a - b);
  const at = (share) => frames[Math.min(frames.length - 1, Math.floor(share * frames.length))];
  return {
    frames: frames.length,
    frame_milliseconds_median: at(0.5),
    frame_milliseconds_95_percent: at(0.95),
    frame_milliseconds_worst: at(1),
  };
}

/**
 * @param {object} parts
 * @param {import("@playwright/test").Page} parts.page
 * @param {object} parts.request of `tamisHeadless.bench`, task import
 * @param {string} parts.folder of class folders
 * @param {number} parts.images
 * @param {ScaleWatch} parts.watch that the page reports to
 * @returns figures; `problem` says what did not end as it must, or is null
 */
export async function measureScale({ page, request, folder, images, watch }) {
  const made = await makeImages(folder, images);
  try {
    const imported = await importAndKill({ page, request, folder: made, watch });
    if (!imported.outcome.ok) return { problem: imported.outcome.message };
    const { id, storedBefore, images: stored, findings } = imported.outcome.value;
    const trained = await trainOneEpoch(imported.page, request, watch);
    if (!trained.outcome.ok) return { problem: trained.outcome.message };
    const scrolled = await scrollSamples(imported.page, id, watch);
    const isComplete = stored + findings === images && findings === 0 && storedBefore > 0;
    return {
      problem: isComplete ? null : `${stored} images and ${findings} findings of ${images} files`,
      images: stored,
      images_stored_when_killed: storedBefore,
      ...imported.seconds,
      size: request.overrides.size,
      preset: request.preset,
      epoch_seconds: trained.seconds,
      validation_accuracy: trained.outcome.value.report.history.at(-1)?.val_accuracy ?? null,
      ...scrolled,
      ...watch.end(),
    };
  } finally {
    watch.end();
    await rm(made, { recursive: true, force: true });
  }
}
