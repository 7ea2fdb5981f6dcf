/**
 * `npm start`: installs what is missing, builds where the sources changed, serves the production build and says where.
 *
 * Needs nothing but Node and npm: whatever comes from a package is imported after the installation.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { installPackages, requireNode } from "./lib/install.mjs";

const usage = `Usage: npm start -- [options]

  --port N          the port, or the first free one after it (4173)
  --host [ADDRESS]  listen on this address, or on every one, so that other devices reach it (this machine alone)
  --cert FILE       serve https with this certificate (PEM) …
  --key FILE        … and its key: other devices need https, see docs/deploy.md
  --no-open         open no browser
  --help            show this`;

function readOptions() {
  // `--host` may stand alone, which parseArgs does not know.
  const args = process.argv.slice(2);
  const at = args.indexOf("--host");
  if (at >= 0 && (args[at + 1] ?? "--").startsWith("--")) args[at] = "--host=";
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "4173" },
      host: { type: "string" },
      cert: { type: "string" },
      key: { type: "string" },
      "no-open": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`--port ${values.port} is not a port.`);
  if ((values.cert === undefined) !== (values.key === undefined)) throw new Error("--cert and --key go together.");
  return {
    port,
    host: values.host === "" ? true : values.host,
    https: values.cert ? { cert: readFileSync(values.cert), key: readFileSync(values.key) } : undefined,
    mayOpen: !values["no-open"] && !process.env.CI,
  };
}

/** Opens the address where there is a screen; nothing depends on it. */
function openBrowser(url) {
  const hasScreen =
    ["darwin", "win32"].includes(process.platform) || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  if (!hasScreen) return;
  const [command, ...args] = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => console.log("No browser could be opened; open the address yourself."));
  child.unref();
}

requireNode();
let options;
try {
  options = readOptions();
} catch (error) {
  console.error(`${error.message}\n\n${usage}`);
  process.exit(2);
}
try {
  installPackages();
  const { ensureBuilt } = await import("./lib/build.mjs");
  await ensureBuilt();
  const { serve } = await import("./lib/serve.mjs");
  const { url, network } = await serve(options);
  console.log(`\nTamis is at ${url}`);
  for (const address of network) console.log(`Other devices: ${address}`);
  if (network.length > 0 && !options.https) {
    console.log("On other devices threads, the camera and offline use need https: see docs/deploy.md.");
  }
  console.log("Stop with Ctrl+C.");
  if (options.mayOpen) openBrowser(url);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
