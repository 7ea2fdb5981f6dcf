import { expect } from "chai";
import { sourceOf } from "../../../src/domain/dataset/dataset.ts";
import { sourceFolds } from "../../../src/domain/dataset/source-folds.ts";

function images(className: string, source: string, count: number) {
  return Array.from({ length: count }, (_, i) => {
    const path = `${className}/${source}__${i}.jpg`;
    return { imageId: path, path, className };
  });
}

const dataset = [
  ...images("Photo", "a", 30),
  ...images("Photo", "b", 20),
  ...images("Photo", "c", 10),
  ...images("Text", "d", 7),
  ...images("Text", "e", 40),
];

describe("sourceFolds", () => {
  it("deals every image to exactly one fold", () => {
    const folds = sourceFolds(dataset, 3);
    expect(folds.flat().sort()).to.deep.equal(dataset.map((image) => image.imageId).sort());
  });

  it("keeps a class's source whole", () => {
    const folds = sourceFolds(dataset, 2);
    const home = new Map<string, number>();
    for (const [fold, ids] of folds.entries()) {
      for (const id of ids) {
        const source = sourceOf(id);
        expect(home.get(source) ?? fold).to.equal(fold);
        home.set(source, fold);
      }
    }
  });

  it("balances each class, and does not hang on the order of the images", () => {
    const folds = sourceFolds(dataset, 2);
    const photos = folds.map((ids) => ids.filter((id) => id.startsWith("Photo")).length);
    expect(photos.sort()).to.deep.equal([30, 30]);
    expect(sourceFolds([...dataset].reverse(), 2).map((ids) => ids.sort())).to.deep.equal(
      folds.map((ids) => ids.sort()),
    );
  });
});
