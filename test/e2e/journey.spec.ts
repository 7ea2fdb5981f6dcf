/** The whole way through, as its users go it: annotated folders, a trained network, sorted captures, and all of it without a network. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, serveSite, test, untilReady, watch } from "./support/app.ts";
import { picture, writeDataset } from "./support/images.ts";
import { classify, importFolder, train, visit, withoutDirectoryPicker } from "./support/screens.ts";

const imagesPerClass = 20;

function pictures(
  className: string,
  from: number,
  count: number,
): { name: string; mimeType: string; buffer: Buffer }[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${className.toLowerCase()}-${from + index}.png`,
    mimeType: "image/png",
    buffer: picture(className, from + index),
  }));
}

test("from class folders to sorted captures, then without a network", async ({ builtFolder, context, page }) => {
  test.setTimeout(480_000);
  const folder = await mkdtemp(join(tmpdir(), "tamis-archive-"));
  const name = basename(folder);
  await writeDataset(folder, imagesPerClass);
  const site = await serveSite({ folder: builtFolder });
  const seen = watch(context, new URL(site.url).origin);
  await withoutDirectoryPicker(page);
  try {
    await test.step("the first visit", async () => {
      await page.goto(site.url);
      await untilReady(page);
    });

    await test.step("import a folder of class folders", async () => {
      await importFolder(page, folder, name);
      await page.getByRole("link", { name }).click();
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
      await expect(page.getByLabel("Class that counts as photo")).toHaveValue("Photo");
      for (const className of ["Drawing", "Photo", "Text"]) {
        await expect(
          page.getByRole("row", { name: new RegExp(`^${className} .*\\b${imagesPerClass}\\b`) }),
        ).toBeVisible();
      }
      await expect(page.getByRole("row", { name: /Photo\/broken\.png/ })).toBeVisible();
    });

    await test.step("train two epochs", async () => {
      await page.getByRole("link", { name: "Train with it" }).click();
      await train(page, /^Baseline/, { "Image size": 32, Epochs: 2, "Batch size": 8 });
    });

    await test.step("evaluate", async () => {
      await page.getByRole("link", { name: "See the result" }).click();
      const matrix = page.getByRole("table", { name: "Confusion matrix" });
      await expect(matrix).toBeVisible({ timeout: 60_000 });
      const counts = (await matrix.locator(".count").allInnerTexts()).map(Number);
      // 15 % of the images are held out to validate, as many to test.
      expect(counts).toHaveLength(4);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Math.round(0.15 * 3 * imagesPerClass));
      await expect(page.getByRole("table", { name: "By original class" }).getByRole("row")).toHaveCount(4);
      await page.getByRole("button", { name: "Use this model" }).click();
      await expect(page.getByText("This model is in use")).toBeVisible();
    });

    await test.step("classify new files", async () => {
      await visit(page, "Classify");
      const broken = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("not a picture") };
      await classify(page, [...pictures("Photo", 9000, 3), ...pictures("Text", 9100, 3), broken], 7);
      await expect(page.getByRole("button", { name: "Unreadable 1" })).toBeVisible();
      const tiles = page.getByRole("list", { name: "Classified images" }).getByRole("listitem");
      await expect(tiles).toHaveCount(7);
      await expect(tiles.filter({ hasText: /% photo/ })).toHaveCount(6);
    });

    await test.step("export the list", async () => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "CSV export" }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/\.csv$/);
    });

    await test.step("pull the cable, reload, classify again", async () => {
      await context.setOffline(true);
      await site.close();
      await page.reload();
      await expect(page.getByRole("heading", { level: 1, name: "Classify" })).toBeVisible();
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      await classify(page, pictures("Drawing", 9200, 2), 9);
    });

    await test.step("train without a network", async () => {
      await visit(page, "Train");
      await train(page, /^Baseline/, { "Image size": 32, Epochs: 1, "Batch size": 16 });
    });

    expect(seen.strangers, "requests that left the origin").toEqual([]);
    expect(seen.errors, "errors on the way").toEqual([]);
  } finally {
    await site.close().catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
});
