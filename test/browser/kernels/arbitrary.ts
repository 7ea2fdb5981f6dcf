/** Odd shapes and values for property tests. */
import fc from "fast-check";
import type { OpArray } from "../../../workers/engine/parity/ops.ts";
import type { Product, Windows } from "./plain-kernels.ts";

/** Reproducible numbers in [−1, 1), as float32: fast-check would draw (and shrink) each of thousands. */
export function numbers(seed: number, ...shape: number[]): OpArray & { readonly data: Float32Array } {
  let state = seed >>> 0;
  const length = shape.reduce((product, side) => product * side, 1);
  const data = Float32Array.from({ length }, () => {
    // xorshift32, Marsaglia 2003; 0 would stay 0.
    state ||= 1;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  });
  return { shape, data };
}

/** Whole numbers from −2 to 2: windows full of ties. */
export function tied(seed: number, ...shape: number[]): OpArray & { readonly data: Float32Array } {
  const { data } = numbers(seed, ...shape);
  return { shape, data: data.map((value) => Math.round(value * 2)) };
}

const side = fc.oneof(
  { weight: 1, arbitrary: fc.constant(1) },
  { weight: 4, arbitrary: fc.integer({ min: 2, max: 13 }) },
);
const channels = fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 19 }), fc.constantFrom(8, 16, 24));
const filterSide = fc.integer({ min: 1, max: 5 });

function isPossible(windows: Windows): boolean {
  if (windows.padding === "same") return true;
  return windows.filterHeight <= windows.height && windows.filterWidth <= windows.width;
}

/** Any window, filters larger than the image included (with 'same'). */
export const anyWindows: fc.Arbitrary<Windows> = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    height: side,
    width: side,
    channels,
    filterHeight: filterSide,
    filterWidth: filterSide,
    strideY: fc.integer({ min: 1, max: 3 }),
    strideX: fc.integer({ min: 1, max: 3 }),
    padding: fc.constantFrom("same", "valid"),
  })
  .filter(isPossible);

/** What takes Winograd's way: 3×3, stride 1, enough channels in whole vectors, images that fill their tiles more or less. */
export const winogradWindows: fc.Arbitrary<Windows> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 4, max: 17 }),
  width: fc.integer({ min: 4, max: 17 }),
  channels: fc.constantFrom(16, 24, 40),
  filterHeight: fc.constant(3),
  filterWidth: fc.constant(3),
  strideY: fc.constant(1),
  strideX: fc.constant(1),
  padding: fc.constantFrom("same", "valid"),
});

export const outChannels: fc.Arbitrary<number> = channels;
export const winogradOutChannels: fc.Arbitrary<number> = fc.constantFrom(16, 24, 32);
export const seed: fc.Arbitrary<number> = fc.integer({ min: 1, max: 2 ** 31 - 1 });

const length = fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 40 }), fc.integer({ min: 60, max: 300 }));

export const anyProduct: fc.Arbitrary<Product> = fc.record({
  m: length,
  n: length,
  k: length,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});
