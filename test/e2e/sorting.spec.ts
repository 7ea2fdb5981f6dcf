/** Sorting into folders: real handles of the origin's own file system stand in for the folders that a person picks. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test, untilReady } from "./support/app.ts";
import { picture } from "./support/images.ts";
import { choose, untilModel, withoutDirectoryPicker } from "./support/screens.ts";

const count = 200;
const names = Array.from({ length: count }, (_, index) => `scan ${index}.png`);
const groups = ["Photo", "Not a photo", "To review"];
/** Lies under a scan's name already, with another content. */
const foreign = "somebody else's";

/** The picker gives the folder whose name the test puts into `window.picked`. */
async function withOwnFolders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const picker = async (): Promise<FileSystemDirectoryHandle> => {
      const root = await navigator.storage.getDirectory();
      return root.getDirectoryHandle((window as unknown as { picked: string }).picked, { create: true });
    };
    Object.assign(window, { showDirectoryPicker: picker });
  });
}

async function pick(page: Page, folder: string, button: string): Promise<void> {
  await page.evaluate((name) => Object.assign(window, { picked: name }), folder);
  await page.getByRole("button", { name: button }).click();
}

/** @param files content by path, as base64 */
async function write(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate(async (all) => {
    for (const [path, content] of Object.entries(all)) {
      const parts = path.split("/");
      const name = parts.pop()!;
      let folder = await navigator.storage.getDirectory();
      for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(Uint8Array.from(atob(content), (character) => character.charCodeAt(0)));
      await writable.close();
    }
  }, files);
}

/** Content by path below a folder, as base64. */
async function read(page: Page, folder: string): Promise<Record<string, string>> {
  return page.evaluate(async (name) => {
    const found: Record<string, string> = {};
    const walk = async (handle: FileSystemDirectoryHandle, above: string): Promise<void> => {
      for await (const [own, inner] of handle.entries()) {
        if (inner.kind === "directory") await walk(inner, `${above}${own}/`);
        else {
          const bytes = new Uint8Array(await (await inner.getFile()).arrayBuffer());
          found[above + own] = btoa(String.fromCharCode(...bytes));
        }
      }
    };
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true }), "");
    return found;
  }, folder);
}

/** Files below the folders of a folder, without opening any: some are being written. */
async function countIn(page: Page, folder: string): Promise<number> {
  return page.evaluate(async (name) => {
    let files = 0;
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
    for await (const inner of root.values()) {
      if (inner.kind === "file") continue;
      for await (const _ of inner.keys()) files += 1;
    }
    return files;
  }, folder);
}

const base64 = (content: Buffer | string): string => Buffer.from(content).toString("base64");

test("200 files into a folder that holds some of the names: copied, killed, gone on, moved", async ({ page, site }) => {
  await withOwnFolders(page);
  await page.goto(site.url);
  await untilReady(page);
  await untilModel(page);
  const scans = new Map(
    names.map((name, index) => [name, base64(picture(["Photo", "Text", "Drawing"][index % 3]!, index))]),
  );
  const before: Record<string, string> = {};
  for (const [name, content] of scans) before[`scans/${name}`] = content;
  for (const group of groups) {
    before[`sorted/${group}/${names[3]!}`] = base64(foreign);
    before[`sorted/${group}/${names[4]!}`] = scans.get(names[4]!)!;
  }
  await write(page, before);
  await pick(page, "scans", "Choose a folder");
  await expect(page.getByRole("button", { name: `All ${count}`, exact: true })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("progressbar", { name: "Classifying" })).toHaveCount(0);

  // The dry run says what is taken, and touches nothing.
  await page.getByRole("button", { name: "Sort into folders" }).click();
  await pick(page, "sorted", "Choose the folder");
  await expect(page.getByText("Names taken there already: 2.")).toBeVisible();
  expect(Object.keys(await read(page, "sorted"))).toHaveLength(2 * groups.length);
  await page.getByRole("button", { name: "Copy the files" }).click();
  await expect.poll(() => countIn(page, "sorted"), { intervals: [50] }).toBeGreaterThan(20);
  await page.reload();

  const sort = async (action: string): Promise<void> => {
    await page.getByRole("button", { name: "Sort into folders" }).click();
    if (action === "Move the files") await page.getByRole("checkbox", { name: /^Move/ }).check();
    await pick(page, "sorted", "Choose the folder");
    await page.getByRole("button", { name: action }).click();
    await expect(page.getByText("Done.")).toBeVisible({ timeout: 60_000 });
  };
  const check = async (): Promise<void> => {
    const after = await read(page, "sorted");
    const logs = Object.keys(after).filter((path) => /^tamis-log.*\.csv$/.test(path));
    expect(logs.length).toBeGreaterThan(0);
    const sorted = Object.entries(after).filter(([path]) => !logs.includes(path));
    // Of the two names that were taken in each of the three folders, the same content serves as its own copy once.
    expect(sorted).toHaveLength(count + 2 * groups.length - 1);
    for (const group of groups) expect(after[`${group}/${names[3]!}`]).toBe(base64(foreign));
    const contents = new Set(sorted.map(([, content]) => content));
    for (const [name, content] of scans) expect(contents.has(content), name).toBe(true);
  };
  await sort("Copy the files");
  await expect(page.locator("tamis-sorting-dialog").getByText("There already")).toBeVisible();
  await check();
  expect(Object.keys(await read(page, "scans"))).toHaveLength(count);

  await page.getByRole("button", { name: "Close" }).last().click();
  await sort("Move the files");
  await check();
  expect(await read(page, "scans")).toEqual({});
});

test("a zip of folders where the browser gives none", async ({ page, site }) => {
  await withoutDirectoryPicker(page);
  await page.goto(site.url);
  await untilReady(page);
  await untilModel(page);
  const files = names
    .slice(0, 6)
    .map((name, index) => ({ name, mimeType: "image/png", buffer: picture(["Photo", "Text"][index % 2]!, index) }));
  await choose(page, () => page.getByRole("button", { name: "Choose files" }).click(), files);
  await expect(page.getByRole("button", { name: "All 6", exact: true })).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Sort into folders" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as a zip" }).click(),
  ]);
  const zip = await readFile(await download.path());
  for (const { name, buffer } of files) {
    expect(zip.includes(`/${name}`), name).toBe(true);
    // Stored, not compressed: pictures are already.
    expect(zip.includes(buffer), name).toBe(true);
  }
  expect(zip.includes("tamis-log.csv")).toBe(true);
});
