/**
 * Runs the unit and browser tests in Chromium: `node scripts/wtr.mjs [--grep TEXT] [file or folder…]`.
 *
 * Vite bundles the tests first, in one build, so that workers, `?url`, WebAssembly and decorators are what they are in the app; Web Test
 * Runner then runs the bundles. Each process has its own output folder and port, so several may run at once. `TAMIS_KEEP_TESTS=1` keeps the
 * bundles; `TAMIS_TEST_RESULTS=FILE` writes `{ passed, failed, skipped }` there.
 */
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { defaultReporter, startTestRunner } from "@web/test-runner";
import { playwrightLauncher } from "@web/test-runner-playwright";
import { build } from "vite";
import { buildKernels } from "./lib/build.mjs";
import { chromiumArguments, requireChromium } from "./lib/chromium.mjs";
import { isolationHeaders } from "./lib/headers.mjs";
import { projectRoot } from "./lib/project.mjs";

const everyFolder = ["test/unit", "test/browser"];

const seconds = 1000;
/** A machine that several people share may take long over one test; a test that hangs must still end. */
const testTimeout = 60 * seconds;
const fileTimeout = 600 * seconds;

/** Test files among `paths`, folders searched through, as sorted paths below the project. */
async function findTests(paths) {
  const files = new Set();
  for (const path of paths) {
    const absolute = resolve(projectRoot, path);
    const isFolder = (await stat(absolute)).isDirectory();
    const below = isFolder
      ? (await readdir(absolute, { recursive: true })).filter((name) => name.endsWith(".test.ts"))
      : [""];
    if (below.length === 0) throw new Error(`There is no test in ${path}.`);
    for (const name of below) files.add(relative(projectRoot, resolve(absolute, name)));
  }
  return [...files].sort();
}

/** Bundles the tests, each under its own path below `folder`, with what they share in `chunks/`. */
async function bundle(files, folder) {
  const input = Object.fromEntries(
    files.map((file) => [file.replace(/\.ts$/, "").split(sep).join("/"), resolve(projectRoot, file)]),
  );
  await build({
    root: projectRoot,
    configFile: resolve(projectRoot, "vite.config.ts"),
    mode: "test",
    logLevel: "warn",
    clearScreen: false,
    build: {
      outDir: folder,
      emptyOutDir: true,
      copyPublicDir: false,
      minify: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 100_000,
      modulePreload: false,
      rolldownOptions: {
        input,
        // What a test shares with what it loads later goes into a chunk of its own: the runner asks for the test with a query, and a chunk that
        // imported it without one would run it, and define its elements, a second time.
        preserveEntrySignatures: "strict",
        // Served by the test runner itself.
        external: [/^\/__web-/],
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  });
  return Object.keys(input).map((name) => resolve(folder, `${name}.js`));
}

function freePort() {
  return new Promise((fulfil, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => fulfil(port));
    });
  });
}

/** Threads need a cross-origin-isolated page. */
async function isolate(context, next) {
  for (const [name, value] of Object.entries(isolationHeaders)) context.set(name, value);
  await next();
}

function countTests(suite, counts) {
  for (const test of suite.tests) counts[test.skipped ? "skipped" : test.passed ? "passed" : "failed"] += 1;
  for (const inner of suite.suites) countTests(inner, counts);
}

/** How many tests passed, failed and were skipped; a file that could not run counts as one that failed. */
function countSessions(sessions) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const session of sessions) {
    const before = counts.failed;
    if (session.testResults) countTests(session.testResults, counts);
    if (!session.passed && counts.failed === before) counts.failed += 1;
  }
  return counts;
}

function durationOf(suite) {
  const own = suite.tests.reduce((sum, test) => sum + (test.duration ?? 0), 0);
  return suite.suites.reduce((sum, inner) => sum + durationOf(inner), own);
}

/** The files whose tests took longest, so that it is known where the time goes. */
function slowest(sessions) {
  return sessions
    .filter((session) => session.testResults)
    .map((session) => ({
      file: relative(projectRoot, session.testFile),
      time: durationOf(session.testResults) / seconds,
    }))
    .filter(({ time }) => time > 5)
    .sort((a, b) => b.time - a.time)
    .slice(0, 8)
    .map(({ file, time }) => `${time.toFixed(1).padStart(7)} s  ${file.replace(/^dist-test.\w+./, "")}`);
}

async function runTests(files, grep) {
  const executablePath = await requireChromium();
  const runner = await startTestRunner({
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
    config: {
      files,
      rootDir: projectRoot,
      hostname: "localhost",
      port: await freePort(),
      concurrency: Number(process.env.TAMIS_TEST_CONCURRENCY ?? 1),
      browserStartTimeout: 120 * seconds,
      testsStartTimeout: 120 * seconds,
      testsFinishTimeout: fileTimeout,
      testFramework: { config: { timeout: String(testTimeout), ...(grep ? { grep } : {}) } },
      middleware: [isolate],
      staticLogging: true,
      reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false })],
      browsers: [
        // A new browser context for each file: no test sees another's database.
        playwrightLauncher({
          product: "chromium",
          launchOptions: { executablePath, args: chromiumArguments() },
        }),
      ],
    },
  });
  if (!runner) throw new Error("The test runner did not start.");
  const passed = await new Promise((fulfil) => runner.on("finished", fulfil));
  const sessions = [...runner.sessions.all()];
  const counts = countSessions(sessions);
  const slow = slowest(sessions);
  if (slow.length > 0) console.log(`Slowest:\n${slow.join("\n")}`);
  await runner.stop();
  return { passed, counts };
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { grep: { type: "string" } } });
const output = resolve(projectRoot, "dist-test", process.env.TAMIS_TEST_OUT ?? String(process.pid));
let status = 1;
try {
  const tests = await findTests(positionals.length > 0 ? positionals : everyFolder);
  const started = performance.now();
  await buildKernels();
  const bundles = await bundle(tests, output);
  console.log(`Bundled ${tests.length} test files in ${((performance.now() - started) / seconds).toFixed(1)} s.`);
  const { passed, counts } = await runTests(bundles, values.grep);
  if (process.env.TAMIS_TEST_RESULTS) await writeFile(process.env.TAMIS_TEST_RESULTS, JSON.stringify(counts));
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  status = passed && counts.failed === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  if (!process.env.TAMIS_KEEP_TESTS) await rm(output, { recursive: true, force: true });
}
process.exit(status);
