/** The views of a dataset: overview, images with search, selection and undo, figures, samples, a batch; also with the parts of a run. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "./support/app.ts";
import { writeDataset } from "./support/images.ts";
import { importFolder, train, withoutDirectoryPicker } from "./support/screens.ts";

const folder = await mkdtemp(join(tmpdir(), "tamis-look-"));
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test("a dataset is looked at, decided about and undone, in figures and as a run had it", async ({
  page,
  site,
  watched,
}) => {
  await writeDataset(folder, 8);
  await withoutDirectoryPicker(page);
  await page.goto(site.url);
  const name = basename(folder);
  await importFolder(page, folder, name);
  const openDataset = () => page.getByRole("link", { name }).click();
  await openDataset();
  const tab = (label: RegExp) => page.getByRole("tab", { name: label }).click();
  const tiles = page.getByRole("listbox", { name: "Images" }).getByRole("option");
  const viewer = page.locator("tamis-dataset-image-viewer");
  const count = page.locator("tamis-dataset-images [role=status]");

  await test.step("samples, under both names", async () => {
    const samples = page.locator("tamis-class-samples");
    await expect(samples.getByRole("heading")).toHaveText(["Drawing", "Photo", "Text"]);
    await samples.getByRole("button", { name: "Photo or not" }).click();
    await expect(samples.getByRole("heading")).toHaveText(["Photo", "Not Photo"]);
    await samples.getByRole("listitem").first().getByRole("button").click();
    await expect(viewer.getByText("Photo/photo-000.png")).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("search, selection by keyboard, leave out, undo", async () => {
    await tab(/^Images/);
    await page.getByRole("searchbox").fill("photo-00");
    await expect(count).toHaveText("8 of 24 images");
    await tiles.first().focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    await expect(page.getByText("2 images selected")).toBeVisible();
    await page.keyboard.press("Delete");
    await expect(tiles.nth(1)).toHaveAccessibleName(/photo-001\.png, Photo, Left out/);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(tiles.nth(1)).toHaveAccessibleName("photo-001.png, Photo");
  });

  await test.step("one large, moved by key, with its original", async () => {
    await tiles.nth(2).focus();
    await page.keyboard.press("Enter");
    await expect(viewer.getByText("The original file.")).toBeVisible();
    await page.keyboard.press("3");
    await expect(viewer.getByText("Text, moved from Photo")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(tiles.nth(2)).toBeFocused();
    await page.keyboard.press("Control+z");
    await expect(tiles.nth(2)).toHaveAccessibleName("photo-002.png, Photo");
  });

  await test.step("figures and a batch", async () => {
    await tab(/^Figures/);
    await expect(page.getByRole("row", { name: /^Not Photo 0 16/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /^The smaller side drawn again/ })).toBeVisible();
    await page.getByLabel("Network").selectOption("baseline");
    await expect(page.getByRole("row", { name: /^Images \[\d+, 180, 180, 3\] float32/ })).toBeVisible();
  });

  await test.step("the parts and batches of a run", async () => {
    await page.getByRole("link", { name: "Train with it" }).click();
    await train(page, /^Baseline/, { "Image size": 32, Epochs: 1, "Batch size": 8 });
    await page.getByRole("navigation").getByRole("link", { name: "Data" }).click();
    await openDataset();
    await tab(/^Images/);
    await page.getByLabel("Split part").selectOption("test");
    await page.getByLabel("Parts as split for").selectOption({ index: 1 });
    await expect(count).toContainText(/[34] of 24 images/);
    await tab(/^Figures/);
    await expect(page.getByText("As “Baseline (batches of 8), seed 42” had them.")).toBeVisible();
    await expect(page.getByRole("row", { name: /^Images \[8, 32, 32, 3\] float32/ })).toBeVisible();
  });
  expect(watched.errors).toEqual([]);
});
