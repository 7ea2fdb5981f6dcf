/** The browser's storage runs full in the middle of an import: it stops and says so, keeps what is stored, and goes on once there is room. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { CDPSession, Page } from "@playwright/test";
import { expect, test } from "./support/app.ts";
import { writeDataset } from "./support/images.ts";
import { choose, visit, withoutDirectoryPicker } from "./support/screens.ts";

/** Of three classes: several chunks of an import. */
const imagesPerClass = 250;
const images = 3 * imagesPerClass;
// One file more is no image.
const files = images + 1;

/** @param bytes null for the browser's own */
async function limitStorage(session: CDPSession, origin: string, bytes: number | null): Promise<void> {
  await session.send("Storage.overrideQuotaForOrigin", bytes === null ? { origin } : { origin, quotaSize: bytes });
}

function usedBytes(page: Page): Promise<number> {
  return page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
}

function storedImages(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open("tamis");
        opening.onsuccess = () => {
          const counting = opening.result.transaction("images").objectStore("images").count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
  );
}

test("storage that runs full stops an import, which goes on once there is room", async ({ context, page, site }) => {
  const folder = await mkdtemp(join(tmpdir(), "tamis-quota-"));
  const name = basename(folder);
  const { origin } = new URL(site.url);
  await writeDataset(folder, imagesPerClass);
  const session = await context.newCDPSession(page);
  try {
    await withoutDirectoryPicker(page);
    await page.goto(site.url);
    await visit(page, "Data");
    // Room for some two chunks of the images.
    await limitStorage(session, origin, (await usedBytes(page)) + 25_000_000);
    await choose(page, () => page.getByRole("button", { name: "Import a folder" }).click(), folder);
    await expect(page.getByText("The storage of this device is full.")).toBeVisible();
    const stored = await storedImages(page);
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(images);

    // Nobody's work is lost with the tab either.
    await page.reload();
    await visit(page, "Data");
    await expect(page.getByText(`${stored} images of ${files} files are stored.`)).toBeVisible();
    await limitStorage(session, origin, null);
    await page.getByRole("button", { name: "Go on" }).click();
    await choose(page, () => page.getByRole("button", { name: "Choose the folder" }).click(), folder);
    await expect(page.getByText(`“${name}” is imported.`)).toBeVisible({ timeout: 60_000 });
    expect(await storedImages(page)).toBe(images);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
