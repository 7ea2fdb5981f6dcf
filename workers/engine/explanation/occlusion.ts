/**
 * Occlusion: a grey patch slides over the picture, and the probability says what was under it (Zeiler and Fergus, Visualizing and Understanding
 * Convolutional Networks, 2014). It looks at nothing but outputs, so any network can be explained by it, and a gradient checked.
 */
import type { Grid } from "../../../src/domain/explanation/heat-map.ts";
import type { Rectangle } from "../../../src/domain/image/frame.ts";
import type { StretchedPicture } from "../stream/views.ts";

/** Cells each way; a patch covers two by two of them, and moves by one. */
const mostCells = 12;
/** What is put in the place of what is covered, from 0 to 255. */
export const grey = 128;

interface Patch {
  /** Of the upper left of its cells, from −1: patches reach over the edges so that every cell is covered as often. */
  readonly column: number;
  readonly row: number;
}

export class Occlusion {
  readonly columns: number;
  readonly rows: number;
  readonly #window: Rectangle;
  readonly #rowLength: number;
  readonly #patches: readonly Patch[];

  /**
   * @param window the part of the cached picture to slide over, in pixels
   * @param rowLength of the cached picture, in pixels
   */
  constructor(window: Rectangle, rowLength: number) {
    this.columns = Math.min(mostCells, window.width);
    this.rows = Math.min(mostCells, window.height);
    this.#window = window;
    this.#rowLength = rowLength;
    this.#patches = Array.from({ length: (this.columns + 1) * (this.rows + 1) }, (_, i) => ({
      column: (i % (this.columns + 1)) - 1,
      row: Math.floor(i / (this.columns + 1)) - 1,
    }));
  }

  /** Pictures to be judged, one a patch. */
  get count(): number {
    return this.#patches.length;
  }

  /** The picture under a patch. */
  covered(picture: StretchedPicture, index: number): StretchedPicture {
    const { column, row } = this.#patches[index]!;
    const { left, top, width, height } = this.#window;
    const edge = (cell: number, cells: number, length: number) =>
      Math.round((Math.min(cells, Math.max(0, cell)) * length) / cells);
    const [fromX, toX] = [column, column + 2].map((cell) => left + edge(cell, this.columns, width)) as [number, number];
    const [fromY, toY] = [row, row + 2].map((cell) => top + edge(cell, this.rows, height)) as [number, number];
    const rgb = picture.rgb.slice();
    for (let y = fromY; y < toY; y++) {
      const begin = y * this.#rowLength;
      rgb.fill(grey, (begin + fromX) * 3, (begin + toX) * 3);
    }
    return { ...picture, rgb };
  }

  /**
   * Each cell gets the mean fall over the four patches that cover it.
   * @param falls of the probability, a patch each: P of the picture as it is − P of the covered one
   */
  grid(falls: ArrayLike<number>): Grid {
    const { columns, rows } = this;
    const values = new Float32Array(columns * rows);
    for (const [index, { column, row }] of this.#patches.entries()) {
      for (const [x, y] of [
        [column, row],
        [column + 1, row],
        [column, row + 1],
        [column + 1, row + 1],
      ] as const) {
        if (x >= 0 && x < columns && y >= 0 && y < rows) values[y * columns + x]! += falls[index]! / 4;
      }
    }
    return { columns, rows, values };
  }
}
