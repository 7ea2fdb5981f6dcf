import { expect } from "chai";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { align, blockCorrelations, correlationAt, placementOf } from "../../../src/domain/vetting/align.ts";
import {
  describe as describeSpectrum,
  descriptorLength,
  likeness,
  oriented,
  orientations,
  spectrumOf,
} from "../../../src/domain/vetting/descriptor.ts";
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
      const likes = orientations.map((way) => likeness(first, spectrumOf(turned, 0), way));
      const best = likes.indexOf(Math.max(...likes));
      expect(likes[best]).to.be.above(0.9999);
      const back = oriented(Float32Array.from(turned), fingerprintSide, best);
      expect([...back]).to.deep.equal([...grey]);
    }
  });

  it("hardly change with brightness and contrast", () => {
    const paler = grey.map((value) => 60 + value * 0.7);
    expect(Math.hypot(...descriptor(paler).map((value, i) => value - descriptor(grey)[i]!))).to.be.below(0.05);
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
    expect(correlations.filter((value) => value < 0.99).length).to.be.within(1, 4);
    expect(correlations.at(-1)).to.be.closeTo(1, 1e-4);
    for (let i = 0; i < side; i++) changed[i] = 255 - changed[i]!;
    const inner = blockCorrelations(a, changed, side, same, 4);
    expect(inner.filter((value) => value < 0.99).length).to.be.within(1, 4);
  });
});

describe("near-duplicates", () => {
  /** Compares the copies that the search proposes of two pictures; null where it proposes none. */
  function judged(
    a: Scene,
    b: Scene,
    window = { left: 0, top: 0, right: 1, bottom: 1 },
    orientation = 0,
  ): Likeness | null {
    const picture = (side: number) => oriented(pictureOf(b, side, window), side, orientation);
    const search = new CandidateSearch([bytes(pictureOf(a, fingerprintSide)), bytes(picture(fingerprintSide))]);
    const [candidate] = search.candidatesOf(0);
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
