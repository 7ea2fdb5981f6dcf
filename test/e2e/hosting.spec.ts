/** Wherever the build lies, and whatever the host does about headers. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentSecurityPolicyForMeta, headers } from "../../scripts/lib/headers.mjs";
import { projectRoot } from "../../scripts/lib/project.mjs";
import { expect, serveSite, test, untilReady, watch } from "./support/app.ts";

test("every way to say the headers says the same", async ({ builtFolder, site, request }) => {
  const answered = (await request.get(site.url)).headers();
  const generated = await readFile(join(builtFolder, "_headers"), "utf8");
  const nginx = await readFile(join(projectRoot, "docs/deploy.md"), "utf8");
  for (const [name, value] of Object.entries(headers)) {
    expect(answered[name.toLowerCase()], `${name} as served`).toBe(value);
    expect(generated, `${name} in _headers`).toContain(`  ${name}: ${value}\n`);
    expect(nginx, `${name} in the nginx example`).toContain(`add_header ${name} "${value}" always;`);
  }
  const page = await readFile(join(builtFolder, "index.html"), "utf8");
  const meta = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.replaceAll("&#39;", "'");
  expect(meta).toBe(contentSecurityPolicyForMeta);
});

test("files have their types, and a missing file is missing", async ({ builtFolder, site, request }) => {
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await readFile(join(builtFolder, "index.html"), "utf8"))?.[1];
  const serviceWorker = await readFile(join(builtFolder, "service-worker.js"), "utf8");
  const binary = /assets\/[^"]+\.wasm/.exec(serviceWorker)?.[0];
  const types = {
    "": "text/html",
    [script ?? "no script"]: "text/javascript",
    [binary ?? "no binary"]: "application/wasm",
    "manifest.webmanifest": "application/manifest+json",
    "icon.svg": "image/svg+xml",
  };
  for (const [path, type] of Object.entries(types)) {
    const answer = await request.get(site.url + path);
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()["content-type"], path).toContain(type);
  }
  expect((await request.get(`${site.url}assets/gone.js`)).status()).toBe(404);
});

test("the manifest's icons are what it says", async ({ site, request, page }) => {
  const manifest = (await (await request.get(`${site.url}manifest.webmanifest`)).json()) as {
    icons: { src: string; sizes: string; type: string; purpose?: string }[];
  };
  expect(manifest.icons.map((icon) => `${icon.sizes} ${icon.purpose ?? "any"}`)).toEqual(
    expect.arrayContaining(["192x192 any", "512x512 any", "512x512 maskable"]),
  );
  await page.goto(site.url);
  for (const { src, sizes } of manifest.icons.filter((icon) => icon.sizes !== "any")) {
    const size = await page.evaluate(async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    expect(size, src).toBe(sizes);
  }
});

for (const { where, options } of [
  { where: "a host without headers", options: { headers: {} } },
  { where: "a sub-path of a host without headers", options: { headers: {}, base: "/some/sub/path/" } },
]) {
  test(`${where}: the service worker isolates the page, and keeps it without a network`, async ({
    builtFolder,
    context,
    page,
  }) => {
    const site = await serveSite({ folder: builtFolder, ...options });
    const seen = watch(context, new URL(site.url).origin);
    await page.goto(site.url);
    await untilReady(page);
    expect(page.url().startsWith(site.url)).toBe(true);

    const answered = await page.evaluate(async () => {
      const response = await fetch("./index.html");
      return Object.fromEntries(response.headers.entries());
    });
    for (const [name, value] of Object.entries(headers)) expect(answered[name.toLowerCase()], name).toBe(value);

    await site.close();
    await page.reload();
    await expect(page.getByRole("navigation")).toBeVisible();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(seen.strangers).toEqual([]);
    expect(seen.errors).toEqual([]);
  });
}

test("a new version waits until it is asked for", async ({ builtFolder, page }) => {
  const folder = await mkdtemp(join(tmpdir(), "tamis-update-"));
  await cp(builtFolder, folder, { recursive: true });
  const site = await serveSite({ folder });
  try {
    await page.goto(site.url);
    await untilReady(page);
    await expect(page.getByRole("navigation")).toBeVisible();

    // The next version: another page, and so another list in the service worker.
    const index = await readFile(join(folder, "index.html"), "utf8");
    await writeFile(
      join(folder, "index.html"),
      index.replace("<head>", '<head><meta name="version" content="next" />'),
    );
    const worker = await readFile(join(folder, "service-worker.js"), "utf8");
    const next = worker.replace(/(revision"?:\s*")[0-9a-f]{32}("[^}]*index\.html")/, "$1next$2");
    expect(next).not.toBe(worker);
    await writeFile(join(folder, "service-worker.js"), next);

    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    const offer = page.getByRole("button", { name: /update|reload|new version/i });
    await expect(offer).toBeVisible();
    // It waits, even over a reload.
    await page.reload();
    expect(await page.locator('meta[name="version"]').count()).toBe(0);

    await expect(offer).toBeVisible();
    await offer.click();
    await expect(page.locator('meta[name="version"]')).toHaveCount(1);
    await expect(page.getByRole("navigation")).toBeVisible();
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
});
