/** Contrast, brightness, saturation, channel gains and grey in one pass. */

export interface ColourChange {
  /** 1 leaves it; around the picture's mean luma. */
  readonly contrast: number;
  /** 0 leaves it; share of the full range that is added. */
  readonly brightness: number;
  /** 1 leaves it, 0 is grey; each pixel around its own luma. */
  readonly saturation: number;
  /** Of red, green and blue; 1 leaves it. */
  readonly gains: readonly [number, number, number];
}

/** Luma of ITU-R BT.601, as JPEG has it. */
const redLuma = 0.299;
const greenLuma = 0.587;
const blueLuma = 0.114;

/** Changes `pixels` RGB pixels from `offset` on in place; the result is clipped to 0–255. */
export function changeColour(data: Float32Array, offset: number, pixels: number, change: ColourChange): void {
  const { contrast, brightness, saturation, gains } = change;
  const end = offset + pixels * 3;
  let sum = 0;
  for (let i = offset; i < end; i += 3) {
    sum += redLuma * data[i]! + greenLuma * data[i + 1]! + blueLuma * data[i + 2]!;
  }
  const added = (sum / pixels) * (1 - contrast) + 255 * brightness;
  const own = contrast * saturation;
  const [redGain, greenGain, blueGain] = gains;
  for (let i = offset; i < end; i += 3) {
    const red = data[i]!;
    const green = data[i + 1]!;
    const blue = data[i + 2]!;
    const luma = redLuma * red + greenLuma * green + blueLuma * blue;
    const shared = contrast * (1 - saturation) * luma + added;
    data[i] = clip(redGain * (own * red + shared));
    data[i + 1] = clip(greenGain * (own * green + shared));
    data[i + 2] = clip(blueGain * (own * blue + shared));
  }
}

function clip(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
