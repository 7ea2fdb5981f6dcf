/** The labelling, loaded when somebody adds captures to a dataset. */
import type { LabellingService } from "../../../ui/services/labelling-service.ts";
import type { LabellingParts } from "./labelling-service.ts";

export class LazyLabelling implements LabellingService {
  readonly #parts: LabellingParts;

  constructor(parts: LabellingParts) {
    this.#parts = parts;
  }

  async addToDataset(...args: Parameters<LabellingService["addToDataset"]>) {
    const { Labelling } = await import("./labelling-service.ts");
    return new Labelling(this.#parts).addToDataset(...args);
  }
}
