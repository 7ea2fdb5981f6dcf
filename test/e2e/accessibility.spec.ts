/** Every screen, empty and in use, in both languages and themes, judged by axe. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/app.ts";
import { picture, writeDataset } from "./support/images.ts";
import { classify, importFolder, train, visit, withoutDirectoryPicker } from "./support/screens.ts";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const languages = ["en", "fr"] as const;
const themes = ["light", "dark"] as const;

/** What axe finds on the page, in words; evaluated by the debugger, since the Content-Security-Policy lets no script in. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (context: unknown, options: unknown) => Promise<AxeResults> } };
    // axe looks for the target of a skip link outside of the shadow tree that it is in; a test of its own presses it.
    const context = { exclude: { fromShadowDom: ["tamis-app", "a.skip"] } };
    return axe.run(context, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  });
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

async function setAppearance(page: Page, language: string, theme: string): Promise<void> {
  await page.evaluate(() => (location.hash = "#/settings"));
  await page.locator(`input[name="language"][value="${language}"]`).check({ force: true });
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  await page.locator(`input[name="theme"][value="${theme}"]`).check({ force: true });
}

/** Looks at each address in each language and theme. */
async function judgeScreens(page: Page, addresses: readonly string[]): Promise<void> {
  // Half-way through a transition, colours have contrasts that they never keep.
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const language of languages) {
    for (const theme of themes) {
      await setAppearance(page, language, theme);
      for (const address of addresses) {
        await page.evaluate((hash) => (location.hash = hash), address);
        await expect(page.locator("h1")).toBeVisible();
        await page.waitForTimeout(300);
        expect.soft(await findings(page), `${address} in ${language}, ${theme}`).toEqual([]);
      }
    }
  }
}

const screens = ["#/classify", "#/data", "#/train", "#/models", "#/settings"];

test("screens with nothing to show", async ({ page, site }) => {
  await page.goto(site.url);
  await visit(page, "Settings");
  await judgeScreens(page, screens);
});

test("screens in use", async ({ page, site }) => {
  test.setTimeout(480_000);
  const folder = await mkdtemp(join(tmpdir(), "tamis-archive-"));
  try {
    await writeDataset(folder, 10);
    await withoutDirectoryPicker(page);
    await page.goto(site.url);
    await importFolder(page, folder, basename(folder));
    await page.getByRole("link", { name: basename(folder) }).click();
    await expect(page.getByRole("link", { name: "Train with it" })).toBeVisible();
    const dataset = new URL(page.url()).hash;
    await page.getByRole("link", { name: "Train with it" }).click();
    await train(page, /^Baseline/, { "Image size": 32, Epochs: 1, "Batch size": 8 });
    await page.getByRole("link", { name: "See the result" }).click();
    await expect(page.getByRole("table", { name: "Confusion matrix" })).toBeVisible({ timeout: 60_000 });
    const run = new URL(page.url()).hash;
    await page.getByRole("button", { name: "Use this model" }).click();
    await visit(page, "Classify");
    const capture = { name: "new.png", mimeType: "image/png", buffer: picture("Photo", 9) };
    await classify(page, [capture, { ...capture, name: "broken.png", buffer: Buffer.from("no") }], 2);
    await judgeScreens(page, [...screens, dataset, run]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("the first key press leads past the navigation", async ({ page, site }) => {
  await page.goto(site.url);
  await visit(page, "Settings");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("radio", { name: "English" })).toBeFocused();
});

test("at 800 pixels nothing is wider than the screen", async ({ page, site }) => {
  await page.setViewportSize({ width: 800, height: 1000 });
  await page.goto(site.url);
  for (const address of screens) {
    await page.evaluate((hash) => (location.hash = hash), address);
    await expect(page.locator("h1")).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, address).toBeLessThanOrEqual(0);
  }
});
