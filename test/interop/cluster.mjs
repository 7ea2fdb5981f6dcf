/**
 * `npm run interop:cluster -- --data DIR`: whether the job for a cluster says what Tamis says, on this machine as a cluster of its own.
 *
 * The job runs in the environment that its requirements.txt asks for, is killed on the way and started again. Then each file must be there once,
 * those that cannot be read with the reason, and the verdicts must agree with those of `headless -- classify`.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { projectRoot } from "../../scripts/lib/project.mjs";
import { headless, runCommand } from "./lib/command.mjs";
import { pythonWith, Skipped } from "./lib/python.mjs";

const here = import.meta.dirname;
const requirements = join(projectRoot, "workers/engine/exports/cluster/job/requirements.txt");

/** Of the pages, the share on which both must come to the same verdict. */
const leastAgreement = 0.995;

const usage = `Usage: npm run interop:cluster -- --data DIR [--data DIR…] [options]

--data DIR     a folder of images; of several, each is a run of its own
--model FILE   the model (starter)
--workers N    (2)

TAMIS_CLUSTER_PYTHON names a Python with what the job's requirements.txt asks for; without it one is made in .cache/.`;

const { values } = parseArgs({
  options: {
    data: { type: "string", multiple: true, default: [] },
    model: { type: "string", default: "starter" },
    workers: { type: "string", default: "2" },
    help: { type: "boolean", default: false },
  },
});
if (values.help || values.data.length === 0) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}
const given = (path) => resolve(process.env.INIT_CWD ?? ".", path);

function partsIn(folder) {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".parquet")).length;
  } catch {
    return 0;
  }
}

/** Starts the job and kills it, without a warning, once `parts` parts are written; how many were. */
async function runUntilKilled(python, args, out, parts) {
  const child = spawn(python, args, { stdio: "ignore", detached: true });
  let hasEnded = false;
  child.once("close", () => (hasEnded = true));
  while (!hasEnded && partsIn(out) < parts) await delay(100);
  if (!hasEnded) process.kill(-child.pid, "SIGKILL");
  return partsIn(out);
}

/** Names of the files and pages that are there more than once. */
function repeated(rows) {
  const seen = new Set();
  return rows.map(({ file, page }) => `${file} ${page}`).filter((key) => seen.has(key) || !seen.add(key));
}

async function check(python, job, data, folder) {
  const name = data.split(/[/\\]/).filter(Boolean).at(-1);
  const out = join(folder, `${name}-verdicts`);
  const args = [join(job, "classify.py"), data, out, "--workers", values.workers];
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const partSize = Math.max(8, Math.min(64, Math.ceil(files.length / 8)));
  const killedAt = await runUntilKilled(python, [...args, "--part", String(partSize)], out, 2);
  const begin = performance.now();
  const said = await runCommand(python, [...args, "--part", String(partSize)]);
  const seconds = (performance.now() - begin) / 1000;
  const [resumed] = /\d+ files are done, \d+ are to do/.exec(said) ?? ["?"];
  console.log(`${name}: killed with ${killedAt} parts written; then ${resumed}, done after ${seconds.toFixed(0)} s`);

  const tamisOut = join(folder, `${name}.json`);
  await headless("classify", "--model", values.model, "--backend", "wasm", "--json", tamisOut, data);
  const listed = JSON.parse(await readFile(tamisOut, "utf8"));
  const tamis = new Map(listed.map((row) => [`${row.file.slice(data.length + 1)} ${row.page}`, row]));
  const rows = JSON.parse(await runCommand(python, [join(here, "rows.py"), out]));

  const both = rows.flatMap((row) => {
    const other = tamis.get(`${row.file} ${row.page}`);
    return other ? [{ row, other }] : [];
  });
  const judged = both.filter(({ row, other }) => row.verdict !== null && other.verdict !== null);
  const agreeing = judged.filter(({ row, other }) => row.verdict === other.verdict);
  const differences = judged
    .map(({ row, other }) => Math.abs(row.probability - other.probability))
    .sort((a, b) => a - b);
  const missing = listed.filter(({ file }) => !rows.some((row) => row.file === file.slice(data.length + 1)));
  const mute = rows.filter(({ verdict, error }) => (verdict === null) === (error === null));
  const unreadableHere = listed.filter(({ verdict }) => verdict === null);
  const unreadableThere = rows.filter(({ verdict }) => verdict === null);

  console.log(
    `  ${rows.length} rows of ${new Set(rows.map(({ file }) => file)).size} files; unreadable: ${unreadableThere.length} rows, ` +
      `in Tamis ${unreadableHere.length}\n` +
      `  same verdict on ${agreeing.length} of ${judged.length} pages (${((100 * agreeing.length) / judged.length).toFixed(2)} %); ` +
      `difference of probabilities: median ${differences[differences.length >> 1].toExponential(1)}, largest ${differences.at(-1).toFixed(4)}`,
  );
  for (const { row, other } of both.filter(({ row, other }) => row.verdict !== other.verdict)) {
    const word = ({ verdict, probability, error }) => (verdict ? `${verdict} (${probability.toFixed(3)})` : error);
    console.log(`  ${row.file}, page ${row.page + 1}: ${word(row)}; in Tamis ${word(other)}`);
  }
  return [
    [`${name}: killed half-way`, killedAt > 0],
    [`${name}: each page once (${repeated(rows).length} repeated)`, repeated(rows).length === 0],
    [`${name}: each file has a row (${missing.length} missing)`, missing.length === 0],
    [`${name}: a verdict or an error, never both or none`, mute.length === 0],
    [`${name}: the same verdicts`, judged.length > 0 && agreeing.length >= leastAgreement * judged.length],
  ];
}

const folder = await mkdtemp(join(tmpdir(), "tamis-cluster-"));
try {
  const python = await pythonWith(requirements, process.env.TAMIS_CLUSTER_PYTHON);
  const job = join(folder, "job");
  const model = values.model === "starter" ? "starter" : given(values.model);
  await headless("convert", "--model", model, "--to", "cluster", "--out", job);
  const checks = [];
  for (const data of values.data) checks.push(...(await check(python, job, given(data), folder)));
  for (const [what, ok] of checks) console.log(`${ok ? "ok  " : "FAIL"} ${what}`);
  const failed = checks.filter(([, ok]) => !ok).length;
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof Skipped)) throw error;
  console.log(`Skipped: ${error.message}`);
  console.log("0 passed, 0 failed, 1 skipped");
} finally {
  await rm(folder, { recursive: true, force: true });
}
