/**
 * Makes the model that Tamis comes with: `npm run train-starter -- --data DIR --backbone DIR [--cross-validation cv.json]`.
 *
 * The experiment of scripts/starter-experiment.json is cross-validated over folds of whole sources, which tells what it does on sources that it never saw, and
 * from which calibration, threshold and review band follow; then it is trained on all of the data. Writes public/starter/: the model and its card. A
 * cross-validation that was done before is taken from its file.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { changeMetadata } from "./lib/model-zip.mjs";
import { projectRoot } from "./lib/project.mjs";
import { operatingPoint } from "./lib/operating-point.mjs";
import { starterCard } from "./lib/starter-card.mjs";

/** Enough to see that nothing went wrong; every other image is trained on. */
const validationShare = 0.03;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    backbone: { type: "string" },
    "cross-validation": { type: "string" },
    threads: { type: "string" },
  },
});
if (values.data === undefined || values.backbone === undefined) {
  console.error(
    "Usage: npm run train-starter -- --data DIR --backbone DIR [--cross-validation cv.json] [--threads N]\n" +
      "The backbone is MobileNet v1 0.25 of ImageNet, as a tfjs LayersModel.",
  );
  process.exit(2);
}
const from = process.env.INIT_CWD ?? process.cwd();
const data = resolve(from, values.data);
const { preset, config } = JSON.parse(readFileSync(join(projectRoot, "scripts", "starter-experiment.json"), "utf8"));
const target = join(projectRoot, "public", "starter");
const scratch = mkdtempSync(join(tmpdir(), "tamis-starter-"));

/** Runs a headless command on the experiment, with these of its fields changed. */
function headless(command, changes, ...args) {
  const file = join(scratch, `${command}.json`);
  writeFileSync(file, JSON.stringify({ ...config, ...changes }));
  const common = [
    "--preset",
    preset,
    "--config",
    file,
    "--backbone",
    resolve(from, values.backbone),
    "--backend",
    "wasm",
  ];
  const threads = values.threads === undefined ? [] : ["--threads", values.threads];
  const all = ["scripts/headless.mjs", command, "--data", data, ...args, ...common, ...threads];
  const { status } = spawnSync(process.execPath, all, { cwd: projectRoot, stdio: "inherit" });
  if (status !== 0) throw new Error(`headless ${command} ended with ${status ?? "a signal"}.`);
}

function crossValidate() {
  if (values["cross-validation"] !== undefined) return resolve(from, values["cross-validation"]);
  const file = join(scratch, "cv.json");
  headless("cross-validate", {}, "--folds", "4", "--json", file);
  return file;
}

try {
  const cv = JSON.parse(readFileSync(crossValidate(), "utf8"));
  if (cv.calibration === null) throw new Error("No calibration could be fitted.");
  mkdirSync(target, { recursive: true });
  const zip = join(target, "tamis-starter.zip");
  const runFile = join(scratch, "run.json");
  headless(
    ...["train", { calibration: { kind: "given", ...cv.calibration } }, "--name", "Tamis starter"],
    ...["--validation-share", String(validationShare), "--test-share", "0", "--out", zip, "--json", runFile],
  );
  const point = operatingPoint(cv);
  const { threshold, reviewBand } = point;
  const bytes = await changeMetadata(zip, { threshold, reviewBand });
  const run = JSON.parse(readFileSync(runFile, "utf8"));
  writeFileSync(join(target, "MODEL_CARD.md"), starterCard({ cv, run, point, bytes }));
  console.log(`Wrote ${target}.`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
