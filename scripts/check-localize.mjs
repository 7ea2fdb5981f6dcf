/**
 * Fails when a text of the interface lacks its translation, when a translation has no text any more, or when the generated modules are not
 * what the translations say: `npm run localize:check`. What to do is said with it.
 */
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { join, relative } from "node:path";
import { projectRoot } from "./lib/project.mjs";

const config = JSON.parse(await readFile(join(projectRoot, "lit-localize.json"), "utf8"));
const xliffDir = join(projectRoot, config.interchange.xliffDir);
const generatedDir = join(projectRoot, config.output.outputDir);
const problems = [];

const cache = join(projectRoot, "node_modules", ".cache");
await mkdir(cache, { recursive: true });
const scratch = await mkdtemp(join(cache, "localize-"));

/** Runs lit-localize on copies of the translations, so that checking changes nothing. Its paths are relative to its configuration. */
async function run(command) {
  const file = join(scratch, "lit-localize.json");
  const own = {
    ...config,
    $schema: undefined,
    tsConfig: relative(scratch, join(projectRoot, config.tsConfig)),
    output: { ...config.output, outputDir: "generated", localeCodesModule: "generated/locale-codes.ts" },
    interchange: { ...config.interchange, xliffDir: "xliff" },
  };
  await writeFile(file, JSON.stringify(own));
  const tool = join(projectRoot, "node_modules", "@lit", "localize-tools", "bin", "lit-localize.js");
  execFileSync(process.execPath, [tool, command, "--config", file], {
    cwd: scratch,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Units of an XLIFF file by id: source, and target where there is one. */
function unitsOf(xliff) {
  const units = new Map();
  for (const [, id, body] of xliff.matchAll(/<trans-unit id="([^"]+)">(.*?)<\/trans-unit>/gs)) {
    units.set(id, {
      source: /<source>(.*?)<\/source>/s.exec(body)?.[1] ?? "",
      target: /<target>(.*?)<\/target>/s.exec(body)?.[1] ?? "",
    });
  }
  return units;
}

const placeholders = (text) =>
  [...text.matchAll(/<x id="(\d+)"/g)]
    .map(([, id]) => id)
    .sort()
    .join(" ");

try {
  await cp(xliffDir, join(scratch, "xliff"), { recursive: true });
  await run("extract");
  for (const locale of config.targetLocales) {
    const extracted = unitsOf(await readFile(join(scratch, "xliff", `${locale}.xlf`), "utf8"));
    const stored = unitsOf(await readFile(join(xliffDir, `${locale}.xlf`), "utf8"));
    for (const { source, target } of extracted.values()) {
      if (target === "") problems.push(`${locale}: “${source}” is not translated.`);
      else if (placeholders(source) !== placeholders(target))
        problems.push(`${locale}: “${target}” lacks a value of “${source}”.`);
    }
    for (const [id, { source }] of stored) {
      if (!extracted.has(id)) problems.push(`${locale}: “${source}” is translated, but no longer in the interface.`);
    }
  }
  if (problems.length === 0) {
    await run("build");
    for (const name of await readdir(join(scratch, "generated"))) {
      const fresh = await readFile(join(scratch, "generated", name), "utf8");
      const stored = await readFile(join(generatedDir, name), "utf8").catch(() => "");
      if (fresh !== stored) problems.push(`${config.output.outputDir}/${name} is not up to date.`);
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  console.error(
    `Run \`npm run localize\`, write what is missing into ${config.interchange.xliffDir}, and run it again.`,
  );
  process.exit(1);
}
console.log("Every text has its translation.");
