import { expect } from "chai";
import type { Split } from "../../../src/domain/dataset/split-types.ts";
import { baseline, residual } from "../../../src/domain/experiment/presets.ts";
import { afterLoss, currentQueue, lastPlace, moved, waitingRuns } from "../../../src/domain/run/queue.ts";
import { secondsFor, secondsLeft } from "../../../src/domain/run/queue-time.ts";
import { computedSeconds, type EpochValues, queuedRun, type Run } from "../../../src/domain/run/run.ts";

function epochs(count: number, seconds: number): EpochValues[] {
  return Array.from({ length: count }, (_, index) => ({
    epoch: index + 1,
    loss: 1,
    accuracy: 0.5,
    validationLoss: 1,
    validationAccuracy: 0.5,
    seconds,
  }));
}

function runOf(id: string, change: Partial<Run> = {}): Run {
  const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const dataset = { id: "d", name: "d", classNames: ["Photo", "Text"], positiveClass: "Photo" };
  const split: Split = {
    kind: "keras",
    validationShare: 0.2,
    testShare: 0,
    bySource: false,
    seed: 42,
    training: ids("t", 80),
    validation: ids("v", 20),
    test: [],
  };
  const experiment = { ...baseline, inputSize: 64 };
  return {
    ...queuedRun(dataset, { id, experiment, split, leakage: null, createdAt: 1, queue: null }),
    ...change,
  };
}

const at = (place: number, lost: { epoch: number; times: number } | null = null) => ({ id: "q", place, lost });

describe("queue of runs", () => {
  const runs = [
    runOf("b", { queue: at(2) }),
    runOf("a", { queue: at(1) }),
    runOf("done", { queue: at(0), status: "finished" }),
    runOf("alone"),
  ];

  it("is what waits, in order of the places", () => {
    expect(waitingRuns(runs).map(({ id }) => id)).to.deep.equal(["a", "b"]);
    expect(currentQueue(runs)).to.equal("q");
    expect(currentQueue(runs.slice(2))).to.equal(null);
    expect(lastPlace(runs)).to.equal(3);
  });

  it("lets neighbours change places", () => {
    expect(moved(runs, "b", -1).map(({ id, queue }) => [id, queue?.place])).to.deep.equal([
      ["b", 1],
      ["a", 2],
    ]);
    expect(moved(runs, "a", -1)).to.deep.equal([]);
    expect(moved(runs, "done", 1)).to.deep.equal([]);
  });

  it("tries a run again that was lost, but not one that takes the tab along each time", () => {
    const lost = (run: Run) => ({ status: afterLoss(run).status, lost: afterLoss(run).queue?.lost });
    const running = { status: "running", queue: at(0) } as const;
    expect(lost(runOf("x", running))).to.deep.equal({ status: "queued", lost: { epoch: 0, times: 1 } });
    const twice = { ...running, queue: at(0, { epoch: 0, times: 2 }) };
    expect(lost(runOf("x", twice)).status).to.equal("interrupted");
    // An epoch has ended in between.
    expect(lost(runOf("x", { ...twice, history: epochs(1, 9) }))).to.deep.equal({
      status: "queued",
      lost: { epoch: 1, times: 1 },
    });
    expect(afterLoss(runOf("x", { status: "running" })).status).to.equal("interrupted");
  });

  it("reckons the time from the run most like it, by the operations left", () => {
    const timed = runOf("timed", { history: epochs(20, 10), status: "finished" });
    const whole = secondsFor(runOf("next"), [timed])!;
    expect(whole).to.be.closeTo(200, 1e-6);
    expect(secondsFor(runOf("half", { history: epochs(10, 1) }), [timed])).to.be.closeTo(100, 1e-6);
    // Four times the pixels: the convolutions cost four times as much, as does the first dense layer.
    const large = runOf("large", { experiment: { ...baseline, inputSize: 128 } });
    expect(secondsFor(large, [timed])! / whole).to.be.closeTo(4, 0.02);
    const other = runOf("other", { experiment: residual, history: epochs(24, 1000) });
    expect(secondsFor(runOf("next"), [other, timed])).to.equal(whole);
    expect(secondsFor(runOf("next"), [])).to.equal(null);
    // Fixed features take as long as they took before, image by image, and then the epochs.
    const engine = { ...timed.engine!, featureSeconds: 60 };
    const half = {
      ...timed.split,
      training: timed.split.training.slice(0, timed.split.training.length / 2),
      validation: [],
    };
    const images = timed.split.training.length + timed.split.validation.length;
    const fixed = runOf("fixed", { experiment: residual, history: epochs(4, 1), engine });
    const again = secondsFor(runOf("again", { experiment: residual, split: half }), [fixed])!;
    const without = secondsFor(runOf("again", { experiment: residual, split: half }), [{ ...fixed, engine: null }])!;
    expect(computedSeconds(fixed)).to.equal(60 + 4);
    expect(computedSeconds({ ...fixed, engine: null })).to.equal(4);
    expect(again - without).to.be.closeTo((60 * half.training.length) / images, 1e-6);
  });

  it("adds up what is computed and what waits", () => {
    const active = runOf("active", { history: epochs(10, 10), status: "running", queue: at(0) });
    const waiting = [runOf("a", { queue: at(1) }), runOf("b", { queue: at(2) })];
    expect(secondsLeft([...waiting, active], active, 95)).to.be.closeTo(95 + 400, 1e-6);
    expect(secondsLeft([...waiting, active], active, null)).to.be.closeTo(100 + 400, 1e-6);
    expect(secondsLeft(waiting, null, null)).to.equal(null);
    expect(secondsLeft([], null, null)).to.equal(0);
  });
});
