/**
 * NumPy's `RandomState(seed)`: MT19937 seeded by `init_genrand` (Matsumoto and Nishimura, 1998), with NumPy's legacy bounded integers and
 * shuffle. It exists to draw what Keras draws; anything else takes `SeededRandom`, which is faster.
 */

const size = 624;
const middle = 397;

export class MersenneTwister {
  readonly #state = new Uint32Array(size);
  #index = size;

  /** @param seed whole, 0 to 2³² − 1; @throws RangeError for any other, as NumPy does. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`A seed is a whole number from 0 to 4294967295, not ${seed}.`);
    }
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < size; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next output, 0 to 2³² − 1. */
  uint32(): number {
    if (this.#index === size) this.#renew();
    let y = this.#state[this.#index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** Uniform over 0 to `top` inclusive (`top` below 2³²), by masked rejection as NumPy's `random_interval`. */
  interval(top: number): number {
    if (top === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(top);
    let value: number;
    do value = (this.uint32() & mask) >>> 0;
    while (value > top);
    return value;
  }

  /** Shuffles in place, from the last to the first, as NumPy's `shuffle`. */
  shuffle(items: unknown[]): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.interval(i);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }

  /** The numbers 0 to n − 1, shuffled. */
  permutation(n: number): number[] {
    const numbers = Array.from({ length: n }, (_, i) => i);
    this.shuffle(numbers);
    return numbers;
  }

  #renew(): void {
    const state = this.#state;
    for (let k = 0; k < size; k++) {
      const y = (state[k]! & 0x80000000) | (state[(k + 1) % size]! & 0x7fffffff);
      state[k] = state[(k + middle) % size]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}
