import { expect } from "chai";
import { fitColours, fitPatches, flatDeviation, patchEpsilon } from "../../../src/domain/dictionary/dictionaries.ts";
import { DictionaryFit } from "../../../src/domain/dictionary/fit.ts";
import { kMeans } from "../../../src/domain/dictionary/k-means.ts";
import { principalComponents } from "../../../src/domain/dictionary/principal-components.ts";
import type { ColourDictionary, PatchDictionary } from "../../../src/domain/experiment/backbone.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

const colours: ColourDictionary = { type: "colours", words: 3, pooling: 1, strides: 1, sharpness: 10 };
const patches: PatchDictionary = { type: "patches", words: 4, pooling: 1, strides: 1, patchSize: 2, components: 5 };

function noise(count: number, seed = 1): Float32Array {
  const random = new SeededRandom(seed);
  return Float32Array.from({ length: count }, () => random.uniform(-1, 1));
}

describe("principal components", () => {
  it("are orthonormal and find the axes that the numbers vary along, the widest first", () => {
    const random = new SeededRandom(2);
    const axes = [
      [3 / 5, 4 / 5, 0],
      [-4 / 5, 3 / 5, 0],
      [0, 0, 1],
    ] as const;
    const rows = new Float32Array(3000);
    for (let row = 0; row < 1000; row++) {
      const along = [random.normal(0, 1), random.normal(0, 5), random.normal(0, 0.2)];
      for (let i = 0; i < 3; i++) rows[row * 3 + i] = along.reduce((sum, x, axis) => sum + x * axes[axis]![i]!, 0);
    }
    const found = principalComponents(rows, 3, 2);
    const dot = (a: number, other: ArrayLike<number>) =>
      Array.from({ length: 3 }, (_, i) => found[a * 3 + i]! * other[i]!).reduce((x, y) => x + y);
    expect(Math.abs(dot(0, axes[1]))).to.be.closeTo(1, 1e-3);
    expect(Math.abs(dot(1, axes[0]))).to.be.closeTo(1, 1e-3);
    expect(dot(0, found.subarray(0, 3))).to.be.closeTo(1, 1e-12);
    expect(dot(0, found.subarray(3, 6))).to.be.closeTo(0, 1e-12);
  });
});

describe("k-means", () => {
  it("finds clusters that lie apart, by distance and by direction", () => {
    const random = new SeededRandom(3);
    const middles = [
      [4, 0],
      [0, 2],
      [-3, -3],
    ] as const;
    const points = new Float32Array(600);
    for (let i = 0; i < 300; i++) {
      for (let j = 0; j < 2; j++) points[i * 2 + j] = middles[i % 3]![j]! + random.normal(0, 0.1);
    }
    const settings = { clusters: 3, iterations: 20, isSpherical: false };
    const centres = kMeans(points, 2, settings, new SeededRandom(5));
    const nearest = (x: number, y: number) =>
      Math.min(...[0, 1, 2].map((c) => Math.hypot(centres[2 * c]! - x, centres[2 * c + 1]! - y)));
    for (const [x, y] of middles) expect(nearest(x, y)).to.be.below(0.1);
    const onCircle = points.map((value, i) => value / Math.hypot(points[i - (i % 2)]!, points[i - (i % 2) + 1]!));
    const directions = kMeans(onCircle, 2, { ...settings, isSpherical: true }, new SeededRandom(5));
    for (let c = 0; c < 3; c++) expect(Math.hypot(directions[2 * c]!, directions[2 * c + 1]!)).to.be.closeTo(1, 1e-6);
  });

  it("goes on where there are fewer points than clusters", () => {
    const centres = kMeans(
      Float32Array.of(1, 2),
      2,
      { clusters: 3, iterations: 2, isSpherical: false },
      new SeededRandom(1),
    );
    expect(Array.from(centres)).to.deep.equal([1, 2, 1, 2, 1, 2]);
  });
});

describe("a dictionary", () => {
  it("of colours scores a colour by its distance to each word", () => {
    const { kernel, bias } = fitColours(noise(300), colours, new SeededRandom(1));
    const x = [0.3, -0.2, 0.9];
    for (let word = 0; word < 3; word++) {
      const centre = [0, 1, 2].map((channel) => kernel[channel * 3 + word]! / (2 * colours.sharpness));
      const distance = centre.reduce((sum, c, i) => sum + (c - x[i]!) ** 2, 0);
      const length = x.reduce((sum, c) => sum + c * c, 0);
      const score = x.reduce((sum, c, i) => sum + c * kernel[i * 3 + word]!, bias[word]!);
      expect(score).to.be.closeTo(colours.sharpness * (length - distance), 1e-4);
    }
  });

  it("of patches is blind to a patch's mean and contrast, and to flat ones", () => {
    const width = 12;
    const { projection, words } = fitPatches(noise(width * 500), patches, new SeededRandom(1));
    const channels = patches.components + 1;
    const answers = (patch: readonly number[]): number[] => {
      const out = Array.from({ length: channels }, (_, c) =>
        patch.reduce((sum, x, i) => sum + x * projection[i * channels + c]!, 0),
      );
      // It sums to zero, so that a layer normalisation takes nothing from it.
      expect(out.reduce((a, b) => a + b)).to.be.closeTo(0, 1e-5);
      const deviation = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0) / channels + patchEpsilon(patches));
      return Array.from({ length: patches.words }, (_, word) =>
        out.reduce((sum, x, c) => sum + (x / deviation) * words[c * patches.words + word]!, 0),
      );
    };
    const patch = Array.from(noise(width, 9));
    const before = answers(patch);
    const changed = answers(patch.map((x) => 0.5 * x + 0.3));
    for (const [i, value] of before.entries()) expect(changed[i]).to.be.closeTo(value, 0.02 * Math.abs(value) + 1e-3);
    expect(Math.max(...before.map(Math.abs))).to.be.above(1);
    const flat = answers(patch.map((x) => 0.05 * flatDeviation * x));
    expect(Math.max(...flat.map(Math.abs))).to.be.below(0.2);
  });

  it("is the same for the same views and seed, pictures of one colour included", () => {
    const fitted = (seed: number, value?: number) => {
      const fit = new DictionaryFit([colours, { ...patches, pooling: 2 }], new SeededRandom(seed));
      for (let i = 0; i < 8; i++) {
        const view = value === undefined ? noise(9 * 9 * 3, i + 1).map((x) => 127.5 * (x + 1)) : null;
        fit.add(view ?? new Float32Array(9 * 9 * 3).fill(value!), 9);
      }
      return fit.fit().map(({ weights }) => weights);
    };
    expect(fitted(1)).to.deep.equal(fitted(1));
    expect(fitted(1)).not.to.deep.equal(fitted(2));
    for (const weight of fitted(1, 255).flat()) expect(weight.every(Number.isFinite)).to.equal(true);
  });
});
