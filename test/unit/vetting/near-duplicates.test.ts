import { expect } from "chai";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { align, blockCorrelations, correlationAt, insets, placementOf } from "../../../src/domain/vetting/align.ts";
import {
  bestOrientation,
  describe as describeSpectrum,
  descriptorLength,
  oriented,
  orientations,
  spectrumOf,
  type Window,
} from "../../../src/domain/vetting/descriptor.ts";
import { equalPictures } from "../../../src/domain/vetting/equal-pictures.ts";
import { fingerprintSide, squashed } from "../../../src/domain/vetting/fingerprint.ts";
import {
  CandidateSearch,
  compareFinely,
  finePicture,
  fineSide,
  type Likeness,
} from "../../../src/domain/vetting/near-duplicates.ts";
import { NeighbourTree } from "../../../src/domain/vetting/neighbour-tree.ts";
import { pictureOf, type Scene, someScene } from "./pictures.ts";

const trimmed = { left: 0.05, top: 0.05, right: 0.95, bottom: 0.95 };

function bytes(picture: Float32Array): Uint8Array {
  return Uint8Array.from(picture, Math.round);
}

describe("fingerprints", () => {
  it("squash by the mean of the area under each pixel", () => {
    expect([...squashed(Float32Array.from([10, 20, 30, 40, 50, 60]), 3, 2, 2)]).to.deep.equal(
      [28, 42, 28, 42].map((value, i) => (i < 2 ? value - 15 : value + 15)),
    );
    expect([...squashed(new Float32Array(7 * 5).fill(77), 7, 5, 32)]).to.deep.equal(Array<number>(1024).fill(77));
  });
});

describe("descriptors", () => {
  const grey = bytes(pictureOf(someScene(1), fingerprintSide));
  const descriptor = (of: Uint8Array) => {
    const target = new Float32Array(descriptorLength);
    describeSpectrum(spectrumOf(of, 0), target, 0);
    return target;
  };

  it("are the same in all eight orientations, and the spectra tell which one it is", () => {
    const first = spectrumOf(grey, 0);
    for (const orientation of orientations) {
      const turned = bytes(oriented(Float32Array.from(grey), fingerprintSide, orientation));
      const distance = Math.hypot(...descriptor(turned).map((value, i) => value - descriptor(grey)[i]!));
      expect(distance).to.be.below(1e-4);
      // Turned back it agrees; and in no other way as well.
      const best = bestOrientation(first, spectrumOf(turned, 0));
      expect(best.likeness).to.be.above(0.9999);
      const back = oriented(Float32Array.from(turned), fingerprintSide, best.orientation);
      expect([...back]).to.deep.equal([...grey]);
    }
  });

  it("hardly change with brightness and contrast", () => {
    const paler = grey.map((value) => 60 + value * 0.7);
    expect(Math.hypot(...descriptor(paler).map((value, i) => value - descriptor(grey)[i]!))).to.be.below(0.05);
  });
});

describe("equal pictures", () => {
  it("are grouped byte for byte, empty pages left out", () => {
    const [a, b] = [bytes(pictureOf(someScene(1), fingerprintSide)), bytes(pictureOf(someScene(2), fingerprintSide))];
    const almost = Uint8Array.from(a);
    almost[500]! += 1;
    const white = new Uint8Array(fingerprintSide ** 2).fill(255);
    const found = equalPictures([a, b, Uint8Array.from(a), almost, white, white, Uint8Array.from(b), a]);
    expect(found).to.deep.equal([
      [0, 2, 7],
      [1, 6],
    ]);
  });
});

describe("neighbour tree", () => {
  it("finds exactly what lies within the radius", () => {
    const random = new SeededRandom(3);
    const length = 5;
    const points = Float32Array.from({ length: 700 * length }, () => random.uniform());
    const tree = new NeighbourTree(points, length);
    for (let query = 0; query < 20; query++) {
      const at = Float32Array.from({ length }, () => random.uniform());
      const found: number[] = [];
      tree.within(at, 0.4, (index) => found.push(index));
      const expected = Array.from({ length: 700 }, (_, i) => i).filter(
        (i) => Math.hypot(...at.map((value, axis) => value - points[i * length + axis]!)) < 0.4,
      );
      expect(found.sort((a, b) => a - b)).to.deep.equal(expected);
    }
  });

  it("holds no, one and many equal points", () => {
    for (const count of [0, 1, 100]) {
      let found = 0;
      new NeighbourTree(new Float32Array(count * 3), 3).within(new Float32Array(3), 0.1, () => (found += 1));
      expect(found).to.equal(count);
    }
  });
});

