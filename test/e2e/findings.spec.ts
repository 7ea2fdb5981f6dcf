/** A data set with planted copies: what vetting finds, what is decided about it, and what training then sees. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./support/app.ts";
import { picture, writeDataset } from "./support/images.ts";
import { importFolder, withoutDirectoryPicker } from "./support/screens.ts";

const workFolder = await mkdtemp(join(tmpdir(), "tamis-findings-"));
test.afterAll(() => rm(workFolder, { recursive: true, force: true }));

test("planted copies are found, decided about, and left out of training", async ({ page, site, watched }) => {
  const folder = join(workFolder, "box 12");
  await mkdir(folder);
  await writeDataset(folder, 6);
  // `writeDataset` drew the first photo from seed 0: one copy lies beside it; one of the second photo lies under a wrong class.
  await writeFile(join(folder, "Photo", "copy of photo-000.png"), picture("Photo", 0));
  await writeFile(join(folder, "Drawing", "scan.png"), picture("Photo", 1));
  await writeFile(join(folder, "Text", "empty.png"), "");
  await withoutDirectoryPicker(page);
  await page.goto(site.url);
  await importFolder(page, folder, "box 12");
  await page.getByRole("link", { name: /box 12/ }).click();

  const findings = page.getByRole("region", { name: "Findings" });
  await findings.getByRole("button", { name: "Under two classes 1" }).click();
  await findings.getByRole("button", { name: "It is Photo" }).click();
  await expect(findings.getByText("Moved to Photo")).toBeVisible();
  await findings.getByRole("button", { name: "Exact duplicates 1" }).click();
  await findings.getByRole("button", { name: "Keep one of each" }).click();
  const effects = findings.getByRole("table", { name: "What the choices change" });
  // 7 in the folder, one moved here, one copy left out.
  await expect(effects.getByRole("row", { name: /^Photo/ })).toHaveText(/Photo\s*7\s*–\s*\+1\s*−1\s*7/);
  await expect(effects.getByRole("row", { name: /^Drawing/ })).toHaveText(/Drawing\s*7\s*−1\s*–\s*–\s*6/);

  await page.keyboard.press("Control+z");
  await expect(effects.getByRole("row", { name: /^Photo/ })).toHaveText(/Photo\s*7\s*–\s*\+1\s*–\s*8/);
  await findings.getByRole("button", { name: "Redo" }).click();
  await expect(effects.getByRole("row", { name: /^Photo/ })).toHaveText(/Photo\s*7\s*–\s*\+1\s*−1\s*7/);
  await findings.getByRole("button", { name: "Not an image 1" }).click();
  await expect(findings.getByRole("row", { name: /broken\.png/ })).toBeVisible();
  await findings.getByRole("button", { name: "Empty files 1" }).click();
  await expect(findings.getByRole("row", { name: /empty\.png/ })).toContainText("The file is empty.");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    findings.getByRole("button", { name: "Findings as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("box 12-findings.csv");

  // Decisions outlive the page.
  await page.reload();
  await expect(effects.getByRole("row", { name: /^Photo/ })).toHaveText(/Photo\s*7\s*–\s*\+1\s*−1\s*7/);
  await expect(findings.getByText(/2 of 2 decided/)).toBeVisible();
  expect(watched.errors).toEqual([]);
});
