/** Classifies files: decoded by the decode workers, judged in batches, told page by page. */
import type { DecodedPage } from "../../../src/contract/decode.ts";
import type {
  ClassificationEvent,
  ClassificationItem,
  ClassificationRequest,
  ClassificationSummary,
} from "../../../src/contract/engine.ts";
import { imageStatisticsOf } from "../../../src/domain/drift/image-statistics.ts";
import { calibrated } from "../../../src/domain/model/calibration.ts";
import { positiveOf } from "../../../src/domain/model/output.ts";
import { Forward, meanOf } from "../evaluation/forward.ts";
import { predictionBatch } from "../evaluation/predict.ts";
import type { LoadedModel } from "../models/loaded-models.ts";
import { letMessagesIn } from "../yield.ts";
import type { Decoders } from "./decoders.ts";

/** Longer side of the small pictures for the screen, in pixels. */
const thumbnailSize = 256;

/** Pages that are decoded are judged after this at the latest, in milliseconds: a full batch is faster, and a person wants to see something. */
const mostPatience = 400;

interface WaitingPage {
  readonly id: string;
  readonly pages: number;
  readonly page: DecodedPage;
  /** What is wrong with pages of the file that are missing. */
  readonly damage: string | null;
}

type OnEvent = (event: ClassificationEvent) => void;

export async function classifyFiles(
  model: LoadedModel,
  decoders: Decoders,
  request: ClassificationRequest,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<ClassificationSummary> {
  const begin = performance.now();
  const classification = new Classification(model, decoders, request, onEvent, signal);
  await classification.run();
  const { pages, unreadable } = classification;
  return { pages, unreadable, seconds: (performance.now() - begin) / 1000 };
}

class Classification {
  pages = 0;
  unreadable = 0;
  readonly #model: LoadedModel;
  readonly #decoders: Decoders;
  readonly #request: ClassificationRequest;
  readonly #onEvent: OnEvent;
  readonly #signal: AbortSignal;
  readonly #forward: Forward;
  readonly #decoding = new Set<Promise<void>>();
  readonly #decoded: WaitingPage[] = [];
  #lastJudged = performance.now();

  constructor(
    model: LoadedModel,
    decoders: Decoders,
    request: ClassificationRequest,
    onEvent: OnEvent,
    signal: AbortSignal,
  ) {
    this.#model = model;
    this.#decoders = decoders;
    this.#request = request;
    this.#onEvent = onEvent;
    this.#signal = signal;
    this.#forward = new Forward(model.network, model.info.metadata.preprocessing);
  }

  async run(): Promise<void> {
    const items = this.#request.items[Symbol.iterator]();
    try {
      for (let next = items.next(); !next.done || this.#decoding.size > 0 || this.#decoded.length > 0;) {
        this.#signal.throwIfAborted();
        // Decoding stops while a batch is full: pages are large, and only so many may wait.
        while (!next.done && this.#hasRoom()) {
          this.#start(next.value);
          next = items.next();
        }
        if (this.#decoded.length >= predictionBatch || this.#decoding.size === 0 || this.#isDue()) await this.#judge();
        else await Promise.race(this.#decoding);
      }
    } finally {
      // After an abort or an error nobody asks any more what they came to.
      for (const decoding of this.#decoding) decoding.catch(() => undefined);
    }
  }

  #hasRoom(): boolean {
    const busy = this.#decoding.size;
    return busy < Math.max(this.#decoders.capacity, 1) && busy + this.#decoded.length < 2 * predictionBatch;
  }

  #start(item: ClassificationItem): void {
    const decoding = this.#decode(item).finally(() => this.#decoding.delete(decoding));
    this.#decoding.add(decoding);
  }

  async #decode({ id, file }: ClassificationItem): Promise<void> {
    const { pixels } = this.#model.info.metadata.preprocessing;
    const size = this.#request.thumbnails ? thumbnailSize : 0;
    const decoded = await this.#decoders.decode({ file, pixels, thumbnailSize: size }, this.#signal);
    if (!decoded.ok) {
      this.unreadable += 1;
      this.#onEvent({ type: "unreadable", id, reason: decoded.reason, detail: decoded.detail });
      return;
    }
    const pages = decoded.pages.length;
    for (const page of decoded.pages) this.#decoded.push({ id, pages, page, damage: decoded.damage });
  }

  /** A first page is shown at once, later ones when a batch is full or they have waited long enough. */
  #isDue(): boolean {
    if (this.#decoded.length === 0) return false;
    return this.pages === 0 || performance.now() - this.#lastJudged > mostPatience;
  }

  async #judge(): Promise<void> {
    const batch = this.#decoded.splice(0, predictionBatch);
    if (batch.length === 0) return;
    this.#lastJudged = performance.now();
    const pictures = batch.map(({ page }) => ({ rgb: page.rgb, width: page.width, height: page.height }));
    const outputs = await this.#forward.run(pictures);
    const { output, calibration } = this.#model.info.metadata;
    for (const [place, { id, pages, page, damage }] of batch.entries()) {
      const probability = calibrated(positiveOf(output, meanOf(outputs[place]!))[0]!, calibration);
      const { width, height, thumbnail } = page;
      const statistics = imageStatisticsOf(page.rgb, width, height);
      this.#onEvent({
        type: "page",
        id,
        page: page.page,
        pages,
        probability,
        width,
        height,
        thumbnail,
        statistics,
        damage,
      });
      this.pages += 1;
    }
    await letMessagesIn();
  }
}
