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
  const [m0, m1, m2, m3, m4, m5] = transform;
  const stride = width * 3;
  let out = toOffset;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, out += 3) {
      let sourceX = m0 * x + m1 * y + m2;
      let sourceY = m3 * x + m4 * y + m5;
      if (fill !== "constant") {
        sourceX = inside(sourceX, width, fill);
        sourceY = inside(sourceY, height, fill);
      }
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const [right, bottom] = [sourceX - left, sourceY - top];
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let corner = 0; corner < 4; corner++) {
        const [dx, dy] = [corner & 1, corner >> 1];
        const weight = (dx === 1 ? right : 1 - right) * (dy === 1 ? bottom : 1 - bottom);
        const [column, row] = [left + dx, top + dy];
        // Beyond the last pixel the weight is 0 but for `constant`, where what lies outside counts as 0.
        if (weight === 0 || column < 0 || row < 0 || column >= width || row >= height) continue;
        const at = fromOffset + row * stride + column * 3;
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

function inside(position: number, length: number, fill: "nearest" | "reflect"): number {
  let at = position;
  if (fill === "reflect") {
    if (at < 0) at = -at - 1;
    else if (at > length - 1) at = 2 * length - 1 - at;
  }
  return at < 0 ? 0 : at > length - 1 ? length - 1 : at;
}
