/** Builds the production app into dist/, and knows whether dist/ is still what the sources give. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { projectRoot } from "./project.mjs";

export const distFolder = join(projectRoot, "dist");
const cacheFolder = join(projectRoot, ".cache");
const stampFile = join(cacheFolder, "build.json");
const lockFile = join(cacheFolder, "build.lock");

/** Everything that the build reads. */
const sources = [
  "index.html",
  "headless.html",
  "package-lock.json",
  "public",
  "scripts/build.mjs",
  "scripts/build-kernels.mjs",
  "scripts/lib",
  "src",
  "tsconfig.base.json",
  "vite.config.ts",
  "workers",
];
/** Made by the build itself. */
const made = new Set([join("workers", "kernels", "build")]);

/** A build takes well under a minute; whoever holds the lock for longer is gone. */
const lockPatience = 5 * 60_000;

/** What the service worker keeps for use without a network: everything but what only developers open. */
const precached = ["**/*.{html,js,css,wasm,json,webmanifest,svg,png,ico,zip,woff2,ttf,txt,md}"];
const notPrecached = ["**/*.map", "headless.html", "assets/headless-*", "service-worker.js", "_headers", "embed/**"];

async function filesBelow(path) {
  const absolute = join(projectRoot, path);
  const info = await stat(absolute).catch(() => null);
  if (!info || made.has(path)) return [];
  if (!info.isDirectory()) return [path];
  const names = (await readdir(absolute)).sort();
  return (await Promise.all(names.map((name) => filesBelow(join(path, name))))).flat();
}

/** A hash over the names and contents of all sources. */
async function hashSources() {
  const hash = createHash("sha256");
  for (const file of (await Promise.all(sources.map((path) => filesBelow(join(path))))).flat()) {
    const content = await readFile(join(projectRoot, file));
    hash.update(`${file.split(sep).join("/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function builtHash() {
  try {
    await stat(join(distFolder, "service-worker.js"));
    return JSON.parse(await readFile(stampFile, "utf8")).sources;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Runs a script of this project; rejects when it fails. */
export function runScript(file, args = []) {
  return new Promise((fulfil, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, file), ...args], { cwd: projectRoot, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? fulfil() : reject(new Error(`${file} failed (status ${code}).`))));
  });
}

/** Whether the process that holds the lock still runs; one that was killed left its lock behind. */
async function isHeld() {
  const [holder, info] = await Promise.all([readFile(lockFile, "utf8"), stat(lockFile)]).catch(() => ["", null]);
  // Gone meanwhile, or taken just now and not written yet.
  if (!info || !holder) return true;
  if (Date.now() - info.mtimeMs > lockPatience) return false;
  try {
    process.kill(Number(holder), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Runs `work` while no other process builds. */
async function alone(work) {
  await mkdir(cacheFolder, { recursive: true });
  for (;;) {
    try {
      await writeFile(lockFile, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (await isHeld()) await delay(500);
    else await rm(lockFile, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

/** Compiles the kernels where their sources changed. */
export function buildKernels() {
  return alone(() => runScript("scripts/build-kernels.mjs"));
}

/** @param mode of vite.config.ts */
async function buildWithVite(folder, mode) {
  const { build } = await import("vite");
  await build({
    root: projectRoot,
    configFile: join(projectRoot, "vite.config.ts"),
    mode,
    logLevel: "warn",
    build: { outDir: folder, emptyOutDir: true, reportCompressedSize: false, chunkSizeWarningLimit: 4000 },
  });
}

/** The app, its pages and workers; and what other pages embed, with its example. */
async function buildApp(folder) {
  await buildWithVite(folder, "production");
  const embed = join(folder, "embed");
  await buildWithVite(embed, "embed");
  await cp(join(projectRoot, "src/embed/example"), embed, { recursive: true });
}

/** The service worker: one plain script beside index.html, so that its scope is the app's folder. */
async function buildServiceWorker(folder) {
  const { build } = await import("vite");
  const { injectManifest } = await import("workbox-build");
  const unlisted = join(cacheFolder, `service-worker-${process.pid}`);
  try {
    await build({
      root: projectRoot,
      configFile: false,
      publicDir: false,
      logLevel: "warn",
      // Workbox speaks up in development only.
      define: { "process.env.NODE_ENV": JSON.stringify("production") },
      build: {
        target: "es2022",
        outDir: unlisted,
        emptyOutDir: true,
        reportCompressedSize: false,
        rolldownOptions: {
          input: join(projectRoot, "src/sw/service-worker.ts"),
          output: { format: "iife", entryFileNames: "service-worker.js" },
        },
      },
    });
    const { count, size, warnings } = await injectManifest({
      swSrc: join(unlisted, "service-worker.js"),
      swDest: join(folder, "service-worker.js"),
      globDirectory: folder,
      globPatterns: precached,
      globIgnores: notPrecached,
      maximumFileSizeToCacheInBytes: 64 * 2 ** 20,
      // Vite's names change with their content; all others get a revision.
      dontCacheBustURLsMatching: /^assets\//,
    });
    if (warnings.length > 0) throw new Error(`The precache is incomplete:\n${warnings.join("\n")}`);
    return { count, size };
  } finally {
    await rm(unlisted, { recursive: true, force: true });
  }
}

/** Builds beside dist/ and swaps at the end: a server that is running never shows half a build. */
async function buildAll(hash) {
  const started = performance.now();
  const fresh = join(cacheFolder, `dist-${process.pid}`);
  try {
    await runScript("scripts/build-kernels.mjs");
    await buildApp(fresh);
    const { count, size } = await buildServiceWorker(fresh);
    await rm(distFolder, { recursive: true, force: true });
    await rename(fresh, distFolder);
    await writeFile(stampFile, JSON.stringify({ sources: hash }));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const megabytes = (size / 1e6).toFixed(1);
    console.log(
      `Built ${relative(projectRoot, distFolder)}/ in ${seconds} s: ${count} files, ${megabytes} MB, work offline.`,
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Builds where dist/ is missing or older than the sources, or always with `force`. Returns the folder of the build. */
export async function ensureBuilt({ force = false } = {}) {
  await alone(async () => {
    const hash = await hashSources();
    if (force || (await builtHash()) !== hash) await buildAll(hash);
  });
  return distFolder;
}
