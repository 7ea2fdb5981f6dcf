import { expect } from "chai";
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import type { Split } from "../../../src/domain/dataset/split-types.ts";
import {
  type CatalogueFilter,
  type CatalogueOrder,
  catalogueOf,
  noFilter,
  selectImages,
} from "../../../src/domain/look/catalogue.ts";
import { withChoices } from "../../../src/domain/vetting/choices.ts";

function image(imageId: string, change: Partial<DatasetImage> = {}): DatasetImage {
  return {
    datasetId: "d",
    imageId,
    path: imageId,
    page: 0,
    className: imageId.split("/")[0]!,
    width: 100,
    height: 100,
    byteLength: 1000,
    lastModified: 0,
    mediaType: "image/jpeg",
    ...change,
  };
}

const images = [
  image("Photo/Château 1.jpg", { width: 400 }),
  image("Photo/b.jpg", { height: 20 }),
  image("Text/a.jpg", { width: 200 }),
  image("Text/b.jpg"),
  image("Text/c.jpg"),
];

const split: Split = {
  kind: "given",
  validationShare: 0.2,
  testShare: 0.2,
  bySource: false,
  seed: 1,
  training: ["Photo/b.jpg", "Text/c.jpg"],
  validation: ["Text/a.jpg", "Text/b.jpg"],
  test: ["Photo/Château 1.jpg"],
};

const catalogue = catalogueOf({
  images: withChoices(images, [
    { imageId: "Text/b.jpg", className: null, verdict: "left-out" },
    { imageId: "Text/c.jpg", className: "Photo", verdict: null },
  ]),
  positiveClass: "Photo",
  duplicates: { exact: [], near: [["Photo/b.jpg", "Text/a.jpg"]] },
  colourfulness: new Map([
    ["Photo/b.jpg", 10],
    ["Text/a.jpg", 40],
    ["Text/b.jpg", 20],
  ]),
  split,
});

function ids(filter: Partial<CatalogueFilter>, order: CatalogueOrder = "name"): string[] {
  return selectImages(catalogue, { ...noFilter, ...filter }, order).map((one) => one.image.imageId);
}

describe("catalogue", () => {
  it("knows of each image its side, its part and what is wrong with it", () => {
    const told = catalogue.map(({ isPositive, part, findings }) => [isPositive, part, ...findings]);
    expect(told).to.deep.equal([
      [true, "test"],
      [true, "training", "label-conflict", "too-small"],
      [false, "validation", "label-conflict"],
      // Left out: in no part.
      [false, null],
      [true, "training"],
    ]);
  });

  it("finds by words of the path in any order, without case and accents", () => {
    expect(ids({ text: "CHATEAU photo" })).to.deep.equal(["Photo/Château 1.jpg"]);
    expect(ids({ text: "château" })).to.deep.equal(["Photo/Château 1.jpg"]);
    expect(ids({ text: "b.jpg" })).to.deep.equal(["Photo/b.jpg", "Text/b.jpg"]);
    expect(ids({ text: "  " })).to.have.length(5);
    expect(ids({ text: "nowhere" })).to.deep.equal([]);
  });

  it("finds a moved image by its folder and by its class", () => {
    expect(ids({ text: "photo c.jpg" })).to.deep.equal(["Text/c.jpg"]);
    expect(ids({ text: "text c.jpg" })).to.deep.equal(["Text/c.jpg"]);
  });

  it("filters by the class that an image is trained as, side, part, findings and state", () => {
    expect(ids({ className: "Photo" })).to.deep.equal(["Photo/Château 1.jpg", "Photo/b.jpg", "Text/c.jpg"]);
    expect(ids({ isPositive: false })).to.deep.equal(["Text/a.jpg", "Text/b.jpg"]);
    expect(ids({ part: "training" })).to.deep.equal(["Photo/b.jpg", "Text/c.jpg"]);
    expect(ids({ finding: "any" })).to.deep.equal(["Photo/b.jpg", "Text/a.jpg"]);
    expect(ids({ finding: "too-small" })).to.deep.equal(["Photo/b.jpg"]);
    expect(ids({ state: "left-out" })).to.deep.equal(["Text/b.jpg"]);
    expect(ids({ state: "moved" })).to.deep.equal(["Text/c.jpg"]);
    expect(ids({ state: "used", isPositive: false })).to.deep.equal(["Text/a.jpg"]);
  });

  it("sorts by pixels and by colourfulness, what is not known last either way", () => {
    expect(ids({}, "largest").slice(0, 2)).to.deep.equal(["Photo/Château 1.jpg", "Text/a.jpg"]);
    expect(ids({}, "smallest")[0]).to.equal("Photo/b.jpg");
    const unknown = ["Photo/Château 1.jpg", "Text/c.jpg"];
    expect(ids({}, "most-colourful")).to.deep.equal(["Text/a.jpg", "Text/b.jpg", "Photo/b.jpg", ...unknown]);
    expect(ids({}, "least-colourful")).to.deep.equal(["Photo/b.jpg", "Text/b.jpg", "Text/a.jpg", ...unknown]);
  });
});
