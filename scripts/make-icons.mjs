/** Draws the icons that need pixels from public/icon.svg, with Chromium: `node scripts/make-icons.mjs`. Their PNGs are kept in the repository. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { chromiumArguments, requireChromium } from "./lib/chromium.mjs";
import { projectRoot } from "./lib/project.mjs";

/** `bleed`: the ground fills the square and the drawing keeps to the middle 80 %, since the device cuts the corners as it likes. */
const icons = [
  { file: "icon-192.png", size: 192, bleed: false },
  { file: "icon-512.png", size: 512, bleed: false },
  { file: "maskable-192.png", size: 192, bleed: true },
  { file: "maskable-512.png", size: 512, bleed: true },
  { file: "apple-touch-icon.png", size: 180, bleed: true },
];

const drawing = await readFile(join(projectRoot, "public/icon.svg"), "utf8");
const bled = drawing
  .replace(' rx="112"', "")
  .replace('<g id="drawing">', '<g id="drawing" transform="translate(51.2 51.2) scale(.8)">');
if (bled.length <= drawing.length) throw new Error("public/icon.svg has no ground or drawing to change.");

const browser = await chromium.launch({ executablePath: await requireChromium(), args: chromiumArguments() });
try {
  for (const { file, size, bleed } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const source = `data:image/svg+xml;base64,${Buffer.from(bleed ? bled : drawing).toString("base64")}`;
    await page.setContent(`<body style="margin:0"><img src="${source}" width="${size}" height="${size}"></body>`);
    await page.locator("img").evaluate((image) => image.decode());
    await page.screenshot({ path: join(projectRoot, "public/icons", file), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
