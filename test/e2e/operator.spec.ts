/** The operator's day on the production build: a camera without a network on a tablet, a batch whose tab is killed, a share from another app. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromiumArguments, requireChromium } from "../../scripts/lib/chromium.mjs";
import { expect, serveSite, test, untilReady } from "./support/app.ts";
import { picture } from "./support/images.ts";
import { choose, untilModel, withoutDirectoryPicker } from "./support/screens.ts";

/** One frame of our own as a video: a sunset over the sea, in YUV 4:2:0. */
function video(width: number, height: number): Buffer {
  const y = Buffer.alloc(width * height);
  const u = Buffer.alloc((width * height) / 4);
  const v = Buffer.alloc((width * height) / 4);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const wave = row > height * 0.6 ? 18 * Math.sin(column / 7 + row) : 0;
      y[row * width + column] = Math.max(16, Math.min(235, 200 - (120 * row) / height + wave + ((row * column) % 7)));
    }
  }
  u.fill(100);
  v.fill(160);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), y, u, v]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420\n`), frame, frame]);
}

const videoFolder = await mkdtemp(join(tmpdir(), "tamis-camera-"));
const videoFile = join(videoFolder, "camera.y4m");
await writeFile(videoFile, video(320, 240));
test.afterAll(() => rm(videoFolder, { recursive: true, force: true }));

test.use({
  launchOptions: {
    executablePath: await requireChromium(),
    args: [
      ...chromiumArguments(),
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${videoFile}`,
    ],
  },
});

test("camera to verdict, offline at tablet size", async ({ builtFolder, context, page }) => {
  await page.setViewportSize({ width: 800, height: 1180 });
  await context.grantPermissions(["camera"]);
  const site = await serveSite({ folder: builtFolder });
  try {
    await page.goto(site.url);
    await untilReady(page);
    await untilModel(page);
  } finally {
    await site.close();
  }
  await context.setOffline(true);
  await page.reload();
  await untilModel(page);
  await page.getByRole("button", { name: "Camera", exact: true }).click();
  const shutter = page.getByRole("button", { name: "Take a picture" });
  await expect(shutter).toBeEnabled();
  await expect(page.locator("tamis-camera-panel .live")).toContainText("% photo", { timeout: 60_000 });
  await page.keyboard.press("Space");
  const tiles = page.getByRole("list", { name: "Classified images" }).getByRole("listitem");
  await expect(tiles).toHaveCount(1, { timeout: 60_000 });
  await expect(tiles.first()).toContainText("% photo");
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
});

test("a killed batch goes on, and what is shared comes in", async ({ context, page, site }) => {
  test.setTimeout(240_000);
  const files = Array.from({ length: 400 }, (_, index) => ({
    name: `scan-${index}.png`,
    mimeType: "image/png",
    buffer: picture(["Photo", "Text", "Drawing"][index % 3]!, index),
  }));
  // Chosen files have no time of their own in a test: those of a folder on the disk have.
  const folder = await mkdtemp(join(tmpdir(), "tamis-batch-"));
  for (const { name, buffer } of files) await writeFile(join(folder, name), buffer);
  const paths = files.map(({ name }) => join(folder, name));
  try {
    await withoutDirectoryPicker(page);
    await page.goto(site.url);
    await untilReady(page);
    await untilModel(page);
    await choose(page, () => page.getByRole("button", { name: "Choose files" }).click(), paths);
    await expect(page.getByRole("button", { name: /^All [1-9]/ })).toBeVisible({ timeout: 60_000 });
    await page.close();

    const again = await context.newPage();
    await withoutDirectoryPicker(again);
    await again.goto(site.url);
    await expect(again.getByText("Interrupted.")).toBeVisible();
    await choose(again, () => again.getByRole("button", { name: "Go on" }).click(), paths);
    await expect(again.getByRole("button", { name: "All 400", exact: true })).toBeVisible({ timeout: 120_000 });
    await expect(again.getByRole("button", { name: "Pause" })).toHaveCount(0);

    // As the system does it: a form is posted to the address in the manifest.
    await again.evaluate(async () => {
      const canvas = new OffscreenCanvas(64, 64);
      canvas.getContext("2d")!.fillRect(0, 0, 32, 64);
      const form = new FormData();
      form.append("images", new File([await canvas.convertToBlob()], "été.png", { type: "image/png" }));
      await fetch("share-target", { method: "POST", body: form });
    });
    await again.reload();
    await expect(again.getByRole("button", { name: "All 401", exact: true })).toBeVisible({ timeout: 60_000 });
    await again.getByLabel("Sort").selectOption({ label: "Newest first" });
    await expect(again.getByText("été.png").first()).toBeVisible();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
