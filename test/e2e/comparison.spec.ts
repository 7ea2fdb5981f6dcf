/** Several networks in a queue that is stopped, survives a reload and goes on; then compared, decided between and reported. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/app.ts";
import { writeDataset } from "./support/images.ts";
import { importFolder, visit, withoutDirectoryPicker } from "./support/screens.ts";

/** Puts a network into the queue, once for each seed. */
async function enqueue(page: Page, network: string, seeds: string, epochs: number): Promise<void> {
  const form = page.locator("tamis-comparison-form");
  if (!(await form.isVisible())) await page.getByText("Several networks and seeds, to compare them").click();
  for (const box of await form.getByRole("checkbox", { checked: true }).all()) {
    if ((await box.getAttribute("value")) !== null) await box.uncheck();
  }
  await form.getByRole("checkbox", { name: network, exact: true }).check();
  await form.getByRole("textbox", { name: "Seeds" }).fill(seeds);
  await form.getByRole("textbox", { name: "Image size" }).fill("32");
  await form.getByRole("textbox", { name: "Epochs" }).fill(String(epochs));
  await form.getByRole("button", { name: "Add to the queue" }).click();
}

test("a queue that is stopped and goes on, a comparison, a decision and its report", async ({
  page,
  site,
  watched,
}) => {
  test.setTimeout(420_000);
  const folder = await mkdtemp(join(tmpdir(), "tamis-compared-"));
  await writeDataset(folder, 12);
  await withoutDirectoryPicker(page);
  try {
    await page.goto(site.url);
    await importFolder(page, folder, basename(folder));
    await visit(page, "Train");
    const waiting = page.getByRole("list", { name: "Waiting runs" }).getByRole("listitem");
    const rows = page.getByRole("table", { name: "Runs" }).getByRole("row");

    await test.step("stop one: the next one begins; stop all: the rest waits", async () => {
      await enqueue(page, "Baseline", "1-3", 300);
      await expect(waiting).toHaveCount(2);
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await page.getByRole("button", { name: "Stop training" }).click();
      await expect(waiting).toHaveCount(1, { timeout: 30_000 });
      await page.getByRole("button", { name: "Stop all" }).click();
      await page.locator("tamis-question").getByRole("button", { name: "Stop all" }).click();
      await expect(page.getByRole("button", { name: "Go on with the queue" })).toBeVisible({ timeout: 30_000 });
      await expect(rows).toHaveCount(3, { timeout: 30_000 });
    });

    await test.step("take the last one out, put others in, reload, go on", async () => {
      await page.getByRole("button", { name: /^Take “Baseline”, seed 3, out/ }).click();
      await expect(page.getByText("“Baseline” is no longer in the queue.")).toBeVisible();
      await enqueue(page, "Dropout", "1,2", 1);
      await expect(waiting).toHaveCount(2);
      await page.reload();
      await expect(waiting).toHaveCount(2);
      await page.getByRole("button", { name: "Go on with the queue" }).click();
      await expect(rows.filter({ hasText: "Finished" })).toHaveCount(2, { timeout: 150_000 });
    });

    await test.step("compare those that finished", async () => {
      for (const row of await rows.filter({ hasText: "Finished" }).all()) await row.getByRole("checkbox").check();
      await page.getByRole("link", { name: "Compare", exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: /^Comparison on/ })).toBeVisible();
      const figures = page.getByRole("table", { name: "Figures of the runs" });
      await expect(figures.getByRole("row")).toHaveCount(3, { timeout: 60_000 });
      await expect(
        page.getByRole("cell", { name: /^(The same setting with another seed|Not settled|.* better)/ }),
      ).toHaveCount(1);
    });

    await test.step("decide, with a reason that is kept and reported", async () => {
      await page.getByRole("textbox", { name: "Why this one" }).fill("The first that we tried.");
      await page.getByRole("button", { name: "Decide for this model" }).click();
      await expect(page.getByText("The decision is kept.")).toBeVisible();
      await page.reload();
      await expect(page.getByRole("heading", { name: /^Decided: Dropout, seed/ })).toBeVisible({ timeout: 60_000 });
      await page.getByRole("button", { name: "Report" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save as HTML" }).click(),
      ]);
      const report = await readFile(await download.path(), "utf8");
      expect(report).toContain("The first that we tried.");
      expect(report).not.toMatch(/(src|href)="(?!#)/);
    });
    expect(watched.errors).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
