/** A run whose worker is killed goes on to the very weights of an undisturbed one. */
import { expect } from "chai";
import type { TrainingEvent } from "../../../src/contract/engine.ts";
import type { Dataset } from "../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { baseline, regularized } from "../../../src/domain/experiment/presets.ts";
import { withOverrides } from "../../../src/domain/experiment/overrides.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { getWeights } from "../../../src/storage/models.ts";
import { getCheckpoint, getRun, putRun } from "../../../src/storage/runs.ts";
import { startEngine, type TestEngine, valueOf } from "./engine-worker.ts";
import { smallBaseline, smallResidual } from "./small-experiments.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

const never = new AbortController().signal;
const threads = 2;
const small = (preset: string): Experiment =>
  withOverrides(
    regularized.find((known) => known.preset === preset)!,
    { size: 16, epochs: 5, batchSize: 8 },
  );

async function weightsOf(run: Run): Promise<Float32Array> {
  const stored = await getWeights(run.modelId!);
  return new Float32Array(await stored!.weights.arrayBuffer());
}

/** Trains, and answers null where the worker was killed by `onEvent`. */
async function train(run: Run, onEvent: (event: TrainingEvent, engine: TestEngine) => void): Promise<Run | null> {
  const engine = startEngine();
  valueOf(await engine.service.start({ choice: "wasm", threads }));
  const killed = new Promise<null>((resolve) => {
    const poll = setInterval(() => {
      if (!isKilled) return;
      clearInterval(poll);
      resolve(null);
    }, 20);
  });
  let isKilled = false;
  const ended = engine.service.train(
    run.id,
    (event) => {
      onEvent(event, {
        ...engine,
        stop() {
          isKilled = true;
          engine.stop();
        },
      });
    },
    never,
  );
  const outcome = await Promise.race([ended, killed]);
  if (outcome === null) return null;
  const value = valueOf(outcome);
  engine.stop();
  return value;
}

async function trained(dataset: Dataset, experiment: Experiment): Promise<Run> {
  const run = await train(await queueRun(dataset, experiment), () => undefined);
  return run!;
}

async function killedAndResumed(dataset: Dataset, experiment: Experiment): Promise<Run> {
  const queued = await queueRun(dataset, experiment);
  const killed = await train(queued, (event, engine) => {
    if (event.type === "epoch" && event.values.epoch === 2) engine.stop();
  });
  expect(killed).to.equal(null);
  // What it had done of epoch 3 by then is lost; the two epochs before are there.
  const left = (await getRun(queued.id))!;
  expect(left.status).to.equal("running");
  expect(left.checkpointEpoch).to.be.at.least(2);
  await putRun({ ...left, status: "queued" });
  const resumed = await train(left, () => undefined);
  return resumed!;
}

describe("a run whose worker is killed", function () {
  this.timeout(180_000);

  const experiments: Readonly<Record<string, Experiment>> = {
    baseline: { ...smallBaseline, epochs: 5 },
    "dropout, penalties, class weights": {
      ...small("dropout"),
      layers: small("dropout").layers.map((layer) =>
        layer.type === "dense" ? { ...layer, penalty: { l1: 0.001, l2: 0.01 } } : layer,
      ),
      classWeights: { kind: "balanced" },
    },
    "early stopping and oversampling": { ...small("early-stopping"), epochs: 5, sampling: { kind: "oversample" } },
    "compact, with averaged weights": { ...smallResidual, epochs: 5 },
  };
  for (const [name, experiment] of Object.entries(experiments)) {
    it(`ends as if nothing had happened: ${name}`, async () => {
      const dataset = await storeTinyDataset(experiment.pixels);
      const undisturbed = await trained(dataset, experiment);
      const resumed = await killedAndResumed(dataset, experiment);
      const figures = ({ history }: Run) => history.map(({ seconds: _, ...values }) => values);
      expect(figures(resumed)).to.deep.equal(figures(undisturbed));
      expect(resumed.keptEpoch).to.equal(undisturbed.keptEpoch);
      expect(await weightsOf(resumed)).to.deep.equal(await weightsOf(undisturbed));
      expect(resumed.status).to.equal("finished");
      // Nothing is left to go on from.
      expect(await getCheckpoint(resumed.id)).to.equal(undefined);
    });
  }
});

describe("training", function () {
  this.timeout(120_000);

  it("waits while it is paused, and ends as if it had not", async () => {
    const experiment = { ...smallBaseline, epochs: 2 };
    const dataset = await storeTinyDataset(experiment.pixels);
    const undisturbed = await trained(dataset, experiment);
    let pauses = 0;
    const run = await train(await queueRun(dataset, experiment), (event, { service }) => {
      if (event.type === "started") void service.pause(true);
      if (event.type !== "paused") return;
      pauses += 1;
      setTimeout(() => void service.pause(false), 300);
    });
    expect(pauses).to.equal(1);
    expect(await weightsOf(run!)).to.deep.equal(await weightsOf(undisturbed));
    expect(run!.history[0]!.seconds).to.be.below(undisturbed.history[0]!.seconds + 0.3);
  });

  it("stops where validation no longer improves, and keeps the best epoch", async () => {
    const experiment: Experiment = {
      ...smallBaseline,
      epochs: 40,
      earlyStopping: { patience: 2 },
      // Too fast to get better for long.
      optimizer: { ...baseline.optimizer, learningRate: 0.03 },
    };
    const run = await trained(await storeTinyDataset(experiment.pixels), experiment);
    const losses = run.history.map(({ validationLoss }) => validationLoss);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(run.keptEpoch).to.equal(best);
    expect(run.history.length).to.equal(Math.min(40, best + 2));
    expect(run.status).to.equal("finished");
  });

  it("adds what penalties cost to both losses", async () => {
    const without = { ...smallBaseline, epochs: 1, optimizer: { ...smallBaseline.optimizer, learningRate: 1e-9 } };
    const layers = without.layers.map((layer) =>
      layer.type === "dense" ? { ...layer, penalty: { l1: 0, l2: 0.5 } } : layer,
    );
    const dataset = await storeTinyDataset(without.pixels);
    const [plain, penalized] = [await trained(dataset, without), await trained(dataset, { ...without, layers })];
    const extra = penalized.history[0]!.loss - plain.history[0]!.loss;
    expect(extra).to.be.above(1);
    expect(penalized.history[0]!.validationLoss - plain.history[0]!.validationLoss).to.be.closeTo(extra, extra * 1e-3);
  });
});
