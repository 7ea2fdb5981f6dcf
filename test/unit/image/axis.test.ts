import { expect } from "chai";
import fc from "fast-check";
import { axisTable } from "../../../src/domain/image/axis.ts";
import { resamplings } from "../../../src/domain/image/pixel-format.ts";

/** Row i of the table as one weight for each source pixel. */
function dense(from: number, to: number, resampling: (typeof resamplings)[number]): number[][] {
  const { taps, starts, weights } = axisTable(from, to, resampling);
  return Array.from({ length: to }, (_, i) => {
    const row = new Array<number>(from).fill(0);
    for (let tap = 0; tap < taps; tap++) row[starts[i]! + tap]! += weights[i * taps + tap]!;
    return row;
  });
}

describe("axis table", () => {
  it("has half-pixel centres and no antialiasing for bilinear", () => {
    expect(dense(4, 2, "bilinear")).to.deep.equal([
      [0.5, 0.5, 0, 0],
      [0, 0, 0.5, 0.5],
    ]);
    // Positions 0, 1.5, 3 … of 9 pixels: only a third of them is looked at.
    expect(dense(9, 3, "bilinear")).to.deep.equal([
      [0, 1, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 1, 0],
    ]);
    expect(dense(2, 4, "bilinear")).to.deep.equal([
      [1, 0],
      [0.75, 0.25],
      [0.25, 0.75],
      [0, 1],
    ]);
  });

  it("widens a triangle by the shrink factor for bilinear-antialias", () => {
    // Centre 2 of 4 pixels, half-width 4: distances 1.5, .5, .5, 1.5.
    expect(dense(4, 1, "bilinear-antialias")[0]).to.deep.equal([2.5, 3.5, 3.5, 2.5].map((weight) => weight / 12));
    expect(dense(3, 7, "bilinear-antialias")).to.deep.equal(dense(3, 7, "bilinear"));
  });

  it("takes pixels by their covered share for area", () => {
    const [first, second] = dense(3, 2, "area");
    expect(first![0]).to.be.closeTo(2 / 3, 1e-12);
    expect(first![1]).to.be.closeTo(1 / 3, 1e-12);
    expect(second![2]).to.be.closeTo(2 / 3, 1e-12);
    expect(dense(2, 4, "area")).to.deep.equal([
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
  });

  it("weighs to one, never negative, inside the source, and the same from both ends", () => {
    const length = fc.integer({ min: 1, max: 90 });
    fc.assert(
      fc.property(length, length, fc.constantFrom(...resamplings), (from, to, resampling) => {
        const { taps, starts, weights } = axisTable(from, to, resampling);
        expect(Math.min(...starts)).to.be.at.least(0);
        expect(Math.max(...starts) + taps).to.be.at.most(from);
        expect(Math.min(...weights)).to.be.at.least(0);
        const rows = dense(from, to, resampling);
        rows.forEach((row, i) => {
          expect(row.reduce((sum, weight) => sum + weight, 0)).to.be.closeTo(1, 1e-12);
          const mirrored = [...rows[to - 1 - i]!].reverse();
          row.forEach((weight, j) => expect(weight).to.be.closeTo(mirrored[j]!, 1e-9));
        });
      }),
    );
  });
});
