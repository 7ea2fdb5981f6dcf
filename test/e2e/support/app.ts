/**
 * The production build, served for a test, and a page that is watched while the test uses it. `TAMIS_DIST=FOLDER` tests a build that is there
 * already, whatever the sources are.
 */
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { ensureBuilt } from "../../../scripts/lib/build.mjs";
import { serve } from "../../../scripts/lib/serve.mjs";

export interface Site {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

export interface Watch {
  /** Requests to anywhere but the app's own origin. */
  readonly strangers: string[];
  /** What broke: exceptions, errors on the console, violations of the Content-Security-Policy. */
  readonly errors: string[];
}

/** A port that nothing else of this project asks for first; the server takes the next free one. */
const firstPort = 4300 + (process.pid % 500);

/** Serves the build (or a changed copy of it) as some host would. */
export async function serveSite(options: Parameters<typeof serve>[0] = {}): Promise<Site> {
  return serve({ port: firstPort, ...options });
}

/** Follows every request and error of the context's pages, its service worker included. */
export function watch(context: BrowserContext, origin: string): Watch {
  const seen: Watch = { strangers: [], errors: [] };
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (["blob:", "data:"].includes(url.protocol)) return;
    if (url.origin !== origin) seen.strangers.push(request.url());
  });
  context.on("console", (message) => {
    if (message.type() === "error") seen.errors.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => seen.errors.push(error.error().message));
  return seen;
}

/** Waits until everything is cached and the page is cross-origin isolated; on a host without headers it reloads itself on the way. */
export async function untilReady(page: Page): Promise<void> {
  const isReady = (): Promise<boolean> =>
    page
      .evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        const isControlled = navigator.serviceWorker.controller !== null;
        return crossOriginIsolated && isControlled && registration?.active?.state === "activated";
      })
      // The page is being left for its own reload.
      .catch(() => false);
  await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
}

export const test = base.extend<{ site: Site; watched: Watch }, { builtFolder: string }>({
  builtFolder: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures a fixture needs from this pattern.
    async ({}, use) => {
      await use(process.env.TAMIS_DIST ?? (await ensureBuilt()));
    },
    { scope: "worker", timeout: 300_000 },
  ],
  site: async ({ builtFolder }, use) => {
    const site = await serveSite({ folder: builtFolder });
    await use(site);
    await site.close();
  },
  /** Watches the test's own page; the test fails on any stranger or error that was seen. */
  watched: async ({ context, site }, use) => {
    const seen = watch(context, new URL(site.url).origin);
    await use(seen);
    expect(seen.strangers, "requests that left the origin").toEqual([]);
    expect(seen.errors, "errors on the way").toEqual([]);
  },
});

export { expect };
