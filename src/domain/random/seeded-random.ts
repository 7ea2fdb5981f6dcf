/**
 * The generator for everything that Keras' draws need not match: initial weights, the order of batches, augmentation.
 * xoshiro128** 1.1 (Blackman and Vigna, 2018) seeded by SplitMix32; a few nanoseconds a number, and its state can be saved and taken up again.
 */

/** The four words of xoshiro128**, and the normal deviate that a pair left over. Plain data, for storage. */
export interface RandomState {
  readonly words: readonly [number, number, number, number];
  readonly spareNormal: number | null;
}

export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spareNormal: number | null = null;

  /**
   * @param seed whole; its lowest 32 bits count.
   * @param stream another sequence of the same seed: what is drawn for one purpose then does not shift what is drawn for another.
   */
  constructor(seed: number, stream = 0) {
    let mixed = (seed ^ Math.imul(stream, 0x9e3779b9)) >>> 0;
    if (stream !== 0) mixed = splitMix32((mixed + Math.imul(stream, 0x85ebca6b)) >>> 0);
    const word = (step: number) => splitMix32((mixed + Math.imul(step, 0x9e3779b9)) >>> 0);
    this.#a = word(1);
    this.#b = word(2);
    this.#c = word(3);
    this.#d = word(4);
  }

  static from(state: RandomState): SeededRandom {
    const random = new SeededRandom(0);
    [random.#a, random.#b, random.#c, random.#d] = state.words;
    random.#spareNormal = state.spareNormal;
    return random;
  }

  get state(): RandomState {
    return {
      words: [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0],
      spareNormal: this.#spareNormal,
    };
  }

  /** 0 to 2³² − 1. */
  uint32(): number {
    const b = this.#b;
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    this.#c ^= this.#a;
    this.#d ^= b;
    this.#b = b ^ this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    const d = this.#d;
    this.#d = (d << 11) | (d >>> 21);
    return result >>> 0;
  }

  /** Uniform in [low, high), in steps of 2⁻³² of the range; [0, 1) by default. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.uint32() / 0x100000000);
  }

  /** Uniform over 0 to n − 1, without bias (masked rejection); n from 1 to 2³². */
  int(n: number): number {
    const top = n - 1;
    if (top === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(top);
    let value: number;
    do value = (this.uint32() & mask) >>> 0;
    while (value > top);
    return value;
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Normally distributed (Marsaglia's polar method). */
  normal(mean = 0, deviation = 1): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return mean + deviation * spare;
    }
    let u: number;
    let v: number;
    let s: number;
    do {
      u = this.uniform(-1, 1);
      v = this.uniform(-1, 1);
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const factor = Math.sqrt((-2 * Math.log(s)) / s);
    this.#spareNormal = v * factor;
    return mean + deviation * u * factor;
  }

  /** Shuffles in place (Fisher–Yates). */
  shuffle(items: unknown[] | Uint32Array | Int32Array): void {
    const list = items as unknown[];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const item = list[i];
      list[i] = list[j];
      list[j] = item;
    }
  }

  /** The numbers 0 to n − 1, shuffled. */
  permutation(n: number): Uint32Array {
    const numbers = Uint32Array.from({ length: n }, (_, i) => i);
    this.shuffle(numbers);
    return numbers;
  }
}

/** The finaliser of SplitMix32: neighbouring inputs give unrelated outputs. */
function splitMix32(input: number): number {
  let z = input;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
