/**
 * `npm run parity -- DIR`: runs every reference case below DIR through the code that the app runs, in the production build's headless page,
 * and prints each one's largest error against its tolerance.
 *
 * A file of the group decode must also take little memory, which Linux tells.
 *
 * A case that cannot be computed, for its group or kind is not there yet or its files are missing, is an error and never a pass.
 */
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { backendOf, resolvePath, UsageError } from "./lib/headless-options.mjs";
import { putModel } from "./lib/model-files.mjs";
import { forgetRendererPeaks, measureBrowser, rendererPeakBytes } from "./lib/process-tree.mjs";
import { installChromium, installPackages, requireNode } from "./lib/install.mjs";

const usage = `Usage: npm run parity -- DIR [options]

DIR is a folder of reference cases: one case, one group, or several groups.

  --backend auto|wasm|webgpu  computes on this backend (auto)
  --threads N
  --simd none|simd|relaxed    WASM: with these instructions (the best that the browser has)
  --models DIR      the model files that cases name
  --images DIR      the images that cases name (for the group decode: ../data/odd beside the folder of the groups,
                    that is DIR/../../data/odd where DIR is one group, DIR/../data/odd where it holds groups)
  --json FILE       writes all results
  --help            shows this

Exit status: 0 where every case is within its tolerance, 1 where one is not or cannot be computed, 2 where the options are wrong.`;

function folder(path, name) {
  const absolute = resolvePath(path);
  if (!existsSync(absolute)) throw new UsageError(`${name} ${path} does not exist.`.trim());
  return absolute;
}

function readArguments(args) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        backend: { type: "string", default: "auto" },
        threads: { type: "string" },
        simd: { type: "string" },
        models: { type: "string" },
        images: { type: "string" },
        json: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  if (positionals.length !== 1) throw new UsageError("Name one folder of reference cases.");
  return {
    help: false,
    root: folder(positionals[0], ""),
    backend: backendOf(values),
    models: values.models === undefined ? null : folder(values.models, "--models"),
    images: values.images === undefined ? null : folder(values.images, "--images"),
    json: values.json === undefined ? null : resolvePath(values.json),
  };
}

/** Folders that hold a case.json, sorted. */
async function findCases(root) {
  const names = await readdir(root, { recursive: true });
  const cases = names
    .filter((name) => name.split(/[/\\]/).at(-1) === "case.json")
    .map((name) => dirname(join(root, name)));
  if (cases.length === 0) throw new UsageError(`There is no case.json below ${root}.`);
  return cases.sort();
}

/** Every file that the case names, as base64 by that name. */
async function filesOf(reference, caseFolder) {
  const files = {};
  for (const entry of [...Object.values(reference.inputs ?? {}), ...Object.values(reference.outputs ?? {})]) {
    if (typeof entry?.file !== "string" || entry.file in files) continue;
    files[entry.file] = (await readFile(resolve(caseFolder, entry.file))).toString("base64");
  }
  return files;
}

/** The awkward file that a case of the group decode names. */
async function decodedFile({ group, attributes }, caseFolder, images) {
  if (group !== "decode") return {};
  const folderOfImages = images ?? resolve(caseFolder, "../../../data/odd");
  return { [attributes.file]: (await readFile(join(folderOfImages, attributes.file))).toString("base64") };
}

/** Puts the model that a case of the group predict names into one of the page's inputs, and says which; null for other cases. */
async function giveModel(page, { group, attributes }, models) {
  if (group !== "predict" || models === null) return null;
  return putModel(page, join(models, attributes.model));
}

async function runCase(page, caseFolder, { backend, images, models }) {
  const json = JSON.parse(await readFile(join(caseFolder, "case.json"), "utf8"));
  const files = { ...(await filesOf(json, caseFolder)), ...(await decodedFile(json, caseFolder, images)) };
  const request = { json, files, backend, model: await giveModel(page, json, models) };
  return page.evaluate((r) => window.tamisHeadless.parity(r), request);
}

/** What a file may take, however it was made, in bytes. */
const mostDecodingBytes = 300e6;

/** Says how much memory a case of the group decode took at its peak, and fails it where that is too much. */
async function watchMemory(run) {
  const before = measureBrowser()?.rendererBytes ?? null;
  if (before === null) return run();
  forgetRendererPeaks();
  const result = await run();
  const bytes = Math.max(0, rendererPeakBytes() - before);
  if (bytes <= mostDecodingBytes) return { ...result, memory_bytes: bytes };
  const problem = [result.problem, `it took ${Math.round(bytes / 1e6)} MB`].filter(Boolean).join("; ");
  return { ...result, passed: false, memory_bytes: bytes, problem };
}

function headOf(caseFolder) {
  return JSON.parse(readFileSync(join(caseFolder, "case.json"), "utf8"));
}

/** Those that are refused by their size first: what other cases leave in memory, to be used again, hides nothing of what they take. */
function bombsFirst(cases) {
  const isBomb = (path) => headOf(path).attributes?.expect === "refused";
  return [...cases.filter(isBomb), ...cases.filter((path) => !isBomb(path))];
}

function lineOf(path, { passed, largest_error, largest_share, tolerance, problem, refusal, memory_bytes: bytes }) {
  const verdict = passed ? "ok  " : "FAIL";
  if (refusal !== undefined) return `${verdict} ${path}: refused: ${refusal}`;
  const { absolute = 0, relative: share = 0, mean_absolute: mean } = tolerance ?? {};
  const exact = absolute === 0 && share === 0 ? "exact" : `${absolute} + ${share}·|x|`;
  const tolerated = mean === undefined ? exact : `${mean} on average`;
  const error = `error ${largest_error.toPrecision(3)} (${(100 * largest_share).toFixed(1)} % of ${tolerated})`;
  const memory = bytes === undefined ? "" : `, ${Math.round(bytes / 1e6)} MB`;
  return `${verdict} ${path}: ${error}${memory}${problem === null ? "" : ` — ${problem}`}`;
}

requireNode();
let options;
let cases;
try {
  options = readArguments(process.argv.slice(2));
  if (options.help) {
    console.log(usage);
    process.exit(0);
  }
  cases = await findCases(options.root);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exit(2);
}

const results = [];
try {
  installPackages();
  await installChromium();
  const { openHeadlessPage } = await import("./lib/headless-browser.mjs");
  const { page, close } = await openHeadlessPage({ backend: options.backend.choice });
  try {
    for (const caseFolder of bombsFirst(cases)) {
      const path = relative(options.root, caseFolder) || ".";
      const run = () => runCase(page, caseFolder, options);
      const isDecoded = headOf(caseFolder).group === "decode";
      const result = await (isDecoded ? watchMemory(run) : run()).catch((error) => ({
        name: path,
        passed: false,
        largest_error: 0,
        largest_share: 0,
        tolerance: null,
        problem: error.message,
      }));
      results.push({ path, ...result });
      console.log(lineOf(path, result));
    }
  } finally {
    await close();
  }
} catch (error) {
  console.error(error);
  process.exit(1);
}
const failed = results.filter((result) => !result.passed).length;
if (options.json)
  await writeFile(options.json, `${JSON.stringify({ passed: failed === 0, cases: results }, null, 2)}\n`);
console.log(`${results.length - failed} of ${results.length} cases pass.`);
process.exit(failed === 0 ? 0 : 1);
