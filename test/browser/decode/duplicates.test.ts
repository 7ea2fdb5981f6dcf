import { expect } from "chai";
import { copyKinds, plantedCopy } from "../../../src/app/headless/planted-copy.ts";
import type { DuplicateEvent } from "../../../src/contract/decode.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { getDuplicates } from "../../../src/storage/vetting.ts";
import { findDuplicates } from "../../../workers/decode/duplicates.ts";
import { importChunk } from "../../../workers/decode/import-chunk.ts";
import { pictureOf, someScene } from "../../unit/vetting/pictures.ts";

const pixels = { width: 8, height: 8, resampling: "bilinear", aspect: "stretch" } as const;
const never = new AbortController().signal;
const [width, height] = [240, 180];

/** A scene in flat tones, for edges that are worth comparing, stretched to 240 × 180 pixels. */
async function png(seed: number): Promise<Blob> {
  const side = 128;
  const grey = pictureOf(someScene(seed), side);
  const image = new ImageData(side, side);
  for (const [i, value] of grey.entries()) {
    const tone = 40 * Math.round(value / 40);
    image.data.set([tone, tone * 0.9, tone * 0.7, 255], 4 * i);
  }
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.drawImage(await createImageBitmap(image), 0, 0, width, height);
  return canvas.convertToBlob({ type: "image/png" });
}

async function importFiles(datasetId: string, named: Readonly<Record<string, Blob>>): Promise<void> {
  const files = Object.entries(named).map(([path, content]) => ({
    path,
    className: path.split("/")[0]!,
    file: new File([content], path.split("/")[1]!),
  }));
  const outcome = await importChunk({ datasetId, pixels, files }, () => undefined, never);
  if (!outcome.ok) throw new Error(outcome.message);
}

describe("search for duplicates", () => {
  it("groups copies of every kind, equal files, and nothing else", async () => {
    const datasetId = crypto.randomUUID();
    const random = new SeededRandom(1);
    const files: Record<string, Blob> = {};
    for (const [index, kind] of copyKinds.entries()) {
      const original = await png(20 + index);
      files[`Photo/${index}.png`] = original;
      files[`Photo/${index}-${kind}.jpg`] = (await plantedCopy(original, kind, random, "copy.jpg"))!;
    }
    files["Photo/alone.png"] = await png(40);
    files["Text/0-again.png"] = files["Photo/0.png"]!;
    await importFiles(datasetId, files);
    const events: DuplicateEvent[] = [];
    const found = await findDuplicates({ datasetId }, (event) => events.push(event), never);
    if (!found.ok) throw new Error(found.message);
    expect(found.value.exact).to.deep.equal([["Photo/0.png", "Text/0-again.png"]]);
    const groups = found.value.near.map((group) => [...group].sort());
    expect(groups.sort()).to.deep.equal([
      ["Photo/0-reencoded.jpg", "Photo/0.png", "Text/0-again.png"],
      ["Photo/1-rescaled.jpg", "Photo/1.png"],
      ["Photo/2-rotated.jpg", "Photo/2.png"],
      ["Photo/3-cropped-sides.jpg", "Photo/3.png"],
      ["Photo/4-cropped-area.jpg", "Photo/4.png"],
    ]);
    // What is alike holds at least what is the same.
    expect(found.value.alike!.flat()).to.include.members(groups.flat());
    expect(events.at(-1)).to.deep.equal({ done: 11, total: 11 });
    expect(await getDuplicates(datasetId)).to.deep.include({ images: 12, ...found.value });
  });

  it("stores nothing where it was cancelled", async () => {
    const datasetId = crypto.randomUUID();
    await importFiles(datasetId, { "Photo/a.png": await png(1), "Photo/b.png": await png(2) });
    const found = await findDuplicates({ datasetId }, () => undefined, AbortSignal.abort());
    expect(found).to.deep.include({ ok: false, code: "cancelled" });
    expect(await getDuplicates(datasetId)).to.equal(undefined);
  });
});
