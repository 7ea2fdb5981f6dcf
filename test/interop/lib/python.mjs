/** Python environments of the interop checks: made once by what a requirements.txt says, or one that is there already. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../../../scripts/lib/project.mjs";

const oldest = [3, 11];

/** Nothing is wrong with Tamis, but what it is to be compared with is not there. */
export class Skipped extends Error {}

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "inherit", "pipe"],
  });
  return { ok: !error && status === 0, said: error ? error.message : stderr.trim() };
}

function systemPython() {
  const check = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${oldest.join(", ")}))`;
  const found = ["python3", "python"].find((name) => run(name, ["-c", check]).ok);
  if (!found) throw new Skipped(`there is no Python ${oldest.join(".")} or newer with venv here.`);
  return found;
}

/**
 * A Python that has what a requirements file names: `given`, else one in .cache/, made where it is missing.
 * @returns {Promise<string>} its path
 * @throws Skipped
 */
export async function pythonWith(requirements, given) {
  if (given) {
    if (!existsSync(given)) throw new Error(`There is no Python at ${given}.`);
    return given;
  }
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(projectRoot, ".cache", `python-${hash}`);
  const python = process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return python;
  const maker = systemPython();
  console.log(`Making a Python environment in ${folder}…`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const made = run(maker, ["-m", "venv", folder]);
  if (!made.ok) throw new Skipped(`no Python environment can be made: ${made.said}`);
  const installed = run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  if (!installed.ok) throw new Skipped(`the Python packages cannot be installed: ${installed.said.split("\n").at(-1)}`);
  await writeFile(complete, "");
  return python;
}
