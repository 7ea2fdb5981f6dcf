/** Programs that the checks run: to their end, with what they say kept for the case that they fail. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../../scripts/lib/project.mjs";

/**
 * @param {Record<string, string>} [env] beside that of this program
 * @returns what it said
 * @throws where it ends with another status than 0
 */
export function runCommand(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    child.stderr.on("data", (data) => (said += data));
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve(said);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${status}:\n${said.slice(-4000)}`));
    });
  });
}

/** `npm run headless -- …` */
export function headless(...args) {
  return runCommand(process.execPath, [join(projectRoot, "scripts/headless.mjs"), ...args]);
}
