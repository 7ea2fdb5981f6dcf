/** Why a model says what it says of a picture: Grad-CAM where there are layers to differentiate, and occlusion as the check. */
import type { ExplanationEvent, ExplanationRequest } from "../../../src/contract/engine.ts";
import { viewRectangle } from "../../../src/domain/augment/views.ts";
import { rankCorrelation } from "../../../src/domain/explanation/agreement.ts";
import type { Explanation, GradCamLack } from "../../../src/domain/explanation/explanation.ts";
import {
  type Grid,
  type HeatMap,
  meanOfViews,
  PictureFrame,
  sampleGrid,
  type ViewMap,
} from "../../../src/domain/explanation/heat-map.ts";
import { calibrated } from "../../../src/domain/model/calibration.ts";
import { positiveOf } from "../../../src/domain/model/output.ts";
import * as tf from "../backends/tensors.ts";
import type { Decoders } from "../classification/decoders.ts";
import { Forward, meanOf } from "../evaluation/forward.ts";
import { predictionBatch } from "../evaluation/predict.ts";
import { EngineError } from "../failure.ts";
import { arranged } from "../models/adapters.ts";
import type { LoadedModel } from "../models/loaded-models.ts";
import { fitted } from "../models/loaded-network.ts";
import { imagesById, requireDataset } from "../stream/image-list.ts";
import { PixelStore } from "../stream/pixel-store.ts";
import { type StretchedPicture, ViewMaker } from "../stream/views.ts";
import { letMessagesIn } from "../yield.ts";
import { gradCam } from "./grad-cam.ts";
import { grey, Occlusion } from "./occlusion.ts";

type OnEvent = (event: ExplanationEvent) => void;

