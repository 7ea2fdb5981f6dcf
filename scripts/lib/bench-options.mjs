/** The options of `npm run bench`: read, checked, explained. */
import { parseArgs } from "node:util";
import { backendOf, existing, output, overridesOf, UsageError, wholeNumber } from "./headless-options.mjs";

export const benchUsage = `Usage: npm run bench -- TASK [options]

train-step                  whole training steps of a preset's network on made-up pictures
infer [--model starter]     forward passes of a preset's network, or of the starter model on one picture
augment                     what the preset's augmentation costs (the notebook's where it has none): the making of a batch on the stream's worker,
                            and training steps on the stream's batches with it and without
import --data DIR           decoding, resizing and storing a folder of class folders, into an empty cache
classify --data DIR --model starter|model.zip [--files N]
                            a folder as one batch, as the classify screen does it: decoding, judging, small pictures, storing; on Linux with
                            processor time and memory
  --kill                    classify: then once more, killing the tab half-way, and goes on: what of the files the CSV lists
duplicates --data DIR [--plant N] [--seed N]
                            copies of N (100) images in each of five ways (saved again, halved, turned, trimmed by 5 % of each side or of the area),
                            imported with the folder and searched for: recall of each, what else is grouped, pairs that the default split divides
scale --data DIR --images N  so many images made of the folder's (with changed bytes) into a data set of 64×64 pixels; the tab is killed half-way, and the
                            import goes on; one epoch; the samples scrolled; on Linux with the memory of the tab throughout
startup                     from nothing to the first screen, to a running backend, to the starter model's first answer

  --preset NAME             baseline (default) or another of \`headless train\`
  --size N --batch N        instead of the preset's (baseline: 180, 32)
  --backend auto|wasm|webgpu  --threads N  --simd none|simd|relaxed
  --stock                   train-step and infer: unmodified tfjs on the same network and backend too, at its best threading
  --steps N (12)  --warmup N (3)
  --json FILE               writes what is printed: milliseconds (median), gflop_per_second, parameters, peak_heap_bytes,
                            threads, backend, simd (null where a task has none), and figures of the task's own

Exit status: 0, or 1 where it failed, or 2 where the options are wrong.`;

const tasks = ["train-step", "infer", "augment", "import", "classify", "duplicates", "startup", "scale"];

/** Side of the pictures that `scale` trains on. */
const scaleSize = 64;

export function readBenchOptions(args) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        preset: { type: "string", default: "baseline" },
        size: { type: "string" },
        batch: { type: "string" },
        backend: { type: "string", default: "wasm" },
        threads: { type: "string" },
        simd: { type: "string" },
        steps: { type: "string", default: "12" },
        warmup: { type: "string", default: "3" },
        model: { type: "string" },
        stock: { type: "boolean", default: false },
        data: { type: "string" },
        files: { type: "string" },
        images: { type: "string" },
        kill: { type: "boolean", default: false },
        plant: { type: "string", default: "100" },
        seed: { type: "string", default: "42" },
        json: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { values, positionals } = parsed;
  if (values.help) return { help: true };
  const [task] = positionals;
  if (positionals.length !== 1 || !tasks.includes(task)) throw new UsageError(`Name one task: ${tasks.join(", ")}.`);
  if (task === "classify") {
    if (values.model === undefined) throw new UsageError("--model is missing.");
  } else if (values.model !== undefined && values.model !== "starter") {
    throw new UsageError("--model can only be starter.");
  }
  if (values.stock && (!["train-step", "infer"].includes(task) || values.model !== undefined)) {
    throw new UsageError("--stock goes with train-step and infer of a preset's network.");
  }
  if (values.kill && (task !== "classify" || values.files !== undefined)) {
    throw new UsageError("--kill goes with classify of a whole folder.");
  }
  if (["import", "classify", "duplicates", "scale"].includes(task) && values.data === undefined)
    throw new UsageError("--data is missing.");
  const images = wholeNumber(values, "images", 100) ?? null;
  if ((task === "scale") !== (images !== null)) throw new UsageError("--images goes with scale, and scale with it.");
  const overrides = overridesOf(values);
  return {
    help: false,
    images,
    data: values.data === undefined ? null : existing("--data", values.data, true),
    model: values.model === undefined || values.model === "starter" ? null : existing("--model", values.model, false),
    json: output(values, "json") ?? null,
    stock: values.stock,
    kill: values.kill,
    planting:
      task === "duplicates"
        ? { data: "data", plant: wholeNumber(values, "plant", 1), seed: wholeNumber(values, "seed", 0) }
        : null,
    request: {
      task: task === "scale" ? "import" : task,
      files: wholeNumber(values, "files", 1) ?? null,
      starter: values.model === "starter",
      preset: values.preset,
      overrides: task === "scale" ? { size: scaleSize, epochs: 1, ...overrides } : overrides,
      config: {},
      backend: backendOf(values),
      warmup: wholeNumber(values, "warmup", 0),
      steps: wholeNumber(values, "steps", 1),
      data: values.data === undefined ? null : "data",
    },
  };
}
