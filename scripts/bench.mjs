/**
 * `npm run bench -- train-step|infer|import …`: medians over repeated steps after warm-up, of the production build in a Chromium without a window.
 *
 * For figures that can be quoted nothing else may run on the machine.
 */
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { readBenchOptions, benchUsage } from "./lib/bench-options.mjs";
import { UsageError } from "./lib/headless-options.mjs";
import { installChromium, installPackages, requireNode } from "./lib/install.mjs";

requireNode();
let options;
try {
  options = readBenchOptions(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${benchUsage}`);
  process.exit(2);
}
if (options.help) {
  console.log(benchUsage);
  process.exit(0);
}

let status = 0;
try {
  installPackages();
  await installChromium();
  const { openHeadlessPage } = await import("./lib/headless-browser.mjs");
  const { page, close } = await openHeadlessPage({ backend: options.request.backend.choice });
  try {
    if (options.data !== null) {
      await page.setInputFiles("#folder", options.data);
      await page.evaluate(
        ([key, name]) => window.tamisHeadless.keepFolder(key, name),
        ["data", basename(options.data)],
      );
    }
    const outcome = await page.evaluate((request) => window.tamisHeadless.bench(request), options.request);
    if (outcome.ok) {
      console.log(JSON.stringify(outcome.value, null, 2));
      if (options.json !== null) await writeFile(options.json, `${JSON.stringify(outcome.value, null, 2)}\n`);
    } else {
      console.error(`${outcome.message} ${outcome.remedy}`.trim());
      status = 1;
    }
  } finally {
    await close();
  }
} catch (error) {
  console.error(error);
  status = 1;
}
process.exit(status);