describe("alignment", () => {
  const side = 64;
  const scene = someScene(7);
  const a = pictureOf(scene, side);

  it("finds where a trimmed and paler copy lies", () => {
    const window = { left: 0.03, top: 0.05, right: 0.98, bottom: 0.97 };
    const b = pictureOf(scene, side, window).map((value) => 40 + 0.7 * value);
    const { placement, correlation } = align(a, b, side, placementOf({ left: 0, top: 0, right: 1, bottom: 1 }), 12, 0);
    const wanted = placementOf(window);
    for (const key of ["scaleX", "scaleY", "shiftX", "shiftY"] as const) {
      expect(placement[key]).to.be.closeTo(wanted[key], 0.004);
    }
    expect(correlation).to.be.above(0.995);
    expect(correlationAt(a, b, side, wanted)).to.be.above(0.99);
  });

  it("tells how far one lies within the other", () => {
    const expected = [0.03, 0.02, 0.05, 0.03];
    for (const [i, inset] of insets(placementOf({ left: 0.03, top: 0.05, right: 0.98, bottom: 0.97 })).entries()) {
      expect(inset).to.be.closeTo(expected[i]!, 1e-12);
    }
  });

  it("does not bring different scenes together", () => {
    const other = pictureOf(someScene(8), side);
    expect(align(a, other, side, placementOf(trimmed), 12, 0).correlation).to.be.below(0.6);
  });

  it("tells the blocks that disagree, and leaves the borders out", () => {
    const changed = Float32Array.from(a);
    const other = pictureOf(someScene(8), side);
    for (let y = 16; y < 32; y++) for (let x = 16; x < 32; x++) changed[y * side + x] = other[y * side + x]!;
    const same = { scaleX: 1, scaleY: 1, shiftX: 0, shiftY: 0 };
    const correlations = blockCorrelations(a, changed, side, same, 0);
    // Blocks of 4 pixels, every 2: 9 × 9 of them show something of the 16 × 16 pixels that changed.
    const disagreeing = correlations.filter((value) => value < 0.99).length;
    expect(disagreeing).to.be.within(5, 81);
    expect(correlations[0]).to.be.below(0.5);
    expect(correlations.at(-1)).to.be.closeTo(1, 1e-4);
    for (let i = 0; i < side; i++) changed[i] = 255 - changed[i]!;
    const inner = blockCorrelations(a, changed, side, same, 4);
    expect(inner.filter((value) => value < 0.99).length).to.be.within(5, disagreeing);
  });
});

describe("near-duplicates", () => {
  /** Compares the copies that the search proposes of two pictures, the first of 400 × 400 pixels; null where it proposes none. */
  function judged(
    a: Scene,
    b: Scene,
    window: Window = { left: 0, top: 0, right: 1, bottom: 1 },
    orientation = 0,
    { width, height } = { width: 400 * (window.right - window.left), height: 400 * (window.bottom - window.top) },
  ): Likeness | null {
    const picture = (side: number) => oriented(pictureOf(b, side, window), side, orientation);
    const isTurned = (orientation & 4) !== 0;
    const search = new CandidateSearch([
      { grey: bytes(pictureOf(a, fingerprintSide)), width: 400, height: 400 },
      {
        grey: bytes(picture(fingerprintSide)),
        width: isTurned ? height : width,
        height: isTurned ? width : height,
      },
    ]);
    const [candidate] = search.candidatesOf(0, () => false);
    if (!candidate) return null;
    return compareFinely(finePicture(bytes(pictureOf(a, fineSide))), finePicture(bytes(picture(fineSide))), candidate);
  }

  it("are found turned, mirrored and trimmed", () => {
    const scene = someScene(11);
    for (const orientation of [0, 1, 5, 6]) expect(judged(scene, scene, undefined, orientation)).to.equal("same");
    expect(judged(scene, scene, trimmed)).to.equal("same");
    expect(judged(scene, scene, { left: 0.02, top: 0, right: 1, bottom: 0.98 }, 5)).to.equal("same");
  });

  it("are not two scenes", () => {
    expect(judged(someScene(11), someScene(12))).to.be.oneOf([null, "different"]);
  });

  it("are not looked for among those that are known", () => {
    const image = { grey: bytes(pictureOf(someScene(11), fingerprintSide)), width: 400, height: 400 };
    const search = new CandidateSearch([image, image, image]);
    expect(search.candidatesOf(0, (second) => second === 2).map(({ second }) => second)).to.deep.equal([1]);
  });

  it("are neither stretched nor shifted", () => {
    const scene = someScene(11);
    const whole = { left: 0, top: 0, right: 1, bottom: 1 };
    expect(judged(scene, scene, whole, 0, { width: 403, height: 400 })).to.equal("same");
    expect(judged(scene, scene, whole, 0, { width: 420, height: 400 })).to.be.oneOf([null, "different"]);
    const shifted: Window = { left: 0.04, top: 0, right: 1.04, bottom: 1 };
    expect(judged(scene, scene, shifted)).to.be.oneOf([null, "different"]);
  });

  it("are not two charts with another label, which only may be the same", () => {
    const chart =
      (label: number): Scene =>
      (x, y) => {
        if (x > 0.7 && x < 0.9 && y > 0.1 && y < 0.18) return Math.floor(x * label) % 2 === 0 ? 30 : 250;
        if (y < 0.9 && y > 1 - (0.3 + 0.5 * Math.sin(9 * Math.floor(x * 8)) ** 2) && (x * 8) % 1 > 0.3) return 110;
        return Math.floor(y * 64) % 8 === 0 ? 200 : 255;
      };
    expect(judged(chart(40), chart(40))).to.equal("same");
    expect(judged(chart(40), chart(53))).to.equal("alike");
  });

  it("are not one form with other entries", () => {
    const form = (entries: number, paper = 245): Scene => {
      const random = new SeededRandom(entries);
      const strokes = Array.from({ length: 14 }, () => Array.from({ length: 60 }, () => random.chance(0.45)));
      return (x, y) => {
        const row = Math.floor(y * 14);
        const within = y * 14 - row;
        // A line below each row, a printed bar at its left, and what was written on it.
        if (within > 0.88) return 40;
        if (x < 0.12) return row % 3 === 0 ? 90 : paper;
        return within > 0.3 && within < 0.75 && strokes[row]![Math.floor(x * 60)]! ? 50 : paper;
      };
    };
    expect(judged(form(1), form(1, 225))).to.equal("same");
    expect(judged(form(1), form(2))).to.be.oneOf([null, "different"]);
  });
});
