/** Tamis' own decoding, preprocessing and networks, with the model in memory alone: the page that embeds it has no database of ours. */
import type { EmbedService, OpenedModel, PageVerdict } from "../../src/contract/embed.ts";
import type { ModelFile } from "../../src/contract/engine.ts";
import type { Outcome } from "../../src/contract/outcome.ts";
import { verdictOf } from "../../src/domain/capture/capture.ts";
import { calibrated } from "../../src/domain/model/calibration.ts";
import type { ModelMetadata } from "../../src/domain/model/model.ts";
import { positiveOf } from "../../src/domain/model/output.ts";
import { decodeFile } from "../decode/decode-file.ts";
import { startBackend } from "../engine/backends/index.ts";
import { Forward, meanOf } from "../engine/evaluation/forward.ts";
import { predictionBatch } from "../engine/evaluation/predict.ts";
import { EngineError, outcomeOf } from "../engine/failure.ts";
import { modelFromFiles } from "../engine/formats/import-model.ts";
import { loadStored } from "../engine/formats/load.ts";
import { withAdapters } from "../engine/models/adapters.ts";
import type { LoadedNetwork } from "../engine/models/loaded-network.ts";

interface Opened {
  readonly network: LoadedNetwork;
  readonly metadata: ModelMetadata;
  readonly forward: Forward;
}

export class Embedded implements EmbedService {
  #backend: Promise<unknown> | null = null;
  #opened: Opened | null = null;
  /** Calls run one after the other: a network is not disposed of while it judges. */
  #last: Promise<unknown> = Promise.resolve();

  open(files: readonly ModelFile[]): Promise<Outcome<OpenedModel>> {
    return this.#next(async () => {
      await this.#start();
      const { model, stored } = await modelFromFiles(files, { origin: "imported" });
      if (model.questions) {
        throw new EngineError(
          "bad-model",
          "The model's files do not say which output is a photo, or how pixels are prepared.",
          "Import it into Tamis, answer what is asked there, and export it as a Tamis zip.",
        );
      }
      const { metadata } = model;
      const network = withAdapters(await loadStored(stored), metadata);
      this.#opened?.network.dispose();
      this.#opened = { network, metadata, forward: new Forward(network, metadata.preprocessing) };
      const { name, threshold, reviewBand, output } = metadata;
      return { name, threshold, reviewBand, labels: output.labels, positive: output.labels[output.positive]! };
    });
  }

  classify(file: Blob): Promise<Outcome<readonly PageVerdict[]>> {
    return this.#next(async () => {
      if (!this.#opened) throw new EngineError("not-found", "No model is open.", "Open one first.");
      const { metadata, forward } = this.#opened;
      const decoded = await decodeFile({ file, pixels: metadata.preprocessing.pixels, thumbnailSize: 0 });
      if (!decoded.ok)
        throw new EngineError("bad-input", `${decoded.reason}: ${decoded.detail}`, "Choose another file.");
      const verdicts: PageVerdict[] = [];
      for (let begin = 0; begin < decoded.pages.length; begin += predictionBatch) {
        const pages = decoded.pages.slice(begin, begin + predictionBatch);
        const outputs = await forward.run(pages);
        for (const [place, { page }] of pages.entries()) {
          const p = positiveOf(metadata.output, meanOf(outputs[place]!))[0]!;
          const probability = calibrated(p, metadata.calibration);
          verdicts.push({ page, probability, verdict: verdictOf(probability, metadata) });
        }
      }
      return verdicts;
    });
  }

  /** A start that failed is tried again by the next call. */
  async #start(): Promise<void> {
    // WebGPU pays off in training; here it would only be one more thing that a page has to allow.
    this.#backend ??= startBackend("wasm");
    try {
      await this.#backend;
    } catch (error) {
      this.#backend = null;
      throw error;
    }
  }

  #next<T>(work: () => Promise<T>): Promise<Outcome<T>> {
    const result = this.#last.then(() => outcomeOf(work));
    this.#last = result;
    return result;
  }
}
