/**
 * `npm run headless -- train|compare|evaluate|classify …`: the production build, driven from the command line in a Chromium without a window.
 *
 * Everything is computed by the app's own services in the page; here options are read, files handed in, and answers written down.
 */
import { statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { readOptions, usage, UsageError } from "./lib/headless-options.mjs";
import { putModel } from "./lib/model-files.mjs";
import { installChromium, installPackages, requireNode } from "./lib/install.mjs";
import { tellInspection } from "./lib/tell-inspection.mjs";
import { TerminalProgress } from "./lib/terminal-progress.mjs";

/** npm passes a Ctrl-C on that the terminal has sent already: a second one so soon is not the person's, in milliseconds. */
const sameInterrupt = 1_000;

/** What went wrong, in words for the person. */
class CommandError extends Error {}

/** The value of an outcome. */
function valueOf(outcome) {
  if (outcome.ok) return outcome.value;
  throw new CommandError(`${outcome.message} ${outcome.remedy}`.trim());
}

async function keepFolder(page, key, path) {
  await page.setInputFiles("#folder", path);
  const count = await page.evaluate(([k, name]) => window.tamisHeadless.keepFolder(k, name), [key, basename(path)]);
  if (count === 0) throw new CommandError(`${path} is empty.`);
}

async function openModel(page, model) {
  const which = model === "starter" ? "starter" : await putModel(page, model);
  return valueOf(await page.evaluate((w) => window.tamisHeadless.openModel(w), which));
}

async function writeJson(path, value) {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

function tellUnreadable(unreadable) {
  for (const { file, reason, detail } of unreadable) console.error(`Unreadable: ${file}: ${reason}. ${detail}`.trim());
}

/** Ctrl-C ends the run in the page; where none runs, or a second time, it ends this program. */
function stopOnInterrupt(page) {
  let first = 0;
  process.on("SIGINT", () => {
    const now = performance.now();
    if (first > 0 && now - first < sameInterrupt) return;
    if (first > 0) process.exit(130);
    first = now;
    console.error("\nStopping; the last finished epoch is kept. Ctrl-C again to leave at once.");
    page
      .evaluate(() => window.tamisHeadless.stop())
      .then((isStopping) => isStopping || process.exit(130))
      .catch(() => process.exit(130));
  });
}

/** What the page is asked for, its files kept there. */
async function keepBackbone(page, backbone) {
  if (backbone === null) return null;
  const { path, range } = backbone;
  await keepFolder(page, "backbone", path);
  return { files: "backbone", name: basename(path), range };
}

async function train(page, options, progress) {
  const { data, validationData, split, positive, preset, overrides, config, name, backend, out, json } = options;
  await keepFolder(page, "data", data);
  if (validationData !== null) await keepFolder(page, "validation", validationData);
  stopOnInterrupt(page);
  const request = {
    data: "data",
    validationData: validationData === null ? null : "validation",
    split,
    positive,
    preset,
    overrides,
    config,
    backbone: await keepBackbone(page, options.backbone),
    name,
    backend,
  };
  const { report, modelId } = valueOf(await page.evaluate((r) => window.tamisHeadless.train(r), request));
  progress.end();
  tellUnreadable(report.unreadable);
  if (json) await writeJson(json, report);
  if (out && modelId !== null) {
    const [download, saved] = await Promise.all([
      page.waitForEvent("download"),
      page.evaluate((id) => window.tamisHeadless.saveModel(id), modelId).then(valueOf),
    ]);
    void saved;
    await download.saveAs(out);
  }
  const last = report.history.at(-1);
  console.log(
    `${report.status}: ${report.history.length} of ${report.epochs} epochs of ${report.preset} on ${report.split.training} images` +
      `, ${report.parameters ?? "?"} parameters, ${report.backend ?? "?"} with ${report.threads ?? "?"} threads` +
      (report.milliseconds_per_step === null ? "" : `, ${report.milliseconds_per_step.toFixed(1)} ms a step`),
  );
  if (last) {
    console.log(
      `loss ${last.loss.toFixed(4)}, accuracy ${last.accuracy.toFixed(4)}; ` +
        `on ${report.split.validation} validation images loss ${last.val_loss.toFixed(4)}, accuracy ${last.val_accuracy.toFixed(4)}`,
    );
  }
  if (report.status === "failed" || report.status === "interrupted") throw new CommandError(report.problem);
  if (modelId === null) throw new CommandError("No epoch was finished, so there is no model.");
}

function tellFigures({
  balanced_accuracy: balanced,
  auroc,
  accuracy,
  confusion: { tp, fp, tn, fn },
  by_class: byClass,
}) {
  console.log(`accuracy ${accuracy.toFixed(4)}, balanced accuracy ${balanced.toFixed(4)}`);
  console.log(`AUROC ${auroc === null ? "undefined (one class only)" : auroc.toFixed(4)}`);
  console.log(`true positives ${tp}, false positives ${fp}, true negatives ${tn}, false negatives ${fn}`);
  for (const [name, { n, wrong }] of Object.entries(byClass)) console.log(`${name}: ${wrong} of ${n} wrong`);
}

async function readCrossValidation(path) {
  try {
    const { preset, predictions } = JSON.parse(await readFile(path, "utf8"));
    if (Array.isArray(predictions)) return { preset, predictions };
  } catch {
    // Told below.
  }
  throw new UsageError(`--against ${path} is not what cross-validate --json writes.`);
}

function tellDifference({ preset, images, balanced_accuracy: difference, interval, interval_over_sources: over }) {
  const range = (ends) => (ends === null ? "none" : ends.map((end) => (100 * end).toFixed(1)).join(" to "));
  console.log(
    `${(100 * difference).toFixed(1)} points of balanced accuracy above ${preset} on ${images} same images ` +
      `(95 %: ${range(interval)}; over whole sources: ${range(over)})`,
  );
}

async function crossValidate(page, options, progress) {
  const { data, positive, preset, overrides, config, folds, backend, json } = options;
  await keepFolder(page, "data", data);
  stopOnInterrupt(page);
  const backbone = await keepBackbone(page, options.backbone);
  const against = options.against ? await readCrossValidation(options.against) : null;
  const request = { data: "data", positive, preset, overrides, config, backbone, folds, against, backend };
  const report = valueOf(await page.evaluate((r) => window.tamisHeadless.crossValidate(r), request));
  progress.end();
  if (json) await writeJson(json, report);
  console.log(
    `${report.pooled.n} images, each judged by a network that saw nothing of its source; photo where p >= 0.5`,
  );
  tellFigures(report.pooled);
  if (report.against) tellDifference(report.against);
  if (report.calibration === null) return;
  const { scale, shift } = report.calibration;
  console.log(`calibrated on these predictions (scale ${scale.toFixed(4)}, shift ${shift.toFixed(4)}):`);
  tellFigures(report.pooled_calibrated);
}

async function evaluate(page, options, progress) {
  const { model, data, positive, backend, json } = options;
  const modelId = await openModel(page, model);
  await answerModel(page, modelId, options);
  await keepFolder(page, "data", data);
  const request = { modelId, data: "data", positive, backend };
  const report = valueOf(await page.evaluate((r) => window.tamisHeadless.evaluate(r), request));
  progress.end();
  tellUnreadable(report.unreadable);
  if (json) await writeJson(json, report);
  console.log(`${report.n} images, photo where p >= ${report.threshold}`);
  tellFigures(report);
}

async function classify(page, options, progress) {
  const { model, backend, captures, json, csv } = options;
  const modelId = await openModel(page, model);
  await answerModel(page, modelId, options);
  const isFolder = ({ path }) => statSync(path).isDirectory();
  // Files that stand beside each other go in together; the order stays the person's.
  for (let i = 0; i < captures.length;) {
    if (isFolder(captures[i])) {
      const { name, path } = captures[i];
      await page.setInputFiles("#folder", path);
      await page.evaluate((n) => window.tamisHeadless.addCaptures("folder", n), name.replace(/[/\\]+$/, ""));
      i += 1;
      continue;
    }
    const end = captures.findIndex((capture, index) => index > i && isFolder(capture));
    const files = captures.slice(i, end < 0 ? undefined : end);
    await page.setInputFiles(
      "#files",
      files.map(({ path }) => path),
    );
    await page.evaluate(
      (names) => window.tamisHeadless.addCaptures("files", names),
      files.map(({ name }) => name),
    );
    i += files.length;
  }
  const result = valueOf(await page.evaluate((r) => window.tamisHeadless.classify(r), { modelId, backend }));
  progress.end();
  if (json) await writeFile(json, result.json);
  if (csv) await writeFile(csv, result.csv);
  if (!json && !csv) process.stdout.write(result.csv);
  console.error(`${result.read} pages classified, ${result.unreadable} files unreadable.`);
  if (result.read === 0) throw new CommandError("Nothing could be read.");
}

/** `report.html`, or `report.fr.html` where several languages are asked for. */
function reportPath(path, language, languages) {
  return languages.length === 1 ? path : path.replace(/(\.[^./\\]*)?$/, (extension) => `.${language}${extension}`);
}

async function compare(page, options, progress) {
  const { data, positive, presets, seeds, overrides, config, split, languages, backend, json, report: path } = options;
  await keepFolder(page, "data", data);
  stopOnInterrupt(page);
  const backbone = await keepBackbone(page, options.backbone);
  const request = { data: "data", positive, presets, seeds, overrides, config, backbone, split, languages, backend };
  const { html, ...report } = valueOf(await page.evaluate((r) => window.tamisHeadless.compare(r), request));
  progress.end();
  if (json) await writeJson(json, report);
  if (path) {
    for (const language of languages) await writeFile(reportPath(path, language, languages), html[language]);
  }
  const part = report.split.test > 0 ? "test" : "validation";
  console.log(
    `${report.split.training} images to train on, ${report.split.validation} to validate, ${report.split.test} to test`,
  );
  for (const run of report.runs) {
    const balanced = run[part]?.figures.balancedAccuracy;
    const range = balanced?.interval ? ` (${balanced.interval.map((bound) => bound.toFixed(4)).join(" to ")})` : "";
    const quality =
      balanced?.value == null ? "no model" : `balanced accuracy ${balanced.value.toFixed(4)}${range} on ${part}`;
    const mark = run.id === report.final ? "* " : "  ";
    console.log(
      `${mark}${run.preset}, seed ${run.seed}: ${run.status}, ${run.history.length} of ${run.epochs} epochs, ${quality}`,
    );
    for (const sentence of run.sentences) console.log(`    ${sentence}`);
  }
  if (report.final === null) console.log("No run has a model that can be proposed.");
}

async function inspect(page, { data, positive, seed, batch, json }, progress) {
  for (const [index, path] of data.entries()) await keepFolder(page, `data${index}`, path);
  const request = { data: data.map((_, index) => `data${index}`), positive, seed, batch };
  const report = valueOf(await page.evaluate((r) => window.tamisHeadless.inspect(r), request));
  progress.end();
  if (json) await writeJson(json, report);
  tellUnreadable(report.findings.unreadable);
  tellInspection(report);
}

/** Answers what an imported model leaves open, and tells what had to be assumed. */
async function answerModel(page, modelId, { photo, pixels }) {
  const request = [modelId, { photo, pixels }];
  const assumed = valueOf(await page.evaluate(([id, a]) => window.tamisHeadless.answerModel(id, a), request));
  for (const line of assumed) console.error(line);
}

async function convert(page, options) {
  const modelId = await openModel(page, options.model);
  await answerModel(page, modelId, options);
  const request = [modelId, { format: options.to === "tfjs" ? "tamis" : options.to, precision: options.precision }];
  const downloading = page.waitForEvent("download");
  // Where the export is refused nothing is downloaded, and the page is closed.
  downloading.catch(() => undefined);
  valueOf(await page.evaluate(([id, o]) => window.tamisHeadless.saveModel(id, o), request));
  const download = await downloading;
  if (options.to === "cluster") {
    const { unzipInto } = await import("./lib/model-zip.mjs");
    const files = await unzipInto(await download.path(), options.out);
    console.log(`${options.out}: ${files.join(", ")}. Its README.md says how to run it.`);
    return;
  }
  await download.saveAs(options.out);
  console.log(`${options.out}: ${statSync(options.out).size} bytes.`);
}

const actions = { train, compare, inspect, "cross-validate": crossValidate, evaluate, classify, convert };

requireNode();
let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exit(2);
}
if (options.command === "help") {
  console.log(usage);
  process.exit(0);
}

let status = 0;
const progress = new TerminalProgress();
try {
  installPackages();
  await installChromium();
  // What comes from a package is imported after the installation.
  const { openHeadlessPage } = await import("./lib/headless-browser.mjs");
  const { page, close } = await openHeadlessPage({
    backend: options.backend.choice,
    onProgress: (event) => progress.show(event),
  });
  try {
    await actions[options.command](page, options, progress);
  } finally {
    await close();
  }
} catch (error) {
  progress.end();
  console.error(error instanceof CommandError ? error.message : error);
  status = 1;
}
process.exit(status);
