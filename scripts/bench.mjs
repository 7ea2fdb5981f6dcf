/**
 * `npm run bench -- train-step|infer|augment|import|classify|duplicates|startup|scale …`: medians over repeated steps after warm-up, of the production build in a Chromium without a window.
 *
 * For figures that can be quoted nothing else may run on the machine.
 */
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { BatchWatch, killAndGoOn } from "./lib/batch-bench.mjs";
import { readBenchOptions, benchUsage } from "./lib/bench-options.mjs";
import { UsageError } from "./lib/headless-options.mjs";
import { measureScale, ScaleWatch } from "./lib/scale-bench.mjs";
import { installChromium, installPackages, requireNode } from "./lib/install.mjs";

requireNode();
let options;
try {
  options = readBenchOptions(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${benchUsage}`);
  process.exit(2);
}
if (options.help) {
  console.log(benchUsage);
  process.exit(0);
}

async function keepFolder(page, folder) {
  await page.setInputFiles("#folder", folder);
  await page.evaluate(([key, name]) => window.tamisHeadless.keepFolder(key, name), ["data", basename(folder)]);
}

/** Unmodified tfjs on the network that was just measured; Tamis' own page is closed first. */
async function compareWithStock(page, request, report) {
  const topology = await page.evaluate((task) => window.tamisHeadless.benchTopology(task), request);
  if (!topology.ok) return { problem: topology.message };
  const { measureStock } = await import("./lib/stock-tfjs.mjs");
  const context = page.context();
  const { task, warmup, steps } = request;
  const { backend, size, batch } = report;
  return measureStock(context, page, { topology: topology.value, task, backend, size, batch, warmup, steps });
}

/** Milliseconds from the navigation until the first screen has its heading: into an empty profile, and again with everything kept. */
async function timeFirstScreens(page, steps) {
  const fresh = await page.context().newPage();
  const address = new URL("index.html", page.url()).href;
  const times = [];
  for (let i = 0; i <= steps; i++) {
    await fresh.goto(address);
    await fresh.locator("h1").first().waitFor();
    times.push(await fresh.evaluate(() => performance.now()));
    // What is kept for the next time is kept before it comes.
    if (i === 0) await fresh.evaluate(() => window.navigator.serviceWorker.ready.then(() => undefined));
  }
  await fresh.close();
  const [first, ...again] = times;
  return {
    first_screen_milliseconds: first,
    first_screen_again_milliseconds: again.sort((a, b) => a - b)[again.length >> 1],
  };
}

async function tell(report) {
  console.log(JSON.stringify(report, null, 2));
  if (options.json !== null) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

let status = 0;
try {
  installPackages();
  await installChromium();
  const { openHeadlessPage } = await import("./lib/headless-browser.mjs");
  let watch = options.images === null ? new BatchWatch() : new ScaleWatch();
  const { page, close } = await openHeadlessPage({
    backend: options.request.backend.choice,
    onProgress: (progress) => watch.report(progress),
  });
  try {
    const { request } = options;
    const { images } = options;
    const isScale = images !== null;
    const screens = request.task === "startup" ? await timeFirstScreens(page, request.steps) : {};
    if (options.data !== null && !isScale) await keepFolder(page, options.data);
    if (options.model !== null) await page.setInputFiles("#files", options.model);
    let outcome;
    if (isScale) outcome = await measureScale({ page, request, folder: options.data, images, watch });
    else if (options.planting)
      outcome = await page.evaluate((task) => window.tamisHeadless.benchDuplicates(task), options.planting);
    else outcome = await page.evaluate((task) => window.tamisHeadless.bench(task), request);
    if (isScale) {
      await tell(outcome);
      if (outcome.problem !== null) status = 1;
    } else if (outcome.ok) {
      const batch = request.task === "classify" ? watch.end() : {};
      if (options.kill) {
        watch = new BatchWatch();
        const putFolder = (target) => keepFolder(target, options.data);
        batch.killed = await killAndGoOn({ page, request, putFolder, folder: options.data, watch });
      }
      const stock = options.stock ? { stock: await compareWithStock(page, request, outcome.value) } : {};
      const report = { ...outcome.value, ...screens, ...batch, ...stock };
      await tell(report);
    } else {
      console.error(`${outcome.message} ${outcome.remedy}`.trim());
      status = 1;
    }
  } finally {
    await close();
  }
} catch (error) {
  console.error(error);
  status = 1;
}
process.exit(status);
