/** `<tamis-classify>` in a page that is not Tamis: the example of the build. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect, test } from "./support/app.ts";
import { picture } from "./support/images.ts";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

test("another page classifies with a model of its own, and is told the verdicts", async ({ page, site, watched }) => {
  await page.goto(new URL("embed/index.html", site.url).href);
  const log = page.getByLabel("Events of the element");
  await expect(log).toContainText("ready: Tamis starter, photo = Photo");

  const given = [
    { name: "scan.png", mimeType: "image/png", buffer: picture("Photo", 7) },
    { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("not a picture") },
  ];
  await page.getByLabel("Choose images").setInputFiles(given);
  await expect(log).toContainText("failure: broken.png: bad-input: not-an-image");
  await expect(log).toContainText(/verdict: scan\.png, page 1: (photo|not-photo|to-review) \(0\.\d+\)/);
  const results = page.getByRole("listitem");
  await expect(results).toHaveCount(2);
  await expect(results.first()).toContainText("broken.png cannot be classified.");
  await expect(results.last()).toContainText(/scan\.png\s+.*%/);

  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<AxeResults> } };
    return (await axe.run()).violations.map(({ id, help }) => `${id}: ${help}`);
  });
  expect(violations).toEqual([]);

  const said = await page.evaluate(
    async ([module, model, bytes]) => {
      const { TamisClassifier } = (await import(module)) as typeof import("../../src/embed/index.ts");
      const classifier = new TamisClassifier();
      const early = await classifier.classify(new Blob([]));
      const missing = await classifier.open("nowhere.zip");
      const opened = await classifier.open(model);
      const outcome = await classifier.classify(new Blob([Uint8Array.from(bytes)]));
      classifier.close();
      // Closed, it starts again with the model that it had.
      const again = await classifier.classify(new Blob([Uint8Array.from(bytes)]));
      classifier.close();
      return { early, missing, opened, outcome, again };
    },
    [
      new URL("embed/tamis-classify.js", site.url).href,
      new URL("starter/tamis-starter.zip", site.url).href,
      [...picture("Photo", 7)],
    ] as const,
  );
  expect(said.early).toMatchObject({ ok: false, code: "not-found" });
  expect(said.missing).toMatchObject({ ok: false, code: "not-found" });
  expect(said.opened).toMatchObject({ ok: true, value: { name: "Tamis starter", positive: "Photo" } });
  expect(said.outcome).toMatchObject({ ok: true, value: [{ page: 0 }] });
  expect(said.again).toEqual(said.outcome);
  const shown = /\((0\.\d+)\)/.exec((await log.textContent()) ?? "")?.[1];
  expect(said.outcome.ok && said.outcome.value[0]?.probability.toFixed(3)).toBe(shown);

  await page.setContent("<p>Gone</p>");
  // The address that is not there is a mistake of the test's own.
  const isExpected = (error: string): boolean => error.includes("404") && error.includes("nowhere.zip");
  expect(watched.errors.filter((error) => !isExpected(error))).toEqual([]);
  watched.errors.length = 0;
});
