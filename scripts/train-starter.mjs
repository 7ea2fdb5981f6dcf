/**
 * Makes the model that Tamis comes with: `npm run train-starter -- --data DIR [--cross-validation cv.json]`.
 *
 * The `compact` preset, longer (scripts/starter-experiment.json): first cross-validated over folds of whole sources, with fewer samples, which tells
 * what it does on sources it never saw and calibrates it; then trained on all of the data. Writes public/starter/: the model and its card. A
 * cross-validation that was done before is taken from its file.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "./lib/project.mjs";

/** Of the final training's epochs: the folds need not be as good as the model itself, only tell how its recipe does. */
const crossValidationEpochs = 5;
/** Enough to see that nothing went wrong; every other image is trained on. */
const validationShare = 0.03;

const { values } = parseArgs({
  options: { data: { type: "string" }, "cross-validation": { type: "string" }, threads: { type: "string" } },
});
if (values.data === undefined) {
  console.error("Usage: npm run train-starter -- --data DIR [--cross-validation cv.json] [--threads N]");
  process.exit(2);
}
const from = process.env.INIT_CWD ?? process.cwd();
const data = resolve(from, values.data);
const experimentFile = join(projectRoot, "scripts", "starter-experiment.json");
const target = join(projectRoot, "public", "starter");
const scratch = mkdtempSync(join(tmpdir(), "tamis-starter-"));

function headless(...args) {
  const threads = values.threads === undefined ? [] : ["--threads", values.threads];
  const all = ["scripts/headless.mjs", ...args, "--preset", "compact", "--backend", "wasm", ...threads];
  const { status } = spawnSync(process.execPath, all, { cwd: projectRoot, stdio: "inherit" });
  if (status !== 0) throw new Error(`headless ${args[0]} ended with ${status ?? "a signal"}.`);
}

function crossValidate() {
  if (values["cross-validation"] !== undefined) return resolve(from, values["cross-validation"]);
  const shorter = join(scratch, "experiment.json");
  const experiment = JSON.parse(readFileSync(experimentFile, "utf8"));
  writeFileSync(shorter, JSON.stringify({ ...experiment, epochs: crossValidationEpochs }));
  const file = join(scratch, "cv.json");
  headless("cross-validate", "--data", data, "--folds", "4", "--config", shorter, "--json", file);
  return file;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

function figures({ balanced_accuracy: balanced, auroc, accuracy, confusion: { tp, fn }, by_class: byClass }) {
  const wrong = Object.entries(byClass).map(([name, { n, wrong: w }]) => `${name} ${percent(w / n)}`);
  return `balanced accuracy ${balanced.toFixed(3)}, AUROC ${auroc.toFixed(3)}, accuracy ${accuracy.toFixed(3)}, photos missed ${percent(fn / (tp + fn))}; wrong by original class: ${wrong.join(", ")}`;
}

function card(cv, run, bytes) {
  const { epochs, sampling, batchSize, inputSize } = run.experiment;
  const samples = (experiment) => (experiment.epochs * experiment.sampling.samplesPerEpoch).toLocaleString("en");
  const classes = Object.entries(run.classes).map(([name, count]) => `${name} ${count}`);
  const last = run.history.at(-1);
  return `# Model card: the Tamis starter model

Written by \`npm run train-starter\`; every figure here comes from its run.

**What it does.** Says how likely a scan is a photograph (rather than a painting, a schematic, a sketch or text). ${run.parameters.toLocaleString("en")} parameters,
${(bytes / 1e6).toFixed(2)} MB, input ${inputSize} × ${inputSize}, the mean of two views of a scan (the whole picture, and its central square). Photo where P ≥ 0.5.

**How it was trained.** The \`compact\` preset in Tamis itself, in a browser, on ${run.backend} with ${run.threads} thread(s): ${epochs} epochs of ${sampling.samplesPerEpoch.toLocaleString("en")} augmented
samples (${samples(run.experiment)} in all), batches of ${batchSize}, seed ${run.seed}, ${run.split.training} images (${run.split.validation} more were held out to watch it).

**On what.** ${classes.join(", ")} images, gathered from public repositories, of mixed licences; none of them is part of Tamis.

**How well.** Images of one source resemble each other, so only whole sources that the network never saw tell. In a cross-validation over ${cv.folds.length} folds of whole
sources, with ${samples(cv.experiment)} samples a fold, on ${cv.pooled.n} images:
- before calibration: ${figures(cv.pooled)};
- after it: ${figures(cv.pooled_calibrated)}.

This is harsher than use: a fold without the largest source of a class learns from what is left of it, and each fold's network saw fewer samples than this one. The calibration
(scale ${cv.calibration.scale.toFixed(3)}, shift ${cv.calibration.shift.toFixed(3)}) was fitted to these same predictions, two numbers to ${cv.pooled.n} images, so that a scan is as likely
a photo as not before it is looked at. On the ${run.split.validation} held-out images, of sources that it did see, accuracy was ${last.val_accuracy.toFixed(3)}: a figure that flatters.

**What it gets wrong.** Paintings that look like photographs, above all; photographs of paintings, drawings and pages; old, faded or coloured photographs; pictures composed of several
kinds. It was not tested on captures of people by who they are, and does not look for them.
`;
}

try {
  const cvFile = crossValidate();
  const cv = JSON.parse(readFileSync(cvFile, "utf8"));
  if (cv.calibration === null) throw new Error("No calibration could be fitted.");
  const experiment = {
    ...JSON.parse(readFileSync(experimentFile, "utf8")),
    calibration: { kind: "given", ...cv.calibration },
  };
  const config = join(scratch, "final.json");
  writeFileSync(config, JSON.stringify(experiment));
  mkdirSync(target, { recursive: true });
  const zip = join(target, "tamis-starter.zip");
  const runFile = join(scratch, "run.json");
  headless(
    ...[
      "train",
      "--data",
      data,
      "--name",
      "Tamis starter",
      "--split",
      "keras",
      "--validation-share",
      String(validationShare),
    ],
    ...["--config", config, "--out", zip, "--json", runFile],
  );
  writeFileSync(join(target, "MODEL_CARD.md"), card(cv, JSON.parse(readFileSync(runFile, "utf8")), statSync(zip).size));
  console.log(`Wrote ${target}.`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
