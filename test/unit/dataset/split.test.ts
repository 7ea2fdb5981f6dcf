import { expect } from "chai";
import fc from "fast-check";
import { drawLikeKeras, kerasSplit } from "../../../src/domain/dataset/split.ts";

/** As many images as asked for, spread over two classes. */
function imagesNamed(count: number, ending: string): { imageId: string; path: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const path = `${i % 2 ? "Photo" : "Text"}/${String(i).padStart(4, "0")}${ending}`;
    return { imageId: path, path };
  });
}

describe("Keras' split", () => {
  it("draws what Keras draws", () => {
    // keras.utils.image_dataset_from_directory on five such files, seed 42, split 0.2.
    const drawn = drawLikeKeras(["a", "b", "c", "d", "e"], 0.2, 42);
    expect(drawn).to.deep.equal({ training: ["b", "e", "c", "a"], validation: ["d"] });
  });

  it("cuts in double precision: 0.29 of 100 is 28", () => {
    expect(kerasSplit(imagesNamed(100, ".jpg"), 0.29, 42)?.validation).to.have.length(28);
  });

  it("refuses where Keras would validate on everything", () => {
    expect(drawLikeKeras(["a", "b"], 0.1, 1).training).to.equal(null);
    expect(kerasSplit(imagesNamed(9, ".png"), 0.1, 42)).to.equal(null);
    expect(kerasSplit([], 0.2, 42)).to.equal(null);
  });

  it("refuses a share that leaves nothing", () => {
    for (const share of [0, 1, -0.1, Number.NaN]) {
      expect(() => kerasSplit(imagesNamed(10, ".jpg"), share, 1)).to.throw(RangeError);
    }
  });

  it("puts each image on exactly one side, whatever the order they come in", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (count, share, seed) => {
          const images = imagesNamed(count, ".jpg");
          const split = kerasSplit(images, share, seed);
          expect(kerasSplit([...images].reverse(), share, seed)).to.deep.equal(split);
          const held = Math.trunc(share * count);
          if (held === 0) {
            expect(split).to.equal(null);
            return;
          }
          expect(split?.validation).to.have.length(held);
          const all = [...(split?.training ?? []), ...(split?.validation ?? [])];
          expect(all.sort()).to.deep.equal(images.map((image) => image.imageId).sort());
        },
      ),
    );
  });

  it("gives Keras' files Keras' sides, whatever else there is", () => {
    const plain = imagesNamed(50, ".jpg");
    const alone = kerasSplit(plain, 0.2, 42)!;
    const mixed = kerasSplit([...imagesNamed(25, ".webp"), ...plain], 0.2, 42)!;
    expect(mixed.validation.filter((id) => id.endsWith(".jpg"))).to.deep.equal(alone.validation);
    expect(mixed.training.filter((id) => id.endsWith(".jpg"))).to.deep.equal(alone.training);
    expect(mixed.validation.filter((id) => id.endsWith(".webp"))).to.have.length(5);
  });

  it("keeps the pages of a file on one side", () => {
    const pages = Array.from({ length: 12 }, (_, i) => `Text/${i}.tiff`).flatMap((path) =>
      [path, `${path}#2`, `${path}#3`].map((imageId) => ({ imageId, path })),
    );
    const split = kerasSplit(pages, 0.25, 5)!;
    expect(split.validation).to.have.length(9);
    const held = new Set(split.validation.map((id) => id.split("#")[0]));
    expect(split.training.filter((id) => held.has(id.split("#")[0]))).to.deep.equal([]);
  });
});
