/** A k-d tree over points of equal length: everything within a radius, without looking at everything. */

/** Points in a leaf: fewer make the tree deep, more make leaves slow. */
const leafSize = 16;
/** Axes that are summed up before the sum is looked at. */
const axesAtOnce = 6;

export class NeighbourTree {
  /** In the order of the leaves, so that a leaf's points lie one after the other. */
  readonly #points: Float32Array;
  readonly #length: number;
  readonly #order: Uint32Array;
  /** Of inner node k: the axis it is cut along; its children are 2k + 1 and 2k + 2. */
  readonly #axes: Int16Array;
  readonly #cuts: Float32Array;
  /** How far the search's query lies outside of the node that is looked at, along each axis. */
  readonly #outside: Float32Array;

  /** @param points one after the other, `length` numbers each */
  constructor(points: Float32Array, length: number) {
    this.#length = length;
    const count = points.length / length;
    this.#order = Uint32Array.from({ length: count }, (_, i) => i);
    const depth = Math.max(0, Math.ceil(Math.log2(Math.max(1, count / leafSize))));
    this.#axes = new Int16Array(2 ** depth - 1).fill(-1);
    this.#cuts = new Float32Array(2 ** depth - 1);
    this.#outside = new Float32Array(length);
    this.#build(points, 0, 0, count);
    this.#points = new Float32Array(points.length);
    for (const [place, index] of this.#order.entries()) {
      this.#points.set(points.subarray(index * length, (index + 1) * length), place * length);
    }
  }

  /** Calls back with the index of every point whose distance from `query` is below `radius`. */
  within(query: Float32Array, radius: number, found: (index: number) => void): void {
    this.#outside.fill(0);
    this.#search({ query, limit: radius * radius, found }, 0, 0, this.#order.length, 0);
  }

  #build(points: Float32Array, node: number, begin: number, end: number): void {
    if (node >= this.#axes.length) return;
    const axis = this.#widestAxis(points, begin, end);
    const middle = (begin + end) >> 1;
    const value = (index: number) => points[index * this.#length + axis]!;
    this.#order.subarray(begin, end).sort((a, b) => value(a) - value(b));
    this.#axes[node] = axis;
    this.#cuts[node] = begin < end ? value(this.#order[Math.min(middle, end - 1)]!) : 0;
    this.#build(points, 2 * node + 1, begin, middle);
    this.#build(points, 2 * node + 2, middle, end);
  }

  /** The axis along which the points vary most. */
  #widestAxis(points: Float32Array, begin: number, end: number): number {
    let widest = 0;
    let most = -1;
    for (let axis = 0; axis < this.#length; axis++) {
      let sum = 0;
      let squares = 0;
      for (let i = begin; i < end; i++) {
        const value = points[this.#order[i]! * this.#length + axis]!;
        sum += value;
        squares += value * value;
      }
      const variance = squares - (sum * sum) / Math.max(1, end - begin);
      if (variance > most) [widest, most] = [axis, variance];
    }
    return widest;
  }

  /**
   * With the distance of the query to the node's box as it is cut, kept up to date from node to node (Arya and Mount 1993): in dozens of axes many
   * more boxes lie too far away than are cut off along one of them.
   * @param squares of that distance
   */
  #search(search: Search, node: number, begin: number, end: number, squares: number): void {
    if (node >= this.#axes.length) {
      for (let place = begin; place < end; place++) {
        if (this.#isWithin(place, search)) search.found(this.#order[place]!);
      }
      return;
    }
    const middle = (begin + end) >> 1;
    const axis = this.#axes[node]!;
    const offset = search.query[axis]! - this.#cuts[node]!;
    const known = this.#outside[axis]!;
    const beyond = squares - known * known + offset * offset;
    const isLow = offset < 0;
    const [low, high] = [2 * node + 1, 2 * node + 2];
    if (isLow) this.#search(search, low, begin, middle, squares);
    else this.#search(search, high, middle, end, squares);
    if (beyond >= search.limit) return;
    this.#outside[axis] = offset;
    if (isLow) this.#search(search, high, middle, end, beyond);
    else this.#search(search, low, begin, middle, beyond);
    this.#outside[axis] = known;
  }

  #isWithin(place: number, { query, limit }: Search): boolean {
    const points = this.#points;
    const begin = place * this.#length;
    let sum = 0;
    for (let axis = 0; axis < this.#length;) {
      const until = Math.min(axis + axesAtOnce, this.#length);
      for (; axis < until; axis++) {
        const difference = points[begin + axis]! - query[axis]!;
        sum += difference * difference;
      }
      if (sum >= limit) return false;
    }
    return true;
  }
}

interface Search {
  readonly query: Float32Array;
  readonly limit: number;
  readonly found: (index: number) => void;
}
