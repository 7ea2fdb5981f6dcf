import { expect } from "chai";
import fc from "fast-check";
import { bandOf, doubtForShare, doubtOf, reviewCurve, reviewOutcome } from "../../../src/domain/metrics/review-band.ts";

const judged = { labels: [1, 1, 0, 0, 0], probabilities: [0.875, 0.25, 0.5625, 0.1875, 0.0625] };

describe("the review band", () => {
  it("holds the images of at least a doubt, and leaves the errors of the others", () => {
    expect(reviewOutcome(judged, 0.5, null)).to.deep.equal({ reviewed: 0, missed: 1, letThrough: 1 });
    const curve = reviewCurve(judged, 0.5);
    expect(curve.map(({ share }) => share)).to.deep.equal([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(curve.map(({ errorsLeft }) => errorsLeft)).to.deep.equal([0.4, 0.2, 0, 0, 0, 0]);
    const band = bandOf(0.5, doubtForShare(curve, 0.45))!;
    expect(band).to.deep.equal({ low: 0.21875, high: 0.78125 });
    expect(reviewOutcome(judged, 0.5, band)).to.deep.equal({ reviewed: 2, missed: 0, letThrough: 0 });
  });

  it("is none at full doubt, and everything at none", () => {
    expect(bandOf(0.3, 1)).to.equal(null);
    expect(bandOf(0.3, 0)).to.deep.equal({ low: 0, high: 1 });
    expect([doubtOf(0, 0), doubtOf(1, 1), doubtOf(0.3, 0.3)]).to.deep.equal([1, 0, 1]);
  });

  it("is the curve's own count at each of its points", () => {
    const images = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 1, max: 63 })), { minLength: 1 });
    fc.assert(
      fc.property(images, fc.integer({ min: 1, max: 63 }), (items, place) => {
        const labels = items.map(([label]) => label);
        // Powers of two: the edges of the band are exact.
        const probabilities = items.map(([, p]) => p / 64);
        for (const { doubt, share, errorsLeft } of reviewCurve({ labels, probabilities }, place / 64)) {
          const { missed, letThrough, reviewed } = reviewOutcome(
            { labels, probabilities },
            place / 64,
            bandOf(place / 64, doubt),
          );
          if (doubt === 1 && share === 0) continue;
          expect(reviewed / items.length).to.be.closeTo(share, 1e-12);
          expect((missed + letThrough) / items.length).to.be.closeTo(errorsLeft, 1e-12);
        }
      }),
    );
  });
});
