/** Finds the Chromium that tests and the headless command drive. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const elsewhere = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  join(process.env.PROGRAMFILES ?? "C:/Program Files", "Google/Chrome/Application/chrome.exe"),
];

/** The path of a Chromium: `TAMIS_CHROMIUM` where set, else what is installed, else Playwright's own, else null. */
export async function findChromium() {
  const named = process.env.TAMIS_CHROMIUM;
  if (named) {
    if (!existsSync(named)) throw new Error(`TAMIS_CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [...installed, ...elsewhere].find((path) => existsSync(path));
  if (found) return found;
  const { chromium } = await import("@playwright/test");
  const own = chromium.executablePath();
  return own && existsSync(own) ? own : null;
}

/** `findChromium`, or an Error that says what to do. */
export async function requireChromium() {
  const path = await findChromium();
  if (path) return path;
  throw new Error(
    "No Chromium was found. Install one (Debian, Ubuntu: `sudo apt-get install chromium`; elsewhere: `npx playwright install chromium`), " +
      "or name yours in the environment variable TAMIS_CHROMIUM.",
  );
}

/**
 * Arguments that every Chromium of this project starts with: WebGPU in software, so that the WebGPU backend is tested without a GPU, and
 * no sandbox for root alone, who cannot have one.
 */
export function chromiumArguments() {
  return [
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    // A container's /dev/shm is small; without this, large pages die.
    "--disable-dev-shm-usage",
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}
