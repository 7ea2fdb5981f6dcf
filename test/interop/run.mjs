/**
 * `npm run interop -- --data DIR`: whether models that leave Tamis say the same elsewhere.
 *
 * Trains small networks of every kind of layer here, exports them and the starter as `.keras`, `.onnx` and tfjs, and compares what real Keras,
 * onnxruntime and plain tfjs say of images with what Tamis says. What they see is made by Python alone.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { unzipInto } from "../../scripts/lib/model-zip.mjs";
import { projectRoot } from "../../scripts/lib/project.mjs";
import { headless, runCommand } from "./lib/command.mjs";
import { chooseImages, copyImages } from "./lib/images.mjs";
import { pythonWith, Skipped } from "./lib/python.mjs";

const here = import.meta.dirname;
const jobSources = join(projectRoot, "workers/engine/exports/cluster/job");

/** The largest difference between two probabilities of the same image. */
const tolerance = 1e-4;
const runtimes = ["keras", "onnx", "tfjs"];

const usage = `Usage: npm run interop -- --data DIR [options]

--data DIR      a folder that holds one folder of images for each class
--images N      images that are judged (50)
--training N    images that the small networks learn from (200)
--seed N        which (1)
--models a,b    of baseline, dropout, compact, starter (all)
--size N        of the small networks, in pixels (64)

TAMIS_INTEROP_PYTHON names a Python with keras, tensorflow-cpu, onnxruntime and pillow; without it one is made in .cache/.`;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    images: { type: "string", default: "50" },
    training: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    models: { type: "string", default: "baseline,dropout,compact,starter" },
    size: { type: "string", default: "64" },
    help: { type: "boolean", default: false },
  },
});
if (values.help || !values.data) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

async function zipOf(name, folder) {
  if (name === "starter") return "starter";
  const out = join(folder, `${name}.zip`);
  const how = ["--size", values.size, "--epochs", "1", "--batch", "16", "--split", "keras", "--backend", "wasm"];
  await headless("train", "--data", join(folder, "training"), "--preset", name, ...how, "--out", out);
  return out;
}

/** The largest difference to Tamis of each runtime. */
async function compare(name, folder, python) {
  const place = join(folder, name);
  await mkdir(place);
  const model = await zipOf(name, folder);
  const at = (file) => join(place, file);
  await headless("convert", "--model", model, "--to", "cluster", "--out", at("job"));
  await headless("convert", "--model", model, "--to", "keras", "--out", at("model.keras"));
  await headless("convert", "--model", model, "--to", "tfjs", "--out", at("tfjs.zip"));
  await unzipInto(at("tfjs.zip"), at("tfjs"));
  const judged = join(folder, "judged");
  await headless("classify", "--model", model, "--backend", "wasm", "--json", at("tamis.json"), judged);
  const quiet = { PYTHONPATH: at("job"), TF_CPP_MIN_LOG_LEVEL: "3" };
  await runCommand(python, [join(here, "predict.py"), at("job"), at("model.keras"), judged, place], quiet);
  await runCommand(process.execPath, [join(here, "tfjs.mjs"), at("tfjs"), place, at("tfjs.json")]);

  const json = async (file) => JSON.parse(await readFile(at(file), "utf8"));
  const tamis = new Map(
    (await json("tamis.json")).map(({ file, probability }) => [file.split("/").at(-1), probability]),
  );
  const worst = {};
  for (const runtime of runtimes) {
    const others = Object.entries(await json(`${runtime}.json`));
    if (others.length !== tamis.size || tamis.size === 0) throw new Error(`${runtime} judged ${others.length} images.`);
    worst[runtime] = Math.max(...others.map(([file, p]) => Math.abs(p - tamis.get(file))));
  }
  const sorted = [...tamis.values()].sort((a, b) => a - b);
  console.log(
    `${name}: ${sorted.length} images, Tamis from ${sorted[0].toFixed(4)} to ${sorted.at(-1).toFixed(4)}; ` +
      `largest difference: ${runtimes.map((runtime) => `${runtime} ${worst[runtime].toExponential(1)}`).join(", ")}`,
  );
  return worst;
}

const folder = await mkdtemp(join(tmpdir(), "tamis-interop-"));
let status = 0;
try {
  const python = await pythonWith(join(here, "requirements.txt"), process.env.TAMIS_INTEROP_PYTHON);
  const cases = join(projectRoot, "test/fixtures/reference/resize");
  process.stdout.write(await runCommand(python, [join(here, "resize_check.py"), cases], { PYTHONPATH: jobSources }));

  const data = resolve(process.env.INIT_CWD ?? ".", values.data);
  const counts = { training: Number(values.training), judged: Number(values.images) };
  const { training, judged } = chooseImages(data, values.seed, counts);
  if (judged.length < counts.judged || training.length === 0) throw new Error(`${data} holds too few images.`);
  await copyImages(data, training, join(folder, "training"));
  await mkdir(join(folder, "judged"));
  await writeFile(join(folder, "judged.json"), JSON.stringify(judged));
  await runCommand(python, [join(here, "to_png.py"), join(folder, "judged.json"), data, join(folder, "judged")]);

  let passed = 0;
  let failed = 0;
  for (const name of values.models.split(",")) {
    for (const difference of Object.values(await compare(name, folder, python))) {
      // Written so that NaN fails.
      if (difference <= tolerance) passed += 1;
      else failed += 1;
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) status = 1;
} catch (error) {
  if (!(error instanceof Skipped)) throw error;
  console.log(`Skipped: ${error.message}`);
  console.log("0 passed, 0 failed, 1 skipped");
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = status;
