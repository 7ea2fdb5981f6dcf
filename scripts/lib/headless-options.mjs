/** The options of `npm run headless`: read, checked, explained. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "./project.mjs";

export const usage = `Usage: npm run headless -- COMMAND [options]

train --data DIR            trains on a folder that holds one folder of images for each class
  --positive CLASS          the class that is a photo; guessed from the names by default
  --preset NAME             baseline (default), dropout, early-stopping, l1, l2, dropout-early-stopping, elastic-net, residual,
                            compact or features
  --backbone DIR            a model of layers such as MobileNet (tfjs: model.json and its weights): what features is built on (instead of the
                            starter model's own backbone), what compact has beside its dictionaries, and residual learns from
  --backbone-range LOW,HIGH what it expects of a byte of 0 and of 255 (-1,1)
  --epochs N --size N --batch N --seed N
                            instead of the preset's (baseline: 20, 180, 32, 42)
  --config FILE.json        any fields of the experiment, over all of the above
  --name NAME               the model's name
  --split keras|stratified  as Keras draws it from the seed, without a test part (the default for the notebook's presets), or every class by
                            its share with near-duplicates on one side, into training, validation and test (for the others)
  --validation-share N      share of the images that are validated on, between 0 and 1 (keras: 0.2, stratified: 0.15)
  --test-share N            share of the images that nothing looks at (stratified: 0.15; 0 for none)
  --by-source               stratified: keeps every source whole
  --split-seed N            instead of the experiment's seed
  --validation-data DIR     validates on this folder, instead of images that the seed draws
  --backend auto|wasm|webgpu  --threads N  --simd none|simd|relaxed (WASM: the best that the browser has)
  --out model.zip           writes the model
  --json run.json           writes the history and what it took
  Ctrl-C ends the training and keeps what the last finished epoch reached.

compare --data DIR --presets a,b,c --seeds 1,2,3
                            trains each preset with each seed on one split (drawn with the seed 42, or --split-seed), compares them, and proposes one
  --positive … --backbone … --epochs … --size … --batch … --config … --split … --backend … --threads …
  --report report.html      writes the report; --lang fr|en (en) says in which language, --lang en,fr writes report.en.html and report.fr.html
  --json compare.json       writes histories, figures with intervals, analyses and tests

inspect --data DIR…         counts by class and format, findings with their files, splits of each kind with what leaks, and what an epoch draws
  --positive CLASS  --seed N  --batch N  --json data.json

cross-validate --data DIR [--folds 4] [--against other-cv.json]
                            trains once for each fold of whole sources (what stands before __ in a file's name, or its folder),
                            judges it on the sources left out, and fits a calibration to what comes out; how much better it is than
                            an earlier one of the same images, with an interval
  --positive … --preset … --backbone … --epochs … --size … --batch … --seed … --config … --backend … --threads …
  --json cv.json

evaluate --model FILE-OR-FOLDER|starter --data DIR
                            a Tamis zip, a tfjs model.json beside its weights, a Teachable Machine export, Keras .keras or .h5, or ONNX
  --positive CLASS  --backend …  --threads N  --json eval.json

classify --model FILE-OR-FOLDER|starter FILE-OR-DIR…
  --backend …  --threads N  --json out.json  --csv out.csv

convert --model FILE-OR-FOLDER|starter --to tamis|tfjs|keras|onnx|cluster --out FILE
                            cluster: a job for Ray Data, written into the new folder --out DIR
  --precision float32|float16|uint8   of the weights (tamis and tfjs, which are the same zip)

evaluate, classify and convert, of a model whose files do not say it:
  --photo LABEL             the output that is the photo
  --pixels unit|signed|raw  what the network takes: 0 to 1, -1 to 1, or 0 to 255

Exit status: 0, or 1 where it failed or nothing could be read, or 2 where the options are wrong.`;

/** The person's mistake, to be answered with the usage. */
export class UsageError extends Error {}

const backends = ["auto", "wasm", "webgpu"];

const splits = ["keras", "stratified"];

const simds = ["none", "simd", "relaxed"];

const common = {
  backend: { type: "string", default: "auto" },
  threads: { type: "string" },
  simd: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
};

const experiment = {
  data: { type: "string" },
  positive: { type: "string" },
  preset: { type: "string", default: "baseline" },
  epochs: { type: "string" },
  size: { type: "string" },
  batch: { type: "string" },
  seed: { type: "string" },
  config: { type: "string" },
  backbone: { type: "string" },
  "backbone-range": { type: "string", default: "-1,1" },
};

const split = {
  split: { type: "string" },
  "validation-share": { type: "string" },
  "test-share": { type: "string" },
  "by-source": { type: "boolean", default: false },
  "split-seed": { type: "string" },
};

const imported = { model: { type: "string" }, photo: { type: "string" }, pixels: { type: "string" } };

