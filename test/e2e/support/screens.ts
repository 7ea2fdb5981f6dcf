/** What a person does on the screens, by the roles and English names that they would go by. */
import { expect, type Page } from "@playwright/test";

/** Picks what the next file chooser asks for. */
export async function choose(
  page: Page,
  press: () => Promise<void>,
  files: Parameters<Page["setInputFiles"]>[1],
): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press()]);
  await chooser.setFiles(files);
}

/** Folders then come through `<input webkitdirectory>`: no test can drive the native directory picker. */
export async function withoutDirectoryPicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "showDirectoryPicker");
  });
}

export async function visit(page: Page, screen: "Classify" | "Data" | "Train" | "Models" | "Settings"): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: screen }).click();
  await expect(page.getByRole("heading", { level: 1, name: screen })).toBeVisible();
}

export async function importFolder(page: Page, folder: string, name: string): Promise<void> {
  await visit(page, "Data");
  await choose(page, () => page.getByRole("button", { name: "Import a folder" }).click(), folder);
  await expect(page.getByText(`“${name}” is imported.`)).toBeVisible({ timeout: 60_000 });
}

export interface Numbers {
  readonly "Image size": number;
  readonly Epochs: number;
  readonly "Batch size": number;
}

/** Fills the form of the train screen. */
export async function fillNumbers(page: Page, network: RegExp, numbers: Numbers): Promise<void> {
  await page.getByRole("radio", { name: network }).check();
  for (const [label, value] of Object.entries(numbers))
    // By role: the folded form of several runs has fields of the same names.
    await page.getByRole("textbox", { name: label, exact: true }).fill(String(value));
}

/** Trains with the form of the train screen, and waits for the end. */
export async function train(page: Page, network: RegExp, numbers: Numbers): Promise<void> {
  await fillNumbers(page, network, numbers);
  await page.getByRole("button", { name: "Start training" }).click();
  await expect(page.getByRole("heading", { name: "Training finished" })).toBeVisible({ timeout: 180_000 });
}

/** Classifies files, and waits until the list holds `count` captures. */
export async function classify(page: Page, files: Parameters<Page["setInputFiles"]>[1], count: number): Promise<void> {
  await choose(page, () => page.getByRole("button", { name: "Choose files" }).click(), files);
  await expect(page.getByRole("button", { name: `All ${count}` })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("progressbar", { name: "Classifying" })).toHaveCount(0);
}

/** Until the starter model is installed, and images may come in. */
export async function untilModel(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible({ timeout: 60_000 });
}
