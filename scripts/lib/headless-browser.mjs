/** The production build in a Chromium without a window, for the command line. */
import { rmSync } from "node:fs";
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { ensureBuilt } from "./build.mjs";
import { chromiumArguments, requireChromium } from "./chromium.mjs";
import { serve } from "./serve.mjs";

/** Of `chromiumArguments`, what makes WebGPU run in software. */
const softwareAdapter = "--use-webgpu-adapter=swiftshader";
/** Lets a real GPU be used without a window, on Linux too. */
const hardwareAdapter = ["--enable-features=Vulkan", "--ignore-gpu-blocklist"];

/**
 * A page whose `window.tamisHeadless` is ready, in a browser with a profile of its own that is deleted afterwards.
 *
 * WebGPU in software serves where it is asked for by name and there is no GPU; `auto` measures what the machine really has.
 *
 * @param {object} options
 * @param {"auto" | "wasm" | "webgpu"} options.backend
 * @param {(progress: object) => void} [options.onProgress]
 * @returns {Promise<{ page: import("@playwright/test").Page, close: () => Promise<void> }>}
 */
export async function openHeadlessPage({ backend, onProgress }) {
  // A build that is there already, whatever the sources are: for tests.
  const built = process.env.TAMIS_DIST ?? (await ensureBuilt());
  // Another command may build anew while this one trains.
  const folder = await mkdtemp(join(tmpdir(), "tamis-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await cp(built, folder, { recursive: true });
  const server = await serve({ folder, port: 4300 });
  try {
    const address = new URL("headless.html", server.url).href;
    let opened = await openPage(address, hardwareAdapter, onProgress);
    if (backend === "webgpu" && !(await opened.page.evaluate(() => window.tamisHeadless.hasAdapter()))) {
      await opened.context.close();
      opened = await openPage(address, [softwareAdapter], onProgress);
    }
    const { page, context } = opened;
    return {
      page,
      async close() {
        await context.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function openPage(address, adapterArguments, onProgress) {
  const context = await chromium.launchPersistentContext("", {
    executablePath: await requireChromium(),
    args: [...chromiumArguments().filter((argument) => argument !== softwareAdapter), ...adapterArguments],
    acceptDownloads: true,
    // Ctrl-C ends a training, not the browser under it.
    handleSIGINT: false,
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    // Trainings take as long as they take.
    page.setDefaultTimeout(0);
    page.on("pageerror", (error) => console.error(`In the page: ${error.message}`));
    page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) console.error(`In the page: ${message.text()}`);
    });
    await page.exposeFunction("tamisReport", (progress) => onProgress?.(progress));
    await page.goto(address);
    await page.waitForFunction(() => window.tamisHeadless !== undefined);
    await page.evaluate(() => window.tamisHeadless.ready());
    return { page, context };
  } catch (error) {
    await context.close();
    throw error;
  }
}
