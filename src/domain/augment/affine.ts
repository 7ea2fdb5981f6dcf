/** Keras' geometric augmentation: where each output pixel reads the input, and the reading. */

/** How positions outside of the picture are read, by Keras' names. */
export type Fill = "nearest" | "reflect" | "constant";

/**
 * Output pixel (x, y), x to the right, y down, pixel centres at integers, reads the input at (m0·x + m1·y + m2, m3·x + m4·y + m5). The first six numbers of a row
 * of Keras' `transforms`; its last two are 0.
 */
export type Transform = readonly [number, number, number, number, number, number];

/** As Keras' RandomRotation: positive angles turn counter-clockwise as seen, around the centre ((width − 1)/2, (height − 1)/2). */
export function rotationTransform(degrees: number, width: number, height: number): Transform {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos];
}

/** As Keras' RandomZoom: factors above 1 zoom out, below 1 in. */
export function zoomTransform(heightZoom: number, widthZoom: number, width: number, height: number): Transform {
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return [widthZoom, 0, x * (1 - widthZoom), 0, heightZoom, y * (1 - heightZoom)];
}

/** Mirrored left to right, upside down, or both. */
export function flipTransform(horizontal: boolean, vertical: boolean, width: number, height: number): Transform {
  return [horizontal ? -1 : 1, 0, horizontal ? width - 1 : 0, 0, vertical ? -1 : 1, vertical ? height - 1 : 0];
}

/**
 * Resamples an RGB picture, bilinear, float32, not rounded.
 * @param from and `to`: [height, width, 3] from their offsets on; not the same memory
 */
export function transformPicture(
  from: Float32Array,
  fromOffset: number,
  to: Float32Array,
  toOffset: number,
  width: number,
  height: number,
  transform: Transform,
  fill: Fill,
): void {
  // A picture of one pixel's width or height has no neighbours to weigh.
  if (fill === "constant" || width === 1 || height === 1) {
    transformAcrossEdges(from, fromOffset, to, toOffset, width, height, transform, fill);
    return;
  }
  const [m0, m1, m2, m3, m4, m5] = transform;
  const isReflected = fill === "reflect";
  const stride = width * 3;
  const lastX = width - 1;
  const lastY = height - 1;
  // No function is called for a pixel, and nothing branches but for the edges: three times as fast.
  for (let y = 0, out = toOffset; y < height; y++) {
    for (let x = 0; x < width; x++, out += 3) {
      let sourceX = m0 * x + m1 * y + m2;
      let sourceY = m3 * x + m4 * y + m5;
      if (isReflected) {
        sourceX = reflected(sourceX, lastX);
        sourceY = reflected(sourceY, lastY);
      }
      sourceX = sourceX < 0 ? 0 : sourceX > lastX ? lastX : sourceX;
      sourceY = sourceY < 0 ? 0 : sourceY > lastY ? lastY : sourceY;
      // On the last pixel its left or upper neighbour is read too, with weight 0.
      const left = Math.min(sourceX | 0, lastX - 1);
      const top = Math.min(sourceY | 0, lastY - 1);
      const right = sourceX - left;
      const bottom = sourceY - top;
      const topLeft = (1 - right) * (1 - bottom);
      const topRight = right * (1 - bottom);
      const bottomLeft = (1 - right) * bottom;
      const bottomRight = right * bottom;
      const above = fromOffset + top * stride + left * 3;
      const below = above + stride;
      to[out] =
        topLeft * from[above]! +
        topRight * from[above + 3]! +
        bottomLeft * from[below]! +
        bottomRight * from[below + 3]!;
      to[out + 1] =
        topLeft * from[above + 1]! +
        topRight * from[above + 4]! +
        bottomLeft * from[below + 1]! +
        bottomRight * from[below + 4]!;
      to[out + 2] =
        topLeft * from[above + 2]! +
        topRight * from[above + 5]! +
        bottomLeft * from[below + 2]! +
        bottomRight * from[below + 5]!;
    }
  }
}

/** As `transformPicture`, for any fill and size: neighbours outside count as 0. */
function transformAcrossEdges(
  from: Float32Array,
  fromOffset: number,
  to: Float32Array,
  toOffset: number,
  width: number,
  height: number,
  [m0, m1, m2, m3, m4, m5]: Transform,
  fill: Fill,
): void {
  for (let y = 0, out = toOffset; y < height; y++) {
    for (let x = 0; x < width; x++, out += 3) {
      const sourceX = inside(m0 * x + m1 * y + m2, width - 1, fill);
      const sourceY = inside(m3 * x + m4 * y + m5, height - 1, fill);
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let corner = 0; corner < 4; corner++) {
        const column = left + (corner & 1);
        const row = top + (corner >> 1);
        const weight = (1 - Math.abs(sourceX - column)) * (1 - Math.abs(sourceY - row));
        // Beyond the last pixel the weight is 0 but for `constant`.
        if (weight === 0 || column < 0 || row < 0 || column >= width || row >= height) continue;
        const at = fromOffset + (row * width + column) * 3;
        red += weight * from[at]!;
        green += weight * from[at + 1]!;
        blue += weight * from[at + 2]!;
      }
      to[out] = red;
      to[out + 1] = green;
      to[out + 2] = blue;
    }
  }
}

function inside(position: number, last: number, fill: Fill): number {
  if (fill === "constant") return position;
  const at = fill === "reflect" ? reflected(position, last) : position;
  return at < 0 ? 0 : at > last ? last : at;
}

function reflected(position: number, last: number): number {
  return position < 0 ? -position - 1 : position > last ? 2 * last + 1 - position : position;
}