const commands = {
  train: {
    ...common,
    ...experiment,
    name: { type: "string" },
    "validation-data": { type: "string" },
    ...split,
    out: { type: "string" },
  },
  compare: {
    ...common,
    ...experiment,
    ...split,
    presets: { type: "string" },
    seeds: { type: "string", default: "42" },
    report: { type: "string" },
    lang: { type: "string", default: "en" },
  },
  inspect: {
    ...common,
    data: { type: "string", multiple: true, default: [] },
    positive: { type: "string" },
    seed: { type: "string" },
    batch: { type: "string" },
  },
  "cross-validate": { ...common, ...experiment, folds: { type: "string", default: "4" }, against: { type: "string" } },
  evaluate: { ...common, ...imported, data: { type: "string" }, positive: { type: "string" } },
  classify: { ...common, ...imported, csv: { type: "string" } },
  convert: {
    ...common,
    ...imported,
    to: { type: "string" },
    out: { type: "string" },
    precision: { type: "string", default: "float32" },
  },
};

/** npm runs scripts in the project's folder; paths are meant from where the person stands. */
export function resolvePath(path) {
  const isNpm = process.cwd() === projectRoot && process.env.INIT_CWD;
  return resolve(isNpm ? process.env.INIT_CWD : process.cwd(), path);
}

export function existing(option, path, isFolder) {
  const absolute = resolvePath(path);
  if (!existsSync(absolute)) throw new UsageError(`${option} ${path} does not exist.`.trim());
  if (isFolder !== undefined && statSync(absolute).isDirectory() !== isFolder) {
    throw new UsageError(`${option} ${path} is ${isFolder ? "not a" : "a"} folder.`);
  }
  return absolute;
}

function folder(values, name) {
  if (values[name] === undefined) throw new UsageError(`--${name} is missing.`);
  return existing(`--${name}`, values[name], true);
}

export function wholeNumber(values, name, least) {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) {
    throw new UsageError(`--${name} ${text} is not a whole number from ${least}.`);
  }
  return number;
}

function shareBelowOne(values, name, canBeZero) {
  const text = values[name];
  if (text === undefined) return null;
  const share = Number(text);
  if (text.trim() !== "" && (share > 0 || (canBeZero && share === 0)) && share < 1) return share;
  throw new UsageError(`--${name} ${text} is not a number between 0 and 1.`);
}

/** The parts of a split that are asked for; null where the preset decides. */
function splitOf(values) {
  const kind = values.split ?? null;
  if (kind !== null && !splits.includes(kind)) {
    throw new UsageError(`--split ${kind} is none of ${splits.join(", ")}.`);
  }
  const validationShare = shareBelowOne(values, "validation-share", false);
  const testShare = shareBelowOne(values, "test-share", true);
  if (kind === "keras" && (testShare !== null || values["by-source"])) {
    throw new UsageError("--split keras has no test part and knows no sources.");
  }
  if ((validationShare ?? 0) + (testShare ?? 0) >= 1) throw new UsageError("The shares leave nothing to train on.");
  return {
    // What only the default split can do asks for it.
    kind: kind ?? (testShare !== null || values["by-source"] ? "stratified" : null),
    validationShare,
    testShare,
    bySource: values["by-source"],
    seed: wholeNumber(values, "split-seed", 0) ?? null,
  };
}

/** Where to write; its folder must be there, and that is better known before the training than after it. */
export function output(values, name) {
  if (values[name] === undefined) return undefined;
  const path = resolvePath(values[name]);
  if (!existsSync(resolve(path, ".."))) throw new UsageError(`The folder of --${name} ${values[name]} does not exist.`);
  return path;
}

function modelOf(values) {
  if (values.model === undefined) throw new UsageError("--model is missing.");
  return values.model === "starter" ? "starter" : existing("--model", values.model);
}

export function backendOf(values) {
  if (!backends.includes(values.backend)) {
    throw new UsageError(`--backend ${values.backend} is none of ${backends.join(", ")}.`);
  }
  const threads = wholeNumber(values, "threads", 1);
  if (values.simd !== undefined && !simds.includes(values.simd)) {
    throw new UsageError(`--simd ${values.simd} is none of ${simds.join(", ")}.`);
  }
  return {
    choice: values.backend,
    ...(threads === undefined ? {} : { threads }),
    ...(values.simd === undefined ? {} : { simd: values.simd }),
  };
}

function configOf(values) {
  if (values.config === undefined) return {};
  const path = existing("--config", values.config, false);
  let config;
  try {
    config = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`--config ${values.config}: ${error.message}`);
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new UsageError(`--config ${values.config} does not hold an object.`);
  }
  return config;
}

function experimentOptions(values) {
  return {
    data: folder(values, "data"),
    positive: values.positive ?? null,
    preset: values.preset,
    overrides: overridesOf(values),
    config: configOf(values),
    backbone: backboneOf(values),
  };
}

