/**
 * `npm test`: installs what is missing, a browser included, and runs every check. `npm test -- --only lint,types` runs some of them.
 *
 * Steps run in two lanes, one a core: what only reads the sources, and what builds and starts browsers. The last line is
 * `N passed, N failed, N skipped`, summed over the tests of all steps; a check that counts nothing is one test.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { installChromium, installPackages, requireNode } from "./lib/install.mjs";
import { projectRoot } from "./lib/project.mjs";

/** Reference cases that are too many for the repository lie beside the clone, where there are any. */
const sharedReference = join(projectRoot, "..", "shared", "reference");

/** The model files that the cases of the group predict name. */
const sharedModels = join(projectRoot, "..", "shared", "models");

const bin = (name) => join("node_modules", name);
const types = (name) => [bin("typescript/bin/tsc"), "-p", `tsconfig.${name}.json`, "--noEmit"];

/** Steps of each lane in order. `commands` are arguments for Node; `needs` must have passed, or the step fails without running. */
const lanes = [
  [
    { name: "format", commands: [[bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."]] },
    { name: "types", commands: ["domain", "page", "workers", "sw", "test"].map(types) },
    { name: "lint", commands: [[bin("eslint/bin/eslint.js"), "--max-warnings", "0", "."]] },
    { name: "layers", commands: [["scripts/check-layers.mjs"]] },
    { name: "unused", commands: [[bin("knip/bin/knip.js")]] },
    { name: "localize", commands: [["scripts/check-localize.mjs"]] },
  ],
  [
    { name: "build", commands: [["scripts/build.mjs", "--when-stale"]] },
    { name: "size", needs: "build", commands: [[bin("size-limit/bin.js")]] },
    { name: "browser", commands: [["scripts/wtr.mjs"]] },
    { name: "parity", needs: "build", commands: parityCommands(), skipped: parityIsPartial() },
    { name: "e2e", needs: "build", commands: [[bin("@playwright/test/cli.js"), "test"]] },
  ],
];

function parityCommands() {
  const here = ["scripts/parity.mjs", "test/fixtures/reference"];
  if (parityIsPartial()) return [here];
  const groups = ["split", "resize", "augment", "decode", "metrics", "ops", "train"];
  const models = [
    "scripts/parity.mjs",
    join(sharedReference, "predict"),
    "--models",
    sharedModels,
    "--backend",
    "wasm",
  ];
  const others = groups.map((group) => ["scripts/parity.mjs", join(sharedReference, group), "--backend", "wasm"]);
  return [here, ...others, ...(existsSync(sharedModels) ? [models] : [])];
}

function parityIsPartial() {
  return existsSync(sharedReference)
    ? ""
    : "../shared/reference is not there: only the cases in test/fixtures/reference ran";
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Runs one command with its output kept, for two lanes would mix it. */
function run(args) {
  return new Promise((fulfil) => {
    const child = spawn(process.execPath, args, {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", NODE_NO_WARNINGS: "1" },
    });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.once("error", (error) => fulfil({ ok: false, output: `${output}${error.message}\n` }));
    // Some reporters move the cursor even where there is none.
    child.once("close", (code) => fulfil({ ok: code === 0, output: stripVTControlCharacters(output) }));
  });
}

/**
 * The tests that a command counted: from its line `N passed, N failed[, N skipped]`, from `N of N cases pass`, or from Playwright's closing
 * lines; one test where it counts none. A command that failed counts at least one failure.
 */
function countTests(output, ok) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const line = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  if (line) {
    [counts.passed, counts.failed, counts.skipped] = line.slice(1).map((count) => Number(count ?? 0));
  } else {
    for (const [, pass, all] of output.matchAll(/^(\d+) of (\d+) cases pass/gm)) {
      counts.passed += Number(pass);
      counts.failed += Number(all) - Number(pass);
    }
    for (const [, count, word] of output.matchAll(
      /^ {2}(\d+) (passed|failed|skipped|flaky|did not run|interrupted)\b.*$/gm,
    )) {
      const kind = { passed: "passed", skipped: "skipped", flaky: "passed" }[word] ?? "failed";
      counts[kind] += Number(count);
    }
  }
  if (!ok && counts.failed === 0) counts.failed = 1;
  if (ok && counts.passed + counts.failed + counts.skipped === 0) counts.passed = 1;
  return counts;
}

const total = { passed: 0, failed: 0, skipped: 0 };
const broken = new Set();

async function runStep(step) {
  const started = performance.now();
  const outputs = [];
  const counts = { passed: 0, failed: 0, skipped: step.skipped ? 1 : 0 };
  if (step.needs && broken.has(step.needs)) {
    outputs.push(`Not run, since ${step.needs} failed.\n`);
    counts.failed = 1;
  } else {
    console.log(`… ${step.name}`);
    for (const command of step.commands) {
      const { ok, output } = await run(command);
      const counted = countTests(output, ok);
      for (const kind of Object.keys(counts)) counts[kind] += counted[kind];
      outputs.push(output);
    }
  }
  if (step.skipped) outputs.push(`${step.skipped}\n`);
  if (counts.failed > 0) broken.add(step.name);
  for (const kind of Object.keys(total)) total[kind] += counts[kind];
  const title = `${counts.failed > 0 ? "✗" : "✓"} ${step.name} (${seconds(started)})`;
  // The summary lines of the steps would be taken for the closing one.
  const text = outputs
    .join("")
    .replace(/^(?=\d+ passed, \d+ failed)/gm, "  ")
    .trimEnd();
  console.log(text ? `\n── ${title}\n${text}\n` : `\n── ${title}`);
}

async function runLane(steps) {
  for (const step of steps) await runStep(step);
}

requireNode();
const { values } = parseArgs({ options: { only: { type: "string" } } });
const names = lanes.flat().map((step) => step.name);
const only = values.only?.split(",");
const unknown = only?.filter((name) => !names.includes(name)) ?? [];
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(", ")}. Steps: ${names.join(", ")}.`);
  process.exit(2);
}
const chosen = lanes.map((lane) => lane.filter((step) => !only || only.includes(step.name)));
const started = performance.now();
try {
  installPackages();
  if (chosen.flat().some((step) => ["browser", "parity", "e2e"].includes(step.name))) await installChromium();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await Promise.all(chosen.map(runLane));
console.log(`\nAll of it took ${seconds(started)}.${broken.size > 0 ? ` Failed: ${[...broken].join(", ")}.` : ""}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(broken.size > 0 ? 1 : 0);
