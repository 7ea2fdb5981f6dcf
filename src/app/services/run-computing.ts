/** Computes one stored run to its end: pixels, engine, one recovery, and how it ended where the engine cannot say so any more. */
import type { TrainingEvent } from "../../contract/engine.ts";
import type { ErrorCode, Outcome } from "../../contract/outcome.ts";
import type { Run } from "../../domain/run/run.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { getRun, putRun } from "../../storage/runs.ts";
import type { ActiveRun } from "../../ui/services/training-service.ts";
import type { PixelPreparer } from "./judging.ts";

export interface ComputingParts {
  readonly engine: Pick<Engine, "train">;
  readonly pixels: PixelPreparer;
  /** Changes what is told of the run that is computed. */
  readonly show: (change: Partial<ActiveRun>) => void;
  /** Called when a run was stored. */
  readonly onRun: () => Promise<void>;
  /** Called when a run's model was stored. */
  readonly onModel: () => void;
}

/** Computes a run, new or to go on, to its end. */
export async function computeRun(run: Run, parts: ComputingParts, signal: AbortSignal): Promise<Outcome<Run>> {
  const { show } = parts;
  const onProgress = (preparing: ActiveRun["preparing"]) => show({ preparing });
  const cached = await parts.pixels.prepare(run.datasetId, run.experiment.pixels, onProgress, signal);
  // One that waited in the queue is stored already.
  if (!cached.ok) return (await getRun(run.id)) ? settle(run.id, cached, signal.aborted) : cached;

  for (let isRecovery = false; ; isRecovery = true) {
    // As stored: what the attempt before this one reached.
    await putRun({ ...((await getRun(run.id)) ?? run), status: "queued", problem: "" });
    await parts.onRun();
    show({ phase: "starting", preparing: null });
    const events = new EventOrder((event) => follow(event, run.id, parts));
    const outcome = await parts.engine.train(run.id, (event) => events.take(event), signal);
    await events.settled();
    if (outcome.ok || isRecovery || signal.aborted || !isRecoverable(outcome.code)) {
      return settle(run.id, outcome, signal.aborted);
    }
    const reached = await getRun(run.id);
    if (reached && reached.history.length > 0 && reached.checkpointEpoch === null) {
      return settle(run.id, outcome, false);
    }
    show({ recovered: outcome.message, started: null, step: null });
  }
}

async function follow(event: TrainingEvent, runId: string, { show, onModel, onRun }: ComputingParts): Promise<void> {
  switch (event.type) {
    case "extracting": {
      const { done, total, secondsLeft } = event;
      show({ preparing: { done, total, rate: null, secondsLeft }, phase: "extracting" });
      break;
    }
    case "started":
      show({ started: event, phase: "training" });
      break;
    case "step":
      show({ step: event, phase: "training" });
      break;
    case "paused":
      show({ phase: "paused" });
      break;
    case "validating":
      show({ phase: "validating" });
      break;
    case "epoch": {
      const run = await getRun(runId);
      if (run) show({ run, phase: "training" });
      onModel();
      await onRun();
    }
  }
}

/** The engine stores how a run ended; where it could not any more, it is said here. */
async function settle(runId: string, outcome: Outcome<Run>, wasStopped: boolean): Promise<Outcome<Run>> {
  const run = await getRun(runId);
  if (!run || (run.status !== "queued" && run.status !== "running")) return outcome;
  if (wasStopped) {
    const stopped: Run = { ...run, status: "stopped" };
    await putRun(stopped);
    return { ok: true, value: stopped };
  }
  const problem = outcome.ok ? "The engine left it unfinished." : outcome.message;
  const died = !outcome.ok && outcome.code === "worker-died";
  await putRun({ ...run, status: died ? "interrupted" : "failed", problem });
  return outcome;
}

/** The worker or its device is gone, and a new one may do better. */
function isRecoverable(code: ErrorCode): boolean {
  return code === "worker-died" || code === "device-lost";
}

/** Takes events one after the other, though what is done for one takes time. */
class EventOrder {
  readonly #act: (event: TrainingEvent) => Promise<void>;
  #last: Promise<void> = Promise.resolve();

  constructor(act: (event: TrainingEvent) => Promise<void>) {
    this.#act = act;
  }

  take(event: TrainingEvent): void {
    this.#last = this.#last.then(() => this.#act(event));
  }

  async settled(): Promise<void> {
    await this.#last;
  }
}