function backboneOf(values) {
  const text = values["backbone-range"];
  const range = text.split(",").map(Number);
  if (range.length !== 2 || !(range[0] < range[1])) {
    throw new UsageError(`--backbone-range ${text} is not a lower and a higher number, such as 0,1.`);
  }
  return values.backbone === undefined ? null : { path: folder(values, "backbone"), range };
}

/** The numbers of the preset that are changed. */
export function overridesOf(values) {
  const numbers = {
    epochs: wholeNumber(values, "epochs", 1),
    size: wholeNumber(values, "size", 1),
    batchSize: wholeNumber(values, "batch", 1),
    seed: wholeNumber(values, "seed", 0),
  };
  return Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== undefined));
}

function trainOptions(values) {
  return {
    ...experimentOptions(values),
    validationData: values["validation-data"] === undefined ? null : folder(values, "validation-data"),
    split: splitOf(values),
    name: values.name ?? null,
    out: output(values, "out"),
  };
}

function compareOptions(values) {
  const names = listOf(values, "presets");
  const seeds = listOf(values, "seeds").map((seed) => wholeNumber({ seeds: seed }, "seeds", 0));
  const languages = listOf(values, "lang");
  const unknown = languages.find((language) => !["en", "fr"].includes(language));
  if (unknown !== undefined) throw new UsageError(`--lang ${unknown} is neither en nor fr.`);
  return {
    ...experimentOptions(values),
    split: splitOf(values),
    presets: names,
    seeds,
    languages,
    report: output(values, "report"),
  };
}

/** What is separated by commas, each once. */
function listOf(values, name) {
  const items = (values[name] ?? "").split(",").map((item) => item.trim());
  const named = [...new Set(items.filter((item) => item !== ""))];
  if (named.length === 0) throw new UsageError(`--${name} is missing.`);
  return named;
}

/** `--data A B` and `--data A --data B` are the same. */
function inspectOptions(values, positionals) {
  const data = [...values.data, ...positionals].map((path) => existing("--data", path, true));
  if (data.length === 0) throw new UsageError("--data is missing.");
  return {
    data,
    positive: values.positive ?? null,
    seed: wholeNumber(values, "seed", 0) ?? 42,
    batch: wholeNumber(values, "batch", 1) ?? 32,
  };
}

function oneOf(values, name, choices) {
  const value = values[name];
  if (value === undefined) throw new UsageError(`--${name} is missing: ${choices.join(", ")}.`);
  if (!choices.includes(value)) throw new UsageError(`--${name} ${value} is none of ${choices.join(", ")}.`);
  return value;
}

function importedOptions(values) {
  const pixels = values.pixels === undefined ? null : oneOf(values, "pixels", ["unit", "signed", "raw"]);
  return { photo: values.photo ?? null, pixels };
}

function convertOptions(values) {
  const out = output(values, "out");
  if (out === undefined) throw new UsageError("--out is missing.");
  const to = oneOf(values, "to", ["tamis", "tfjs", "keras", "onnx", "cluster"]);
  if (to === "cluster" && existsSync(out) && (!statSync(out).isDirectory() || readdirSync(out).length > 0)) {
    throw new UsageError(`--out ${values.out} is there already: name a new folder.`);
  }
  return {
    model: modelOf(values),
    to,
    precision: oneOf(values, "precision", ["float32", "float16", "uint8"]),
    out,
  };
}

/**
 * What the command line asks for.
 * @returns `{ command, backend, json, … }`, or `{ command: "help" }`
 * @throws UsageError
 */
export function readOptions(args) {
  const [command, ...rest] = args;
  if (command === undefined || command === "help" || command === "--help") return { command: "help" };
  if (!Object.hasOwn(commands, command)) throw new UsageError(`There is no command “${command}”.`);
  let parsed;
  try {
    parsed = parseArgs({
      args: rest,
      options: commands[command],
      allowPositionals: ["classify", "inspect"].includes(command),
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
  const { values, positionals } = parsed;
  if (values.help) return { command: "help" };
  const shared = { command, backend: backendOf(values), json: output(values, "json") };
  if (command === "train") return { ...shared, ...trainOptions(values) };
  if (command === "compare") return { ...shared, ...compareOptions(values) };
  if (command === "inspect") return { ...shared, ...inspectOptions(values, positionals) };
  if (command === "cross-validate") {
    const against = values.against === undefined ? null : existing("--against", values.against);
    return { ...shared, ...experimentOptions(values), folds: wholeNumber(values, "folds", 2), against };
  }
  if (command === "convert") return { ...shared, ...importedOptions(values), ...convertOptions(values) };
  if (command === "evaluate") {
    return {
      ...shared,
      ...importedOptions(values),
      model: modelOf(values),
      data: folder(values, "data"),
      positive: values.positive ?? null,
    };
  }
  if (positionals.length === 0) throw new UsageError("There is nothing to classify: name files or folders.");
  const captures = positionals.map((name) => ({ name, path: existing("", name) }));
  return { ...shared, ...importedOptions(values), model: modelOf(values), csv: output(values, "csv"), captures };
}
