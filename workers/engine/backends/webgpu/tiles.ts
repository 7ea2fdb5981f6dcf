/** Matrix products whose operands are computed as they are read: what convolutions' gradients and the optimiser stand on. */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { integers, runWorkgroups, type Uniform } from "./programs.ts";

/** A workgroup of 16 × 16 computes 64 rows, four each, from `inner` terms at a time. */
const tileRows = 64;
const lanes = 16;
export const termsAtATime = 16;
/** Between the terms of a tile: one number more, so that what is written across falls into different banks. */
const stride = tileRows + 1;
/** What WebGPU grants everywhere in one dimension. */
const mostWorkgroups = 65535;

export interface TiledProduct {
  /** Names the code. */
  readonly key: string;
  readonly outputShape: readonly number[];
  readonly inputs: readonly string[];
  readonly uniforms: readonly Uniform[];
  readonly rows: number;
  readonly columns: number;
  /** Terms of each sum. */
  readonly depth: number;
  /** Into how many parts the terms are cut; each writes a result of its own. 1 where not given. */
  readonly slices?: number;
  /** Of each operand: whether neighbouring terms lie side by side in memory, not neighbouring rows or columns. */
  readonly byTerms: { readonly a: boolean; readonly b: boolean };
  /** Bodies of functions of (row, term) and (term, column) that return a number. */
  readonly a: string;
  readonly b: string;
  /** What becomes of a `sum`: statements that know `row`, `column` and `slice`. */
  readonly write: string;
  /** Written in place where given. */
  readonly target?: TensorInfo;
}

/** So many columns for each of the 16 lanes that a narrow product leaves none of them idle. */
function columnsEach(columns: number): 1 | 2 | 4 {
  if (columns <= lanes) return 1;
  return columns <= 2 * lanes ? 2 : 4;
}

/** Statements that fetch `count` numbers of an operand a lane into a tile of `side` rows or columns. */
function fetching(name: "a" | "b", side: number, byTerms: boolean): string {
  const [term, place] = byTerms ? [`at % ${termsAtATime}`, `at / ${termsAtATime}`] : [`at / ${side}`, `at % ${side}`];
  const [first, limit] = name === "a" ? ["firstRow", "rows"] : ["firstColumn", "columns"];
  const call = name === "a" ? "valueOfA(place, term)" : "valueOfB(term, place)";
  return `
      for (var i = 0; i < ${(side * termsAtATime) / 256}; i++) {
        let at = local + i * 256;
        let term = begin + ${term};
        let place = ${first} + ${place};
        var value = 0.0;
        if (term < uniforms.depth && place < uniforms.${limit}) { value = ${call}; }
        ${name}Tile[(${term}) * ${stride} + ${place}] = value;
      }`;
}

function codeOf({ a, b, write, byTerms, columns }: TiledProduct): string {
  const each = columnsEach(columns);
  const width = each * lanes;
  const vector = each === 1 ? "f32" : `vec${each}<f32>`;
  const neighbours = Array.from({ length: each }, (_, i) => `bTile[at + ${i}]`).join(", ");
  const component = each === 1 ? "sums[j]" : "sums[j][i]";
  return `
  var<workgroup> aTile : array<f32, ${stride * termsAtATime}>;
  var<workgroup> bTile : array<f32, ${stride * termsAtATime}>;
  fn valueOfA(row : i32, term : i32) -> f32 { ${a} }
  fn valueOfB(term : i32, column : i32) -> f32 { ${b} }
  fn store(row : i32, column : i32, slice : i32, sum : f32) { ${write} }

  fn main() {
    let local = i32(localIndex);
    let slice = i32(workgroupId.z) % uniforms.slices;
    let firstRow = (i32(workgroupId.y) + i32(workgroupId.z) / uniforms.slices * ${mostWorkgroups}) * ${tileRows};
    let firstColumn = i32(workgroupId.x) * ${width};
    let row = local / ${lanes} * 4;
    let column = local % ${lanes} * ${each};
    var sums : array<${vector}, 4>;
    // Bounded by a uniform: all invocations have to meet at the barriers.
    for (var step = 0; step < uniforms.steps; step++) {
      let begin = (slice * uniforms.steps + step) * ${termsAtATime};
      ${fetching("a", tileRows, byTerms.a)}
      ${fetching("b", width, byTerms.b)}
      workgroupBarrier();
      for (var i = 0; i < ${termsAtATime}; i++) {
        let at = i * ${stride} + column;
        let b = ${vector}(${neighbours});
        for (var j = 0; j < 4; j++) { sums[j] += aTile[i * ${stride} + row + j] * b; }
      }
      workgroupBarrier();
    }
    for (var j = 0; j < 4; j++) {
      for (var i = 0; i < ${each}; i++) {
        if (firstRow + row + j < uniforms.rows && firstColumn + column + i < uniforms.columns) {
          store(firstRow + row + j, firstColumn + column + i, slice, ${component});
        }
      }
    }
  }`;
}

/** Rows and columns of one workgroup's tile, for a result of so many columns. */
export function tileShape(columns: number): readonly [number, number] {
  return [tileRows, columnsEach(columns) * lanes];
}

/** Σ a(row, term)·b(term, column) over the terms of each slice, for every row and column. */
export function runTiledProduct(
  backend: WebGPUBackend,
  product: TiledProduct,
  inputs: readonly TensorInfo[],
): TensorInfo {
  const { rows, columns, depth, slices = 1 } = product;
  const steps = Math.ceil(depth / slices / termsAtATime);
  const [tileHeight, tileWidth] = tileShape(columns);
  const tilesDown = Math.ceil(rows / tileHeight);
  const layers = Math.ceil(tilesDown / mostWorkgroups);
  const shader = {
    key: `${product.key}${columnsEach(columns)}`,
    outputShape: product.outputShape,
    inputs: product.inputs,
    uniforms: [...integers({ rows, columns, depth, slices, steps }), ...product.uniforms],
    code: codeOf(product),
  };
  const count = [Math.ceil(columns / tileWidth), Math.min(tilesDown, mostWorkgroups), slices * layers] as const;
  return runWorkgroups(backend, shader, { size: [lanes, lanes, 1], count }, inputs, product.target);
}
