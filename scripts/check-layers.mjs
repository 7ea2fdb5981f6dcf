/**
 * Checks that the layers hold (.dependency-cruiser.cjs), and that the check itself does: each rule must catch a violation that is planted
 * in a folder made for it. `node scripts/check-layers.mjs` prints what it finds and fails on any.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { ESLint } from "eslint";
import { projectRoot } from "./lib/project.mjs";

const require = createRequire(import.meta.url);
const { options, ...ruleSet } = require("../.dependency-cruiser.cjs");
const tsConfig = extractTSConfig(join(projectRoot, options.tsConfig.fileName));

const fake = { "package.json": '{ "main": "index.js" }', "index.js": "export const value = 1;\n" };
const target = "export const value = 1;\nexport type Value = number;\n";

/** What each rule must catch: an import in a file, of a file or package. */
const plants = [
  { rule: "domain-imports-layers", file: "src/domain/a.ts", from: "../storage/b.ts", target: "src/storage/b.ts" },
  { rule: "domain-imports-packages", file: "src/domain/a.ts", from: "lit" },
  { rule: "domain-imports-packages", file: "src/domain/a.ts", from: "node:fs" },
  {
    rule: "contract-imports-layers",
    file: "src/contract/a.ts",
    from: "../ui/b.ts",
    target: "src/ui/b.ts",
    types: true,
  },
  { rule: "contract-imports-packages", file: "src/contract/a.ts", from: "idb" },
  { rule: "storage-imports-layers", file: "src/storage/a.ts", from: "../contract/b.ts", target: "src/contract/b.ts" },
  { rule: "storage-imports-packages", file: "src/storage/a.ts", from: "comlink" },
  { rule: "runtime-imports-layers", file: "src/runtime/a.ts", from: "../ui/b.ts", target: "src/ui/b.ts" },
  { rule: "runtime-imports-packages", file: "src/runtime/a.ts", from: "idb" },
  { rule: "embed-imports-layers", file: "src/embed/a.ts", from: "../ui/b.ts", target: "src/ui/b.ts" },
  { rule: "embed-imports-packages", file: "src/embed/a.ts", from: "idb" },
  { rule: "ui-imports-layers", file: "src/ui/a.ts", from: "../storage/b.ts", target: "src/storage/b.ts" },
  { rule: "ui-imports-packages", file: "src/ui/a.ts", from: "comlink" },
  { rule: "ui-knows-contract-types-only", file: "src/ui/a.ts", from: "../contract/b.ts", target: "src/contract/b.ts" },
  { rule: "workers-import-layers", file: "workers/engine/a.ts", from: "../../src/ui/b.ts", target: "src/ui/b.ts" },
  {
    rule: "nothing-imports-workers",
    file: "src/app/a.ts",
    from: "../../workers/b.ts",
    target: "workers/b.ts",
    types: true,
  },
  { rule: "tfjs-in-workers", file: "src/app/a.ts", from: "@tensorflow/tfjs-core", types: true },
  { rule: "service-worker-alone", file: "src/sw/a.ts", from: "../domain/b.ts", target: "src/domain/b.ts" },
  { rule: "nothing-imports-service-worker", file: "src/app/a.ts", from: "../sw/b.ts", target: "src/sw/b.ts" },
  { rule: "no-tests-in-the-app", file: "src/app/a.ts", from: "../../test/b.ts", target: "test/b.ts" },
  { rule: "no-orphans", file: "src/app/a.ts" },
  { rule: "not-to-unresolvable", file: "src/app/a.ts", from: "./gone.ts" },
  { rule: "no-cycles", file: "src/app/a.ts", from: "./b.ts", target: "src/app/b.ts", back: "./a.ts" },
];

/** The names of the broken rules among the modules below `baseDir`, each with where. */
async function violations(baseDir, folders) {
  const { output } = await cruise(
    folders,
    { ...options, ruleSet, validate: true, baseDir, outputType: "json" },
    options.enhancedResolveOptions,
    { tsConfig },
  );
  const { summary } = typeof output === "string" ? JSON.parse(output) : output;
  return { modules: summary.totalCruised, found: summary.violations };
}

async function write(folder, path, content) {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** Plants one violation in a folder of its own and says whether its rule, by name, caught it. */
async function isCaught(plant) {
  const folder = await mkdtemp(join(projectRoot, ".cache", "layers-"));
  try {
    const statement = plant.types ? "import type { Value }" : "import { value }";
    const use = plant.types ? "export type Other = Value;" : "export const other = value;";
    await write(folder, plant.file, plant.from ? `${statement} from "${plant.from}";\n${use}\n` : target);
    if (plant.target) {
      const back = plant.back ? `import { other } from "${plant.back}";\nexport const more = other;\n` : "";
      await write(folder, plant.target, back + target);
    } else if (plant.from && !/^(\.|node:)/.test(plant.from)) {
      for (const [name, content] of Object.entries(fake)) {
        await write(folder, join("node_modules", plant.from, name), content);
      }
      await write(folder, "package.json", JSON.stringify({ dependencies: { [plant.from]: "1.0.0" } }));
    }
    const roots = [...new Set([plant.file, plant.target ?? plant.file].map((path) => path.split("/")[0]))];
    const { found } = await violations(folder, roots);
    return found.some(({ rule }) => rule.name === plant.rule);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Workers reached by URL are no imports; the lint rule must catch one that is started in the wrong place. */
async function isWorkerCaught() {
  // In CI typescript-eslint would read the file instead of the text.
  const parserOptions = { disallowAutomaticSingleRunInference: true };
  const eslint = new ESLint({ cwd: projectRoot, overrideConfig: { languageOptions: { parserOptions } } });
  const code = 'export const worker = new Worker(new URL("./x.ts", import.meta.url));\n';
  const [result] = await eslint.lintText(code, { filePath: join(projectRoot, "src/storage/database.ts") });
  return result.messages.some(
    ({ ruleId, message }) => ruleId === "no-restricted-syntax" && message.includes("runtime"),
  );
}

let passed = 0;
let failed = 0;
function report(isRight, text) {
  if (isRight) passed += 1;
  else {
    failed += 1;
    console.error(`✗ ${text}`);
  }
}

await mkdir(join(projectRoot, ".cache"), { recursive: true });
const { modules, found } = await violations(projectRoot, ["src", "workers"]);
for (const { rule, from, to } of found) console.error(`✗ ${rule.name}: ${from}${from === to ? "" : ` → ${to}`}`);
report(found.length === 0, `${found.length} imports break the layers.`);
for (const plant of plants) {
  report(await isCaught(plant), `${plant.rule} does not catch ${plant.file} importing ${plant.from ?? "nothing"}.`);
}
report(await isWorkerCaught(), "The lint rule does not catch a worker started outside src/runtime.");
console.log(`${modules} modules looked at; ${plants.length + 1} planted violations.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
