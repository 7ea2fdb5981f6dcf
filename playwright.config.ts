import { defineConfig } from "@playwright/test";
import { chromiumArguments, requireChromium } from "./scripts/lib/chromium.mjs";

export default defineConfig({
  testDir: "test/e2e",
  outputDir: "test-results",
  // Training takes both cores; two tests at once would only make each other late.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list", { printSteps: false }]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: await requireChromium(), args: chromiumArguments() },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    locale: "en-GB",
    serviceWorkers: "allow",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
