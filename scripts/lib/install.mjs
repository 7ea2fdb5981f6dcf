/** Installs what is missing. Needs nothing but Node and npm, so that it runs before anything is installed. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./project.mjs";

const oldestNode = [20, 19];

/** Ends the process with a clear message where Node is too old to go on. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(
    `Tamis needs Node ${oldestNode.join(".")} or newer, and this is ${process.versions.node}. Install a newer one from https://nodejs.org.`,
  );
  process.exit(1);
}

function readLock(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/** Whether node_modules holds just what package-lock.json says; npm keeps a list of what it installed. */
function isInstalled() {
  const list = join(projectRoot, "node_modules", ".package-lock.json");
  if (!existsSync(list)) return false;
  const installed = readLock(list);
  return Object.entries(readLock(join(projectRoot, "package-lock.json"))).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    // What is optional may be for another machine.
    if (!found) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** Runs a command with its output shown; throws when it cannot run or fails. */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: projectRoot, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} failed (status ${status}).`);
}

/** Runs the npm that runs this script, or the one on the path. */
function npm(args) {
  const self = process.env.npm_execpath;
  if (self?.endsWith(".js")) return run(process.execPath, [self, ...args]);
  if (process.platform === "win32") return run("cmd.exe", ["/c", "npm", ...args]);
  return run("npm", args);
}

/** Installs the packages of the lock file where they are missing or differ. */
export function installPackages() {
  if (isInstalled()) return;
  console.log("Installing the packages that package-lock.json names…");
  npm(["ci", "--include=dev", "--no-audit", "--no-fund"]);
}

/** Makes sure that there is a Chromium for the tests: as root on Debian and its like by apt, else the person is told what to run. */
export async function installChromium() {
  const { findChromium, requireChromium } = await import("./chromium.mjs");
  if (await findChromium()) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("Installing Chromium with apt-get…");
    process.env.DEBIAN_FRONTEND = "noninteractive";
    run("apt-get", ["update", "-q"]);
    run("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"]);
  }
  await requireChromium();
}
