/** Answers the command line's questions about the engine. */
import { expose } from "comlink";
import type { BackendInfo } from "../../../src/contract/engine.ts";
import type { MeasurementService } from "../../../src/contract/measurement.ts";
import type { Outcome } from "../../../src/contract/outcome.ts";
import { runModelFile } from "../parity/predict.ts";
import { computeReference } from "../parity/reference.ts";
import { timeAugmentation } from "./augmentation.ts";
import { timeInferences, timeModel, timeTrainingSteps, topologyOf } from "./timing.ts";

/** Runs what needs a backend. */
type Work = <T>(work: (backend: BackendInfo) => Promise<T>) => Promise<Outcome<T>>;

export function exposeMeasurement(port: MessagePort, work: Work): void {
  const service: MeasurementService = {
    computeReference: (reference) => work(() => computeReference(reference)),
    runModelFile: (files, reference) => work(() => runModelFile(files, reference)),
    trainingSteps: (request) => work(() => timeTrainingSteps(request)),
    augmentation: (request) => work(() => timeAugmentation(request)),
    topology: (request) => work(() => topologyOf(request)),
    inferences: (request) => work(() => timeInferences(request)),
    modelInferences: (request) => work(() => timeModel(request)),
  };
  expose(service, port);
}
