import { expect } from "chai";
import fc from "fast-check";
import { knownSourceOf } from "../../../src/domain/dataset/dataset.ts";
import { leakageOf } from "../../../src/domain/dataset/leakage.ts";
import { defaultSplit, isSameSplit, splitParts } from "../../../src/domain/dataset/split-types.ts";
import { type SplitImage, stratifiedSplit } from "../../../src/domain/dataset/stratified-split.ts";

function image(path: string): SplitImage {
  return { imageId: path, path, className: path.split("/")[0]! };
}

/** Images of up to four classes, some in groups within their class. */
const datasets = fc
  .array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 8, maxLength: 40 }), { minLength: 1, maxLength: 4 })
  .map((classes) => {
    const groups = classes.flatMap((sizes, c) =>
      sizes.map((size, g) => Array.from({ length: size }, (_, i) => `class${c}/${g}-${i}.jpg`)),
    );
    return { images: groups.flat().map(image), groups };
  });
const shares = fc.record({
  validationShare: fc.double({ min: 0.1, max: 0.4, noNaN: true }),
  testShare: fc.double({ min: 0.1, max: 0.4, noNaN: true }),
  seed: fc.nat(),
});

describe("the default split", () => {
  it("puts each image into exactly one part, groups whole, each class within one group of its shares", () => {
    fc.assert(
      fc.property(datasets, shares, ({ images, groups }, { validationShare, testShare, seed }) => {
        const plan = { ...defaultSplit, validationShare, testShare, seed };
        const split = stratifiedSplit(images, plan, groups)!;
        const all = splitParts.flatMap((part) => split[part]);
        expect([...all].sort()).to.deep.equal(images.map(({ imageId }) => imageId).sort());
        const partOf = new Map(splitParts.flatMap((part) => split[part].map((id) => [id, part] as const)));
        for (const group of groups) expect(new Set(group.map((id) => partOf.get(id))).size).to.equal(1);
        for (const className of new Set(images.map((one) => one.className))) {
          const ofClass = groups.filter(([first]) => first!.startsWith(`${className}/`));
          const largest = Math.max(...ofClass.map((group) => group.length));
          const count = ofClass.flat().length;
          const wanted = { training: 1 - validationShare - testShare, validation: validationShare, test: testShare };
          for (const part of splitParts) {
            const has = split[part].filter((id) => id.startsWith(`${className}/`)).length;
            expect(Math.abs(has - wanted[part] * count), `${className} ${part}`).to.be.at.most(largest);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("hangs on the seed, and not on the order of the images", () => {
    const images = Array.from({ length: 300 }, (_, i) => image(`${i % 3 ? "Photo" : "Text"}/${i}.jpg`));
    const split = stratifiedSplit(images, defaultSplit)!;
    expect(stratifiedSplit([...images].reverse(), defaultSplit)).to.deep.equal(split);
    const other = stratifiedSplit(images, { ...defaultSplit, seed: 7 })!;
    expect(isSameSplit(split, other)).to.equal(false);
    expect(isSameSplit(split, { ...split, seed: 1, test: [...split.test].reverse() })).to.equal(true);
    expect([split.training, split.validation, split.test].map((ids) => ids.length)).to.deep.equal([210, 45, 45]);
  });

  it("keeps the pages of a file together, and whole sources where that is asked for", () => {
    const pages = Array.from({ length: 60 }, (_, i) => ({
      ...image(`Photo/${Math.floor(i / 3)}.tif`),
      imageId: `Photo/${Math.floor(i / 3)}.tif#${i % 3}`,
    }));
    const paths = new Set(stratifiedSplit(pages, defaultSplit)!.test.map((id) => id.split("#")[0]));
    expect([...paths].flatMap((path) => pages.filter((page) => page.path === path))).to.have.length(9);
    const sources = Array.from({ length: 400 }, (_, i) => image(`${i % 2 ? "A" : "B"}/s${i % 20}__${i}.jpg`));
    const bySource = stratifiedSplit(sources, { ...defaultSplit, bySource: true })!;
    const seen = splitParts.map((part) => new Set(bySource[part].map(knownSourceOf)));
    expect(seen.reduce((sum, { size }) => sum + size, 0)).to.equal(20);
    expect(leakageOf(bySource, sources, null)).to.deep.equal({
      validation: { exact: null, near: null, source: 0 },
      test: { exact: null, near: null, source: 0 },
    });
  });

  it("says that there is nothing to split", () => {
    expect(stratifiedSplit([image("Photo/a.jpg")], defaultSplit)).to.equal(null);
    const oneSource = Array.from({ length: 50 }, (_, i) => image(`Photo/s__${i}.jpg`));
    expect(stratifiedSplit(oneSource, { ...defaultSplit, bySource: true })).to.equal(null);
    expect(() => stratifiedSplit(oneSource, { ...defaultSplit, validationShare: 0.9 })).to.throw(RangeError);
  });
});

describe("leakageOf", () => {
  it("counts held-out images with their like in a part before", () => {
    const images = ["a__1", "a__2", "b__3", "c__4", "b__5", "6", "7"].map((name) => image(`Photo/${name}.jpg`));
    const ids = images.map(({ imageId }) => imageId);
    const split = {
      ...stratifiedSplit(
        Array.from({ length: 30 }, (_, i) => image(`P/${i}`)),
        defaultSplit,
      )!,
      training: ids.slice(0, 3),
      validation: ids.slice(3, 5),
      test: ids.slice(5),
    };
    const known = { exact: [[ids[0]!, ids[3]!]], near: [[ids[0]!, ids[3]!], [ids[4]!, ids[6]!]] }; // prettier-ignore
    expect(leakageOf(split, images, known)).to.deep.equal({
      validation: { exact: 1, near: 1, source: 1 },
      test: { exact: 0, near: 1, source: 0 },
    });
  });
});
