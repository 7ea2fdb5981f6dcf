/** Why a model says what it says: finds the picture, and asks the engine. */
import { failed } from "../../contract/outcome.ts";
import type { Capture } from "../../domain/capture/capture.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { getModel } from "../../storage/models.ts";
import type { Explain, ExplanationService } from "../../ui/services/explanation-service.ts";
import type { PixelPreparer } from "./judging.ts";

interface Parts {
  readonly engine: Pick<Engine, "explain">;
  readonly pixels: PixelPreparer;
  /** A capture's file, where it can be had without asking. */
  original(capture: Capture): Promise<File | undefined>;
}

const noModel = failed("not-found", "The model is not there any more.", "Classify the image again.");

export class Explanations implements ExplanationService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  ofImage(modelId: string, datasetId: string, imageId: string): Explain {
    return async (onStep, signal) => {
      const { engine, pixels } = this.#parts;
      const model = await getModel(modelId);
      if (!model) return noModel;
      const format = model.metadata.preprocessing.pixels;
      const cached = await pixels.prepare(
        datasetId,
        format,
        (progress) => onStep({ type: "preparing", progress }),
        signal,
      );
      if (!cached.ok) return cached;
      return engine.explain({ modelId, picture: { kind: "cached", datasetId, imageId } }, onStep, signal);
    };
  }

  ofCapture(capture: Capture): Explain {
    return async (onStep, signal) => {
      const { modelId, page } = capture;
      if (!(await getModel(modelId))) return noModel;
      const file = await this.#parts.original(capture);
      if (!file) {
        return failed(
          "not-found",
          `The file ${capture.file} cannot be read any more.`,
          "Go on with its batch and choose the same files or folder again, then ask once more.",
        );
      }
      return this.#parts.engine.explain({ modelId, picture: { kind: "file", file, page } }, onStep, signal);
    };
  }
}
