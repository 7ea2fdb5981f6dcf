import { succeeded } from "../../../../src/contract/outcome.ts";
import { baseline, compact } from "../../../../src/domain/experiment/presets.ts";
import type { TrainingService } from "../../../../src/ui/services/training-service.ts";
import { someJudgedImages, someRun } from "../samples.ts";
import type { FakeState } from "./state.ts";

export function fakeTraining(fakes: FakeState): TrainingService {
  return {
    runs: fakes.runs,
    active: fakes.active,
    presets: [baseline, compact],
    drawSplit: async () => succeeded(someRun().split),
    train: async (datasetId, experiment, split) => {
      fakes.trained = experiment;
      const { preset, inputSize, epochs } = experiment;
      fakes.note(`train ${datasetId} ${preset} ${inputSize} ${epochs} ${split?.kind}`);
      const outcome = fakes.nextTraining ?? succeeded(someRun({ experiment }));
      if (outcome.ok) fakes.runs.set([outcome.value, ...fakes.runs.value]);
      return outcome;
    },
    enqueue: async (datasetId, experiments) => {
      const names = experiments.map(({ preset, seed }) => `${preset}/${seed}`).join(" ");
      fakes.note(`enqueue ${datasetId} ${names}`);
      return succeeded(experiments.map((experiment, index) => someRun({ id: `q${index}`, experiment })));
    },
    queueHeld: fakes.queueHeld,
    queueProblem: fakes.queueProblem,
    holdQueue: async (isHeld) => {
      fakes.note(isHeld ? "hold" : "let go on");
      fakes.queueHeld.set(isHeld);
    },
    moveInQueue: async (runId, by) => fakes.note(`move ${runId} ${by}`),
    withdraw: async (runId) => {
      fakes.note(`withdraw ${runId}`);
      return async () => fakes.note(`undo ${runId}`);
    },
    estimate: async () =>
      succeeded({
        parameters: 494_189,
        memoryBytes: 430e6,
        millisecondsPerStep: 200,
        secondsPerEpoch: 25,
        seconds: 500,
      }),
    resumeRun: async (runId) => {
      fakes.note(`resume ${runId}`);
      return succeeded(someRun({ id: runId }));
    },
    pause: (isPaused) => fakes.note(isPaused ? "pause" : "go on"),
    stop: () => fakes.note("stop"),
    predictions: async (runId, part) => {
      fakes.note(`predictions ${runId} ${part}`);
      return fakes.nextPredictions ?? succeeded(someJudgedImages({ runId, part }));
    },
    storedPredictions: async () => fakes.judgedBefore,
    remove: async (runId) => {
      fakes.note(`remove ${runId}`);
      fakes.runs.set(fakes.runs.value.filter((run) => run.id !== runId));
    },
  };
}
