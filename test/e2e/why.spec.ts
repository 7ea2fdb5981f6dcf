/** Why a model judges so: of an image of a run's evaluation, and of a capture, by button and by key. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "./support/app.ts";
import { picture, writeDataset } from "./support/images.ts";
import { classify, importFolder, train, untilModel, withoutDirectoryPicker } from "./support/screens.ts";

const folder = await mkdtemp(join(tmpdir(), "tamis-why-"));
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test("a heat map is asked for on a capture and on an evaluated image", async ({ page, site, watched }) => {
  await writeDataset(folder, 8);
  await withoutDirectoryPicker(page);
  await page.goto(site.url);
  const dialog = page.getByRole("dialog");
  const map = page.locator("tamis-heat-map canvas");

  await test.step("on a capture, with the starter model", async () => {
    await untilModel(page);
    await classify(page, [{ name: "sea.png", mimeType: "image/png", buffer: picture("Photo", 5) }], 1);
    await page
      .getByRole("list", { name: "Classified images" })
      .getByRole("listitem")
      .first()
      .getByRole("button")
      .first()
      .click();
    await page.keyboard.press("h");
    await expect(page.getByText(/Computed in/)).toBeVisible({ timeout: 60_000 });
    await expect(map).toBeVisible();
    await page.getByRole("button", { name: "By covering" }).click();
    await page.getByRole("button", { name: "Against a photo" }).click();
    await expect(page.getByRole("button", { name: "Against a photo" })).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("h");
    await expect(map).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  });

  await test.step("on an image of an evaluation, with the run's own model", async () => {
    await importFolder(page, folder, basename(folder));
    await page.getByRole("navigation").getByRole("link", { name: "Train" }).click();
    await train(page, /^Baseline/, { "Image size": 32, Epochs: 1, "Batch size": 8 });
    await page.getByRole("link", { name: "See the result" }).click();
    const matrix = page.getByRole("table", { name: "Confusion matrix" });
    await matrix.getByRole("button", { disabled: false }).first().click();
    await page.locator("tamis-judged-gallery").getByRole("button").first().click();
    await page.getByRole("button", { name: "Why?" }).click();
    await expect(page.getByText(/Computed in/)).toBeVisible({ timeout: 60_000 });
    await expect(map).toBeVisible();
  });
  expect(watched.errors).toEqual([]);
});
