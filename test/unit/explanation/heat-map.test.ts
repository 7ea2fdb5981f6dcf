import { expect } from "chai";
import { rankCorrelation } from "../../../src/domain/explanation/agreement.ts";
import { type HeatMap, meanOfViews, PictureFrame, sampleGrid } from "../../../src/domain/explanation/heat-map.ts";
import { placeOfEvidence } from "../../../src/domain/explanation/place.ts";

const grid = { columns: 2, rows: 2, values: Float32Array.of(0, 1, 2, 3) };
const format = { width: 10, height: 10, resampling: "bilinear" } as const;

function rangeOf(values: readonly number[]): { readonly lowest: number; readonly highest: number } {
  const seen = values.filter((value) => !Number.isNaN(value));
  return { lowest: Math.min(...seen), highest: Math.max(...seen) };
}

function mapOf(columns: number, values: readonly number[]): HeatMap {
  const rows = values.length / columns;
  return {
    method: "occlusion",
    aspect: columns / rows,
    columns,
    rows,
    values: Float32Array.from(values),
    ...rangeOf(values),
  };
}

describe("a map over a picture", () => {
  it("is read between the centres of its cells, and goes no further at its edges", () => {
    expect(sampleGrid(grid, 0.5, 0.5)).to.equal(1.5);
    expect(sampleGrid(grid, 0.25, 0.25)).to.equal(0);
    expect(sampleGrid(grid, 0, 0)).to.equal(0);
    expect(sampleGrid(grid, 1, 1)).to.equal(3);
    expect(sampleGrid(grid, 0.5, 0.25)).to.equal(0.5);
  });

  it("has the picture's proportions, and its range", () => {
    const map = new PictureFrame({ width: 400, height: 100 }, { ...format, aspect: "stretch" }).heatMap(
      "grad-cam",
      (across, down) => across + 10 * down,
    );
    expect(map).to.include({ columns: 64, rows: 16, method: "grad-cam", aspect: 4 });
    expect(map.lowest).to.be.closeTo(0.5 / 64 + 10 / 32, 1e-6);
    expect(map.highest).to.be.closeTo(63.5 / 64 + (10 * 15.5) / 16, 1e-6);
    const narrow = new PictureFrame({ width: 3, height: 900 }, { ...format, aspect: "stretch" });
    expect(narrow.heatMap("grad-cam", () => 1)).to.include({ columns: 1, rows: 64 });
  });

  it("knows what a cut or a framed picture shows", () => {
    const cut = new PictureFrame({ width: 200, height: 100 }, { ...format, aspect: "crop" });
    const map = cut.heatMap("occlusion", (across) => across);
    expect([map.values[15], map.values[48]].every(Number.isNaN)).to.equal(true);
    expect(map.values[16]).to.be.closeTo(0.5 / 32, 1e-6);
    expect(map.values[47]).to.be.closeTo(31.5 / 32, 1e-6);
    const framed = new PictureFrame({ width: 200, height: 100 }, { ...format, aspect: "pad" });
    expect(framed.window).to.deep.equal({ left: 0, top: 2, width: 10, height: 5 });
    const whole = framed.heatMap("occlusion", (_, down) => down);
    expect(whole.values.some(Number.isNaN)).to.equal(false);
    expect(whole.values[0]).to.be.closeTo(0.5 / 32, 1e-6);
  });

  it("is the mean of its views, each where it looks", () => {
    const whole = { rectangle: { left: 0, top: 0, width: 10, height: 10 }, grid };
    const middle = { rectangle: { left: 4, top: 4, width: 2, height: 2 }, grid };
    expect(meanOfViews([whole, middle], 5, 5)).to.equal(1.5);
    expect(meanOfViews([whole, middle], 9, 9)).to.equal(1.5);
    expect(meanOfViews([whole], 9, 9)).to.equal(3);
  });
});

describe("the agreement of two maps", () => {
  it("is Spearman's, also with ties", () => {
    expect(rankCorrelation([1, 2, 3], [10, 20, 1000])).to.equal(1);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).to.equal(-1);
    // By hand: ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3.
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).to.be.closeTo(4.5 / Math.sqrt(4.5 * 5), 1e-12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).to.equal(null);
  });
});

describe("the place of the evidence", () => {
  it("is the ninth where most of it lies, of each side by itself", () => {
    const map = mapOf(3, [0, 0, 5, 0, 3, 0, -2, 0, 2]);
    expect(placeOfEvidence(map, "photo")).to.deep.equal({ row: "top", column: "right", share: 5 / 8 });
    expect(placeOfEvidence(map, "not-photo")).to.deep.equal({ row: "bottom", column: "left", share: 1 });
  });

  it("is spread where none stands out, and nowhere where nothing speaks; unseen cells do not count", () => {
    expect(placeOfEvidence(mapOf(3, Array<number>(9).fill(1)), "photo")).to.equal("spread");
    expect(placeOfEvidence(mapOf(3, Array<number>(9).fill(1)), "not-photo")).to.equal(null);
    // The other side has more than ten times as much.
    expect(placeOfEvidence(mapOf(3, [0, 0, 5, 0, 3, 0, -0.4, 0, 2]), "not-photo")).to.equal("hardly");
    const unseen = mapOf(3, [NaN, 0, NaN, NaN, 0, NaN, NaN, 1, NaN]);
    expect(placeOfEvidence(unseen, "photo")).to.include({ row: "bottom", column: "centre" });
  });
});
