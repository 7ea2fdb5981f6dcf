import { expect } from "chai";
import fc from "fast-check";
import { aspects, pixelFormatKey, pixelFormatOf, resamplings } from "../../../src/domain/image/pixel-format.ts";

describe("pixel format", () => {
  it("is told from its name again", () => {
    const side = fc.integer({ min: 1, max: 4096 });
    const format = fc.record({
      width: side,
      height: side,
      resampling: fc.constantFrom(...resamplings),
      aspect: fc.constantFrom(...aspects),
    });
    fc.assert(
      fc.property(format, (any) => {
        expect(pixelFormatOf(pixelFormatKey(any))).to.deep.equal(any);
      }),
    );
  });

  it("is no other text", () => {
    for (const text of ["", "180x180", "180x180-cubic-stretch", "180x180-area-fit", "x-area-stretch"]) {
      expect(pixelFormatOf(text), text).to.equal(null);
    }
  });
});
