import { expect } from "chai";
import { millisecondsPerImage } from "../../../src/domain/metrics/image-time.ts";

describe("time of an image", () => {
  it("is the median of the batches after the first, whatever their sizes", () => {
    const batches = [
      { images: 32, milliseconds: 3200 },
      { images: 32, milliseconds: 64 },
      { images: 32, milliseconds: 960 },
      { images: 4, milliseconds: 12 },
    ];
    expect(millisecondsPerImage(batches)).to.equal(3);
  });

  it("is not known of a first batch alone", () => {
    expect(millisecondsPerImage([{ images: 32, milliseconds: 64 }])).to.equal(null);
    expect(millisecondsPerImage([])).to.equal(null);
  });
});
