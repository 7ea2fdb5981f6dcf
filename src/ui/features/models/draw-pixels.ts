import type { Preprocessing } from "../../../domain/model/model.ts";

/** Draws a picture as the network takes it: at its size, grey where it takes grey. @param rgb `height × width × 3` bytes */
export function drawPixels(canvas: HTMLCanvasElement, rgb: Uint8Array, { pixels, channels }: Preprocessing): void {
  const { width, height } = pixels;
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const [r, g, b] = [rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!];
    const grey = 0.299 * r + 0.587 * g + 0.114 * b;
    image.data.set(channels?.order === "grey" ? [grey, grey, grey, 255] : [r, g, b, 255], 4 * i);
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
