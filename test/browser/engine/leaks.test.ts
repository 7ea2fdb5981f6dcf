/** Training steps leave nothing behind: 200 of them hold what 20 held. */
import { expect } from "chai";
import type { BackendRequest } from "../../../src/contract/engine.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { measurementOf } from "./measurement.ts";
import { smallBaseline, smallResidual } from "./small-experiments.ts";

const builds: readonly BackendRequest[] = [
  { choice: "wasm", threads: 2 },
  { choice: "wasm", simd: "none" },
];

for (const request of builds) {
  describe(`training steps on wasm, ${request.simd ?? "the best build"}`, function () {
    this.timeout(60_000);
    const { service: engine, stop } = startEngine();

    after(stop);

    for (const [name, experiment] of Object.entries({ baseline: smallBaseline, residual: smallResidual })) {
      it(`${name}: tensors and heap stay where they are`, async () => {
        valueOf(await engine.start(request));
        const measurement = await measurementOf(engine);
        const task = { experiment, outputs: experiment.output === "binary" ? 1 : 3, warmup: 0 };
        const few = valueOf(await measurement.trainingSteps({ ...task, steps: 20 }));
        const { tensors } = await engine.memory();
        const many = valueOf(await measurement.trainingSteps({ ...task, steps: 200 }));
        expect((await engine.memory()).tensors).to.equal(tensors);
        expect(many.peakHeapBytes).to.equal(few.peakHeapBytes);
      });
    }
  });
}
