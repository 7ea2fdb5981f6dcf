import { expect } from "chai";
import fc from "fast-check";
import { frameOf } from "../../../src/domain/image/frame.ts";
import { aspects } from "../../../src/domain/image/pixel-format.ts";

const square = (side: number) => ({ width: side, height: side });

describe("frame", () => {
  it("stretches everything over everything", () => {
    expect(frameOf({ width: 7, height: 3 }, square(5), "stretch")).to.deep.equal({
      source: { left: 0, top: 0, width: 7, height: 3 },
      target: { left: 0, top: 0, width: 5, height: 5 },
    });
  });

  it("crops the largest central window", () => {
    expect(frameOf({ width: 101, height: 60 }, square(32), "crop").source).to.deep.equal({
      left: 20,
      top: 0,
      width: 60,
      height: 60,
    });
    expect(frameOf({ width: 60, height: 101 }, { width: 64, height: 32 }, "crop").source).to.deep.equal({
      left: 0,
      top: 35,
      width: 60,
      height: 30,
    });
  });

  it("pads in float32, which leaves 52 of the widths 1 to 1000 one pixel short of 180, and none of 64", () => {
    const short = (side: number) =>
      Array.from({ length: 1000 }, (_, i) => i + 1).filter(
        (width) => frameOf({ width, height: 1 }, square(side), "pad").target.width < side,
      ).length;
    expect(short(180)).to.equal(52);
    expect(short(64)).to.equal(0);
  });

  it("pads to the middle", () => {
    expect(frameOf({ width: 100, height: 50 }, square(64), "pad").target).to.deep.equal({
      left: 0,
      top: 16,
      width: 64,
      height: 32,
    });
  });

  it("stays inside and never empty, for the oddest shapes", () => {
    const length = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 20_000));
    const size = fc.record({ width: length, height: length });
    const small = fc.integer({ min: 1, max: 256 });
    fc.assert(
      fc.property(size, fc.record({ width: small, height: small }), fc.constantFrom(...aspects), (from, to, aspect) => {
        const { source, target } = frameOf(from, to, aspect);
        for (const [window, whole] of [[source, from] as const, [target, to] as const]) {
          expect(window.left).to.be.at.least(0);
          expect(window.top).to.be.at.least(0);
          expect(window.width).to.be.at.least(1);
          expect(window.height).to.be.at.least(1);
          expect(window.left + window.width).to.be.at.most(whole.width);
          expect(window.top + window.height).to.be.at.most(whole.height);
        }
      }),
    );
  });
});
