/** The estimate before a run: near what happens, and nothing is left of it. */
import { expect } from "chai";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { memoryEstimate } from "../../../src/domain/experiment/memory-estimate.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { smallBaseline, smallResidual } from "./small-experiments.ts";

const { service: engine, stop } = startEngine();
const never = new AbortController().signal;
const requestOf = (experiment: Experiment) => ({
  experiment,
  classes: 3,
  trainingImages: 80,
  positives: 20,
  validationImages: 20,
});

describe("the estimate of a run", function () {
  this.timeout(60_000);

  before(async () => {
    valueOf(await engine.start({ choice: "wasm" }));
  });

  after(stop);

  for (const [name, experiment] of Object.entries({ baseline: smallBaseline, residual: smallResidual })) {
    it(`comes from real steps and leaves no tensor behind: ${name}`, async () => {
      // The first one makes what is kept between calls.
      valueOf(await engine.estimate(requestOf(experiment), never));
      const before = await engine.memory();
      const estimate = valueOf(await engine.estimate(requestOf(experiment), never));
      expect((await engine.memory()).tensors).to.equal(before.tensors);
      expect((await engine.memory()).heapBytes).to.equal(before.heapBytes);
      const { parameters, bytes } = memoryEstimate(experiment, experiment.output === "binary" ? 1 : 3);
      expect(estimate).to.include({ parameters, memoryBytes: bytes });
      expect(estimate.millisecondsPerStep).to.be.above(0);
      expect(estimate.secondsPerEpoch * 1000).to.be.above(estimate.millisecondsPerStep * 4);
      expect(estimate.seconds).to.be.above(0);
      // Where the first epochs are smaller they are timed apart, and on a busy machine a small step may take longer than a large one.
      if (experiment.earlySize === null) {
        expect(estimate.seconds).to.be.closeTo(estimate.secondsPerEpoch * experiment.epochs, estimate.seconds / 1000);
      }
    });
  }

  it("can be called off", async () => {
    const before = await engine.memory();
    const outcome = await engine.estimate(requestOf(smallBaseline), AbortSignal.abort());
    expect(outcome).to.include({ ok: false, code: "cancelled" });
    expect((await engine.memory()).tensors).to.equal(before.tensors);
  });
});
