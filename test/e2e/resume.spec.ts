/** A tab that is killed in the middle of a training: the run goes on, and ends with the very weights of an undisturbed one. */
import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Page } from "@playwright/test";
import { BlobReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { expect, test } from "./support/app.ts";
import { writeDataset } from "./support/images.ts";
import { fillNumbers, importFolder, train, visit, withoutDirectoryPicker } from "./support/screens.ts";

const numbers = { "Image size": 128, Epochs: 5, "Batch size": 4 };
const network = /^Dropout and early/;

/** The weights of every model on the models screen, as bytes. */
async function weightsOfAll(page: Page): Promise<Buffer[]> {
  await visit(page, "Models");
  const buttons = await page
    .locator("tamis-model-card", { hasText: "dropout" })
    .getByRole("button", { name: "Export" })
    .all();
  const all: Buffer[] = [];
  for (const button of buttons) {
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    const reader = new ZipReader(new BlobReader(new Blob([await readFile(await download.path())])));
    const weights = (await reader.getEntries()).find(({ filename }) => filename.endsWith(".bin"));
    if (!weights || weights.directory) throw new Error("The bundle has no weights.");
    all.push(Buffer.from(await weights.getData(new Uint8ArrayWriter())));
    await reader.close();
  }
  return all;
}

test("a killed tab's training goes on to the same weights", async ({ context, page, site }) => {
  test.setTimeout(300_000);
  const folder = await mkdtemp(join(tmpdir(), "tamis-resume-"));
  const name = basename(folder);
  await writeDataset(folder, 20);
  try {
    await withoutDirectoryPicker(page);
    await page.goto(site.url);
    await importFolder(page, folder, name);
    await visit(page, "Train");
    await fillNumbers(page, network, numbers);
    await page.getByRole("button", { name: "Start training" }).click();
    await page.getByText("3 of 5", { exact: true }).waitFor({ timeout: 60_000 });
    await page.close();

    const again = await context.newPage();
    await again.goto(site.url);
    await visit(again, "Train");
    await again
      .getByRole("link", { name: /Dropout and early/ })
      .first()
      .click();
    await expect(again.getByText("Interrupted", { exact: true })).toBeVisible();
    await again.getByRole("button", { name: "Resume" }).click();
    await expect(again.getByText("Finished", { exact: true })).toBeVisible({ timeout: 60_000 });
    await expect(again.getByText("5 of 5", { exact: true })).toBeVisible();

    await visit(again, "Train");
    await train(again, network, numbers);
    const [first, second, ...others] = await weightsOfAll(again);
    expect(others).toEqual([]);
    expect(first!.length).toBeGreaterThan(1_000_000);
    expect(first!.equals(second!)).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
