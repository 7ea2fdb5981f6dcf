import { expect } from "chai";
import fc from "fast-check";
import {
  flipTransform,
  rotationTransform,
  transformPicture,
  zoomTransform,
} from "../../../src/domain/augment/affine.ts";
import { drawKerasAugmentation, KerasAugmenter } from "../../../src/domain/augment/keras-augment.ts";
import type { KerasAugmentation } from "../../../src/domain/experiment/experiment.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

const still: KerasAugmentation = {
  kind: "keras",
  horizontalFlip: false,
  verticalFlip: false,
  rotation: 0,
  zoom: 0,
  fill: "nearest",
  brightness: 0,
  contrast: 0,
  jpegProbability: 0,
  blurProbability: 0,
  paperTintProbability: 0,
  shadowProbability: 0,
  appliesTo: "all",
};
const notebook: KerasAugmentation = { ...still, horizontalFlip: true, verticalFlip: true, rotation: 0.1, zoom: 0.1 };

function pictureOf(width: number, height: number): Float32Array {
  const random = new SeededRandom(9);
  return Float32Array.from({ length: width * height * 3 }, () => random.uniform(0, 255));
}

describe("Keras' augmentation", () => {
  it("leaves a picture alone where nothing is asked for", () => {
    const picture = pictureOf(13, 13);
    const same = picture.slice();
    new KerasAugmenter().apply(same, 0, 13, drawKerasAugmentation(still, new SeededRandom(1)), "nearest");
    expect(same).to.deep.equal(picture);
  });

  it("flips back what it flipped, at any size", () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, fc.boolean(), fc.boolean(), (width, height, horizontal, vertical) => {
        const picture = pictureOf(width, height);
        const flip = flipTransform(horizontal, vertical, width, height);
        const [once, twice] = [new Float32Array(picture.length), new Float32Array(picture.length)];
        transformPicture(picture, 0, once, 0, width, height, flip, "nearest");
        transformPicture(once, 0, twice, 0, width, height, flip, "nearest");
        expect(twice).to.deep.equal(picture);
      }),
    );
  });

  it("keeps an even picture even, whatever the transform, where nothing from outside counts as black", () => {
    const fill = fc.constantFrom("nearest" as const, "reflect" as const);
    const numbers = [
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: 0.5, max: 1.5, noNaN: true }),
    ] as const;
    fc.assert(
      fc.property(...numbers, fill, (degrees, zoom, how) => {
        const even = new Float32Array(7 * 5 * 3).fill(100);
        for (const transform of [rotationTransform(degrees, 7, 5), zoomTransform(zoom, zoom, 7, 5)]) {
          const to = new Float32Array(even.length);
          transformPicture(even, 0, to, 0, 7, 5, transform, how);
          for (const value of to) expect(value).to.be.closeTo(100, 1e-4);
        }
      }),
    );
  });

  it("turns counter-clockwise by a positive angle", () => {
    const picture = new Float32Array(3 * 3 * 3);
    // The middle of the right side.
    picture.fill(255, 15, 18);
    const turned = new Float32Array(picture.length);
    transformPicture(picture, 0, turned, 0, 3, 3, rotationTransform(90, 3, 3), "constant");
    expect(turned[3]).to.be.closeTo(255, 1e-3);
  });

  it("draws within its ranges, and the same from the same seed", () => {
    const random = new SeededRandom(4);
    for (let i = 0; i < 200; i++) {
      const draw = drawKerasAugmentation(notebook, random);
      expect(Math.abs(draw.degrees)).to.be.at.most(36);
      expect(Math.abs(draw.zoom - 1)).to.be.at.most(0.1);
      expect([draw.blurSigma, draw.jpegQuality, draw.tint, draw.shadow]).to.deep.equal([null, null, null, null]);
    }
    const [a, b] = [new SeededRandom(5), new SeededRandom(5)];
    expect(drawKerasAugmentation(notebook, a)).to.deep.equal(drawKerasAugmentation(notebook, b));
  });

  it("casts a shadow from one side, and tints paper yellow", () => {
    const size = 20;
    const white = new Float32Array(size * size * 3).fill(255);
    const draw = drawKerasAugmentation(still, new SeededRandom(1));
    new KerasAugmenter().apply(
      white,
      0,
      size,
      { ...draw, tint: 1, shadow: { side: 0, reach: 0.3, depth: 0.5 } },
      "nearest",
    );
    const [left, right] = [white.subarray(0, 3), white.subarray(3 * (size - 1), 3 * size)];
    expect(left[0]).to.be.below(0.6 * right[0]!);
    expect(right[0]).to.be.above(right[1]!).and.above(right[2]!);
    expect(right[2]).to.be.closeTo(255 * 0.7, 1);
  });
});