/** @throws EngineError `bad-input` where the file cannot be read, `not-cached` where the image's pixels are not there, `diverged` */
export async function explain(
  model: LoadedModel,
  decoders: Decoders,
  request: ExplanationRequest,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<Explanation> {
  const picture = await pictureOf(model, decoders, request, signal);
  return new Explaining(model, picture, onEvent, signal).run();
}

async function pictureOf(
  { info }: LoadedModel,
  decoders: Decoders,
  { picture }: ExplanationRequest,
  signal: AbortSignal,
): Promise<StretchedPicture> {
  const { pixels } = info.metadata.preprocessing;
  if (picture.kind === "cached") {
    const { datasetId, imageId } = picture;
    await requireDataset(datasetId);
    const [image] = await imagesById(datasetId, [imageId]);
    const store = await PixelStore.open(datasetId, pixels, [imageId]);
    const [rgb] = await store.read([0]);
    return { rgb: rgb!, width: image!.width, height: image!.height };
  }
  const decoded = await decoders.decode({ file: picture.file, pixels, thumbnailSize: 0 }, signal);
  const remedy = "Choose the file again, or another one.";
  if (!decoded.ok) throw new EngineError("bad-input", `The file cannot be read: ${decoded.detail}`, remedy);
  const page = decoded.pages.find((one) => one.page === picture.page);
  if (!page) throw new EngineError("bad-input", `The file has no page ${picture.page + 1} that can be read.`, remedy);
  return page;
}

class Explaining {
  readonly #model: LoadedModel;
  readonly #picture: StretchedPicture;
  readonly #onEvent: OnEvent;
  readonly #signal: AbortSignal;
  readonly #forward: Forward;
  readonly #frame: PictureFrame;

  constructor(model: LoadedModel, picture: StretchedPicture, onEvent: OnEvent, signal: AbortSignal) {
    const { preprocessing } = model.info.metadata;
    this.#model = model;
    this.#picture = picture;
    this.#onEvent = onEvent;
    this.#signal = signal;
    this.#forward = new Forward(model.network, preprocessing);
    this.#frame = new PictureFrame(picture, preprocessing.pixels);
  }

  async run(): Promise<Explanation> {
    const begin = performance.now();
    const [probability] = await this.#judge([this.#picture]);
    const views = await this.#gradients();
    const gradCamSeconds = (performance.now() - begin) / 1000;
    const gradCamMap = typeof views === "string" ? null : this.#fromViews(views);
    const gradCamLack = typeof views === "string" ? views : null;
    this.#onEvent({ type: "grad-cam", probability: probability!, map: gradCamMap, lack: gradCamLack });

    const covering = performance.now();
    const grid = await this.#occlude(probability!);
    const occlusion = this.#frame.heatMap("occlusion", (across, down) => sampleGrid(grid, across, down));
    const agreement = typeof views === "string" ? null : this.#agreement(views, grid);
    const seconds = { gradCam: gradCamSeconds, occlusion: (performance.now() - covering) / 1000 };
    return { probability: probability!, gradCam: gradCamMap, gradCamLack, occlusion, agreement, seconds };
  }

  /** P(positive), calibrated, of each picture. */
  async #judge(pictures: readonly StretchedPicture[]): Promise<number[]> {
    const { output, calibration } = this.#model.info.metadata;
    const outputs = await this.#forward.run(pictures);
    return outputs.map((views) => {
      const probability = calibrated(positiveOf(output, meanOf(views))[0]!, calibration);
      if (!Number.isNaN(probability)) return probability;
      throw new EngineError(
        "diverged",
        "The model's probabilities are not numbers: its training diverged.",
        "Train again with a smaller learning rate.",
      );
    });
  }

  async #gradients(): Promise<ViewMap[] | GradCamLack> {
    const { layers } = this.#model.network;
    if (!layers) return "no-layers";
    const { preprocessing, output } = this.#model.info.metadata;
    const { views, inputSize, pixels, scale, offset, channels } = preprocessing;
    const maker = new ViewMaker(preprocessing);
    const numbers = inputSize * inputSize * 3;
    const values = new Float32Array(views.length * numbers);
    for (const [place, view] of views.entries()) maker.write(this.#picture, view, values, place * numbers);
    const asInput = (bytes: tf.Tensor4D): tf.Tensor => {
      const scaled = tf.add<tf.Tensor4D>(tf.mul(bytes, scale), offset);
      return fitted(channels ? arranged(scaled, channels) : scaled, layers.inputs[0]!.shape.length);
    };
    const x = tf.tidy(() => asInput(tf.tensor4d(values, [views.length, inputSize, inputSize, 3])));
    const nothing = tf.tidy(() => asInput(tf.fill([1, inputSize, inputSize, 3], grey)));
    try {
      const maps = await gradCam(layers, output, x, nothing);
      if (typeof maps === "string") return maps;
      const sizes = { ...pixels, trueWidth: this.#picture.width, trueHeight: this.#picture.height };
      return maps.map((grid, place) => ({ grid, rectangle: viewRectangle(views[place]!, sizes) }));
    } finally {
      tf.dispose([x, nothing]);
    }
  }

  /** At a place of the window, shares of its sides. */
  #viewsAt(views: readonly ViewMap[], across: number, down: number): number {
    const { left, top, width, height } = this.#frame.window;
    return meanOfViews(views, left + across * width, top + down * height);
  }

  #fromViews(views: readonly ViewMap[]): HeatMap {
    return this.#frame.heatMap("grad-cam", (across, down) => this.#viewsAt(views, across, down));
  }

  #agreement(views: readonly ViewMap[], { columns, rows, values }: Grid): number | null {
    const same = values.map((_, i) =>
      this.#viewsAt(views, ((i % columns) + 0.5) / columns, (Math.floor(i / columns) + 0.5) / rows),
    );
    return rankCorrelation(same, values);
  }

  async #occlude(probability: number): Promise<Grid> {
    const { views, pixels } = this.#model.info.metadata.preprocessing;
    const occlusion = new Occlusion(this.#frame.window, pixels.width);
    const atOnce = Math.max(1, Math.floor(predictionBatch / views.length));
    const falls: number[] = [];
    while (falls.length < occlusion.count) {
      await letMessagesIn();
      this.#signal.throwIfAborted();
      const count = Math.min(atOnce, occlusion.count - falls.length);
      const covered = Array.from({ length: count }, (_, i) => occlusion.covered(this.#picture, falls.length + i));
      for (const p of await this.#judge(covered)) falls.push(probability - p);
      this.#onEvent({ type: "occluding", done: falls.length, total: occlusion.count });
    }
    return occlusion.grid(falls);
  }
}
