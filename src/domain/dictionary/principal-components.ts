/** Principal components by Jacobi's method: small symmetric matrices, no library. */

/** Sweeps over all pairs; matrices of some hundred rows are diagonal to rounding after eight. */
const sweeps = 12;

/**
 * The directions of largest variance about the origin (the rows are taken as they are: subtract their mean before, where it is not zero).
 * @param rows [n × width]
 * @param count how many, at most `width`
 * @returns [count × width], orthonormal, the largest variance first
 */
export function principalComponents(rows: Float32Array, width: number, count: number): Float64Array {
  const { values, vectors } = eigenvectors(secondMoments(rows, width), width);
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!);
  const components = new Float64Array(count * width);
  for (let component = 0; component < count; component++) {
    const column = order[component]!;
    for (let i = 0; i < width; i++) components[component * width + i] = vectors[i * width + column]!;
  }
  return components;
}

function secondMoments(rows: Float32Array, width: number): Float64Array {
  const moments = new Float64Array(width * width);
  const count = rows.length / width;
  for (let row = 0; row < count; row++) {
    const at = row * width;
    for (let i = 0; i < width; i++) {
      const x = rows[at + i]! / count;
      for (let j = i; j < width; j++) moments[i * width + j]! += x * rows[at + j]!;
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) moments[i * width + j] = moments[j * width + i]!;
  }
  return moments;
}

/** Cyclic Jacobi (Golub and Van Loan, Matrix Computations, 8.5): rotations that make one element off the diagonal zero at a time. */
function eigenvectors(
  matrix: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  let size = 0;
  for (const value of matrix) size = Math.max(size, Math.abs(value));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let rotations = 0;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = matrix[p * n + q]!;
        if (Math.abs(off) <= 1e-12 * size) continue;
        rotate(matrix, vectors, n, p, q, off);
        rotations += 1;
      }
    }
    if (rotations === 0) break;
  }
  return { values: Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]!), vectors };
}

function rotate(matrix: Float64Array, vectors: Float64Array, n: number, p: number, q: number, off: number): void {
  const theta = (matrix[q * n + q]! - matrix[p * n + p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) turn(matrix, k * n + p, k * n + q, c, s);
  for (let k = 0; k < n; k++) turn(matrix, p * n + k, q * n + k, c, s);
  for (let k = 0; k < n; k++) turn(vectors, k * n + p, k * n + q, c, s);
}

function turn(numbers: Float64Array, i: number, j: number, c: number, s: number): void {
  const a = numbers[i]!;
  const b = numbers[j]!;
  numbers[i] = c * a - s * b;
  numbers[j] = s * a + c * b;
}
