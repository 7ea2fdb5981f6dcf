/** Where in a picture a network finds what it judges by: maps over the picture as a person sees it. */
import { frameOf, type Rectangle } from "../image/frame.ts";
import type { PixelFormat } from "../image/pixel-format.ts";

/** `rows × columns` numbers, row-major, evenly over a rectangle. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}

/**
 * - `grad-cam`: the weighted sum of the last feature maps, in units of its own: only its order and its sign mean something;
 * - `occlusion`: by how much P(photo) falls, from −1 to 1, when that part is covered with grey.
 */
export const explanationMethods = ["grad-cam", "occlusion"] as const;
export type ExplanationMethod = (typeof explanationMethods)[number];

/**
 * Over the whole picture, after EXIF orientation and in its own proportions. Positive numbers speak for a photo, negative ones against it; NaN where
 * the network does not look (a model that cuts to the square).
 */
export interface HeatMap extends Grid {
  readonly method: ExplanationMethod;
  /** Of the picture: width / height. */
  readonly aspect: number;
  /** Of the cells that the network sees. */
  readonly lowest: number;
  readonly highest: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Cells along the longer side of a map over a picture: finer than any last feature map of a network here, and quickly drawn. */
const mapSide = 64;

/**
 * The value of a grid at a place, bilinear between the cells' centres.
 * @param across from 0 (left edge) to 1 (right edge); `down` likewise
 */
export function sampleGrid({ columns, rows, values }: Grid, across: number, down: number): number {
  const along = (share: number, cells: number) => Math.min(cells - 1, Math.max(0, share * cells - 0.5));
  const [x, y] = [along(across, columns), along(down, rows)];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(left + 1, columns - 1), Math.min(top + 1, rows - 1)];
  const at = (column: number, row: number) => values[row * columns + column]!;
  const mix = (a: number, b: number, share: number) => a + (b - a) * share;
  const upper = mix(at(left, top), at(right, top), x - left);
  const lower = mix(at(left, bottom), at(right, bottom), x - left);
  return mix(upper, lower, y - top);
}

/** A map of one view: the part of the cached picture that the view shows, and what lies where in it. */
export interface ViewMap {
  readonly rectangle: Rectangle;
  readonly grid: Grid;
}

/** The mean of the views' maps at a place of the cached picture, in its pixels; where a view does not reach, it counts as 0. */
export function meanOfViews(views: readonly ViewMap[], x: number, y: number): number {
  const sum = views.reduce((total, { rectangle: { left, top, width, height }, grid }) => {
    const [across, down] = [(x - left) / width, (y - top) / height];
    const isInside = across >= 0 && across <= 1 && down >= 0 && down <= 1;
    return isInside ? total + sampleGrid(grid, across, down) : total;
  }, 0);
  return sum / views.length;
}

/** Lays out over the true picture what is known by place of the cached one. */
export class PictureFrame {
  readonly #picture: Size;
  readonly #source: Rectangle;
  /** The part of the cached picture that shows something of the true one, in pixels. */
  readonly window: Rectangle;

  /** @param picture as decoded, after EXIF orientation, in pixels */
  constructor(picture: Size, format: PixelFormat) {
    const { source, target } = frameOf(picture, format, format.aspect);
    this.#picture = picture;
    this.#source = source;
    this.window = target;
  }

  /** @param at the value at a place of the window, shares of its width and height from 0 to 1 */
  heatMap(method: ExplanationMethod, at: (across: number, down: number) => number): HeatMap {
    const { width, height } = this.#picture;
    const longer = Math.max(width, height);
    const cells = (side: number) => Math.max(1, Math.round((mapSide * side) / longer));
    const [columns, rows] = [cells(width), cells(height)];
    const values = new Float32Array(columns * rows);
    let [lowest, highest] = [Infinity, -Infinity];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const x = ((column + 0.5) / columns) * width;
        const y = ((row + 0.5) / rows) * height;
        const [across, down] = [
          (x - this.#source.left) / this.#source.width,
          (y - this.#source.top) / this.#source.height,
        ];
        const isSeen = across >= 0 && across <= 1 && down >= 0 && down <= 1;
        const value = isSeen ? at(across, down) : NaN;
        values[row * columns + column] = value;
        if (!isSeen) continue;
        lowest = Math.min(lowest, value);
        highest = Math.max(highest, value);
      }
    }
    return { method, aspect: width / height, columns, rows, values, lowest, highest };
  }
}
