/** Runs a network over the views of many pictures, batch by batch. */
import type { View } from "../../../src/domain/experiment/experiment.ts";
import * as tf from "../backends/tensors.ts";
import { type StretchedPicture, type ViewFormat, ViewMaker } from "../stream/views.ts";

export interface ForwardFormat extends ViewFormat {
  readonly views: readonly View[];
  /** Network input = byte · scale + offset. */
  readonly scale: number;
  readonly offset: number;
}

/** A network, loaded or in training. */
export interface Judging {
  predictOnBatch(pictures: tf.Tensor4D): tf.Tensor | tf.Tensor[];
}

export class Forward {
  readonly #model: Judging;
  readonly #format: ForwardFormat;
  readonly #maker: ViewMaker;

  constructor(model: Judging, format: ForwardFormat) {
    this.#model = model;
    this.#format = format;
    this.#maker = new ViewMaker(format);
  }

  /** Outputs of the network for each picture and each of its views: `[picture][view]` numbers an output. */
  async run(pictures: readonly StretchedPicture[]): Promise<Float32Array[][]> {
    const { inputSize, views } = this.#format;
    const numbers = inputSize * inputSize * 3;
    const pixels = new Float32Array(pictures.length * views.length * numbers);
    let offset = 0;
    for (const picture of pictures) {
      for (const view of views) {
        this.#maker.write(picture, view, pixels, offset);
        offset += numbers;
      }
    }
    const values = await this.#predict(pixels, pictures.length * views.length);
    const width = values.length / (pictures.length * views.length);
    return pictures.map((_, picture) =>
      views.map((_view, view) => {
        const begin = (picture * views.length + view) * width;
        return values.slice(begin, begin + width);
      }),
    );
  }

  async #predict(pixels: Float32Array, images: number): Promise<Float32Array> {
    const { inputSize, scale, offset } = this.#format;
    const output = tf.tidy(() => {
      const x = tf.tensor4d(pixels, [images, inputSize, inputSize, 3]);
      const scaled = scale === 1 && offset === 0 ? x : tf.add<tf.Tensor4D>(tf.mul(x, scale), offset);
      return this.#model.predictOnBatch(scaled) as tf.Tensor;
    });
    try {
      return (await output.data()) as Float32Array;
    } finally {
      output.dispose();
    }
  }
}

/** The mean of the views' outputs. */
export function meanOf(views: readonly Float32Array[]): Float32Array {
  const first = views[0]!;
  return first.map((_, i) => views.reduce((sum, view) => sum + view[i]!, 0) / views.length);
}
