import { expect } from "chai";
import type { TrainingEvent } from "../../../src/contract/engine.ts";
import { baseline, compact } from "../../../src/domain/experiment/presets.ts";
import { withOverrides } from "../../../src/domain/experiment/overrides.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { getModel, getWeights } from "../../../src/storage/models.ts";
import { getRun } from "../../../src/storage/runs.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

const { service: engine, stop } = startEngine();
const ignore = () => undefined;
const never = new AbortController().signal;

/** The notebook's network, small. */
const small: Experiment = withOverrides(baseline, { size: 16, epochs: 3, batchSize: 8 });
/** The compact network, small and short. */
const smallCompact: Experiment = withOverrides(
  {
    ...compact,
    layers: compact.layers.filter((layer, i) => layer.type !== "residual-block" || i < 6),
  },
  { size: 28, epochs: 3, batchSize: 12, samplesPerEpoch: 48 },
);

async function train(experiment: Experiment, signal = never, onEvent: (event: TrainingEvent) => void = ignore) {
  const dataset = await storeTinyDataset(experiment.pixels);
  const run = await queueRun(dataset, experiment);
  return valueOf(await engine.train(run.id, onEvent, signal));
}

async function weightsOf(run: Run): Promise<Float32Array> {
  const stored = await getWeights(run.modelId!);
  return new Float32Array(await stored!.weights.arrayBuffer());
}

describe("training on wasm", function () {
  this.timeout(60_000);

  after(stop);

  before(async () => {
    valueOf(await engine.start({ choice: "wasm" }));
  });

  for (const [name, experiment] of Object.entries({ baseline: small, compact: smallCompact })) {
    it(`${name}: the loss falls, and run and model are stored`, async () => {
      const events: TrainingEvent[] = [];
      const run = await train({ ...experiment, epochs: 4 }, never, (event) => events.push(event));
      console.log(JSON.stringify(run.history), JSON.stringify(run.engine));
      expect(run.status).to.equal("finished");
      expect(run.history.map(({ epoch }) => epoch)).to.deep.equal([1, 2, 3, 4]);
      expect(run.history.at(-1)!.loss).to.be.below(run.history[0]!.loss);
      expect(await getRun(run.id)).to.deep.equal(run);
      const model = await getModel(run.modelId!);
      expect(model?.metadata.training?.history).to.deep.equal(run.history);
      expect(model?.weightBytes).to.equal(4 * run.engine!.parameters);
      expect(events[0]?.type).to.equal("started");
      expect(events.filter(({ type }) => type === "epoch")).to.have.length(4);
    });
  }
});
