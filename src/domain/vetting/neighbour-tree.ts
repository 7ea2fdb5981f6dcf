/** A k-d tree over points of equal length: everything within a radius, without looking at everything. */

/** Points in a leaf: fewer make the tree deep, more make leaves slow. */
const leafSize = 24;

export class NeighbourTree {
  readonly #points: Float32Array;
  readonly #length: number;
  readonly #order: Uint32Array;
  /** Of inner node k: the axis it is cut along; its children are 2k + 1 and 2k + 2. */
  readonly #axes: Int16Array;
  readonly #cuts: Float32Array;

  /** @param points one after the other, `length` numbers each */
  constructor(points: Float32Array, length: number) {
    this.#points = points;
    this.#length = length;
    const count = points.length / length;
    this.#order = Uint32Array.from({ length: count }, (_, i) => i);
    const depth = Math.max(0, Math.ceil(Math.log2(Math.max(1, count / leafSize))));
    this.#axes = new Int16Array(2 ** depth - 1).fill(-1);
    this.#cuts = new Float32Array(2 ** depth - 1);
    this.#build(0, 0, count);
  }

  /** Calls back with the index of every point whose distance from `query` is below `radius`. */
  within(query: Float32Array, radius: number, found: (index: number) => void): void {
    this.#search(0, 0, this.#order.length, query, radius, found);
  }

  #build(node: number, begin: number, end: number): void {
    if (node >= this.#axes.length) return;
    const axis = this.#widestAxis(begin, end);
    const middle = (begin + end) >> 1;
    const value = (index: number) => this.#points[index * this.#length + axis]!;
    this.#order.subarray(begin, end).sort((a, b) => value(a) - value(b));
    this.#axes[node] = axis;
    this.#cuts[node] = begin < end ? value(this.#order[Math.min(middle, end - 1)]!) : 0;
    this.#build(2 * node + 1, begin, middle);
    this.#build(2 * node + 2, middle, end);
  }

  /** The axis along which the points vary most. */
  #widestAxis(begin: number, end: number): number {
    let widest = 0;
    let most = -1;
    for (let axis = 0; axis < this.#length; axis++) {
      let sum = 0;
      let squares = 0;
      for (let i = begin; i < end; i++) {
        const value = this.#points[this.#order[i]! * this.#length + axis]!;
        sum += value;
        squares += value * value;
      }
      const variance = squares - (sum * sum) / Math.max(1, end - begin);
      if (variance > most) [widest, most] = [axis, variance];
    }
    return widest;
  }

  #search(
    node: number,
    begin: number,
    end: number,
    query: Float32Array,
    radius: number,
    found: (index: number) => void,
  ): void {
    if (node >= this.#axes.length) {
      const limit = radius * radius;
      for (let i = begin; i < end; i++) {
        const index = this.#order[i]!;
        if (this.#isWithin(index, query, limit)) found(index);
      }
      return;
    }
    const middle = (begin + end) >> 1;
    const distance = query[this.#axes[node]!]! - this.#cuts[node]!;
    if (distance <= radius) this.#search(2 * node + 1, begin, middle, query, radius, found);
    if (distance >= -radius) this.#search(2 * node + 2, middle, end, query, radius, found);
  }

  #isWithin(index: number, query: Float32Array, limit: number): boolean {
    let sum = 0;
    for (let axis = 0, at = index * this.#length; axis < this.#length; axis++, at++) {
      const difference = this.#points[at]! - query[axis]!;
      sum += difference * difference;
      if (sum >= limit) return false;
    }
    return true;
  }
}
