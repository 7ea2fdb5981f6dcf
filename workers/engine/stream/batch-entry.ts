/** The batch worker: reads and augments the next batches while the engine trains on this one. It has no tensors. */
import { expose, transfer } from "comlink";
import { EngineError, outcomeOf } from "../failure.ts";
import type { BatchService } from "./batch-service.ts";
import { PixelStore } from "./pixel-store.ts";
import { type Batch, TrainingBatches } from "./training-batches.ts";

let batches: TrainingBatches | null = null;
let epochBatches: AsyncGenerator<Batch, void, void> | null = null;

const service: BatchService = {
  open: ({ experiment, positiveClass, datasetId, images }) =>
    outcomeOf(async () => {
      const ids = images.map(({ imageId }) => imageId);
      const store = await PixelStore.open(datasetId, experiment.pixels, ids);
      batches = new TrainingBatches(experiment, positiveClass, images, store);
      return { stepsPerEpoch: batches.stepsPerEpoch };
    }),
  begin(epoch) {
    epochBatches = batches?.epoch(epoch) ?? null;
    return Promise.resolve();
  },
  async next() {
    const outcome = await outcomeOf(async () => {
      if (!epochBatches) throw new EngineError("unexpected", "No epoch has begun.");
      const { value } = await epochBatches.next();
      return value ?? null;
    });
    return outcome.ok && outcome.value ? transfer(outcome, [outcome.value.pixels.buffer]) : outcome;
  },
};

expose(service);
