/** Test views: what the network sees of a cached picture when it judges. The same for validation, evaluation and classification. */
import { Resampler } from "../../../src/domain/augment/resample.ts";
import { viewRectangle } from "../../../src/domain/augment/views.ts";
import type { View } from "../../../src/domain/experiment/experiment.ts";
import type { PixelFormat } from "../../../src/domain/image/pixel-format.ts";

/** A cached or freshly decoded picture in a model's pixel format. */
export interface StretchedPicture {
  readonly rgb: Uint8Array;
  /** Before it was brought to the pixel format, in pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ViewFormat {
  readonly pixels: PixelFormat;
  readonly inputSize: number;
}

/** Keeps its workspace between calls. */
export class ViewMaker {
  readonly #resampler = new Resampler();
  readonly #format: ViewFormat;

  constructor(format: ViewFormat) {
    this.#format = format;
  }

  /** Writes one view, `inputSize × inputSize` RGB numbers from 0 to 255, to `target` from `offset` on. */
  write(picture: StretchedPicture, view: View, target: Float32Array, offset: number): void {
    const { pixels, inputSize } = this.#format;
    const { width, height } = pixels;
    if (view === "whole" && width === inputSize && height === inputSize) {
      target.set(picture.rgb, offset);
      return;
    }
    const sizes = { width, height, trueWidth: picture.width, trueHeight: picture.height };
    const source = { data: picture.rgb, width, height };
    this.#resampler.resample(source, viewRectangle(view, sizes), target, offset, inputSize, inputSize);
  }
}
