/** Tells the command line how far a command is. */
import type { Progress } from "../../ui/services/progress.ts";
import type { Store } from "../../ui/services/store.ts";
import type { ActiveRun } from "../../ui/services/training-service.ts";
import type { ReportedProgress } from "./protocol.ts";

export function report(stage: ReportedProgress["stage"], progress: Progress, note = "", isMilestone = false): void {
  const { done, total, secondsLeft } = progress;
  window.tamisReport?.({ stage, done, total, secondsLeft, note, isMilestone });
}

/** Reports every value of a progress store until the returned function is called. */
export function watchProgress(stage: ReportedProgress["stage"], store: Store<Progress | null>): () => void {
  return store.subscribe(() => {
    if (store.value) report(stage, store.value);
  });
}

/** Reports a run: its preparation, its steps, and each finished epoch as a milestone. */
export function watchTraining(store: Store<ActiveRun | null>): () => void {
  let told = 0;
  return store.subscribe(() => {
    const active = store.value;
    if (!active) return;
    const { preparing, started, step, run } = active;
    const { epochs } = run.experiment;
    const counted = (done: number, secondsLeft: number | null): Progress => ({
      done,
      total: epochs,
      rate: null,
      secondsLeft,
    });
    const last = run.history.at(-1);
    if (last && last.epoch > told) {
      told = last.epoch;
      const note =
        `loss ${last.loss.toFixed(4)}, accuracy ${last.accuracy.toFixed(4)}, ` +
        `validation loss ${last.validationLoss.toFixed(4)}, accuracy ${last.validationAccuracy.toFixed(4)}, ` +
        `${last.seconds.toFixed(1)} s`;
      report("training", counted(told, step?.secondsLeft ?? null), note, true);
      return;
    }
    if ((active.phase === "preparing" || active.phase === "extracting") && preparing) {
      report(active.phase, preparing);
      return;
    }
    if (active.phase === "starting") {
      report("starting", counted(0, null));
      return;
    }
    if (active.phase === "validating") {
      report("validating", counted(step?.epoch ?? told + 1, step?.secondsLeft ?? null));
      return;
    }
    if (!step || !started) return;
    const note = `step ${step.step}/${started.stepsPerEpoch}, loss ${step.loss.toFixed(4)}, ${step.millisecondsPerStep.toFixed(0)} ms a step`;
    report("training", counted(step.epoch, step.secondsLeft), note);
  });
}
