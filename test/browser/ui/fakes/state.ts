/** What the fake services say and remember: everything a test may want to look at or change. */
import { MutableStore } from "../../../../src/app/services/mutable-store.ts";
import type { Trial } from "../../../../src/contract/engine.ts";
import type { Failure, Outcome } from "../../../../src/contract/outcome.ts";
import type { Batch } from "../../../../src/domain/capture/batch.ts";
import type { Capture } from "../../../../src/domain/capture/capture.ts";
import type { FinalDecision } from "../../../../src/domain/comparison/decision.ts";
import type { Dataset, DatasetImage, Finding } from "../../../../src/domain/dataset/dataset.ts";
import type { KnownDuplicates } from "../../../../src/domain/dataset/leakage.ts";
import type { Experiment } from "../../../../src/domain/experiment/experiment.ts";
import type { Model } from "../../../../src/domain/model/model.ts";
import type { ExaminedRuns } from "../../../../src/domain/report/contents.ts";
import type { JudgedImages } from "../../../../src/domain/run/predictions.ts";
import type { Run } from "../../../../src/domain/run/run.ts";
import type { ImageChoice } from "../../../../src/domain/vetting/choices.ts";
import type { BatchProgress } from "../../../../src/ui/services/classification-service.ts";
import type { DatasetService } from "../../../../src/ui/services/dataset-service.ts";
import type { PickedFile, PickedFolder } from "../../../../src/ui/services/picked-files.ts";
import type { Locale, SystemService, Theme } from "../../../../src/ui/services/system-service.ts";
import type { ActiveRun } from "../../../../src/ui/services/training-service.ts";
import type { VettingService } from "../../../../src/ui/services/vetting-service.ts";
import { someBatch, someCounts, swatch } from "../samples.ts";

export class FakeState {
  readonly calls: string[] = [];
  /** What pictures are; tests take swatches. */
  picture: (name: string) => Promise<Blob | undefined> = swatch;
  nextImport: Outcome<Dataset> | null = null;
  nextTraining: Outcome<Run> | null = null;
  nextPredictions: Outcome<JudgedImages> | null = null;
  nextTrial: Outcome<Trial> | null = null;
  /** What is stored of a run's predictions. */
  judgedBefore: JudgedImages | null = null;
  classified: readonly PickedFile[] = [];
  /** What was trained last. */
  trained: Experiment | null = null;
  imported: PickedFolder | null = null;

  readonly datasetList = new MutableStore<readonly Dataset[]>([]);
  readonly importing = new MutableStore<DatasetService["importing"]["value"]>(null);
  readonly interrupted = new MutableStore<DatasetService["interrupted"]["value"]>([]);
  readonly images = new Map<string, readonly DatasetImage[]>();
  readonly findings = new Map<string, readonly Finding[]>();
  readonly searching = new MutableStore<VettingService["searching"]["value"]>(null);
  readonly duplicates = new Map<string, KnownDuplicates>();
  readonly histories = new MutableStore<VettingService["histories"]["value"]>(new Map());
  /** By image id, of whichever dataset. */
  readonly choices = new Map<string, ImageChoice>();
  readonly runs = new MutableStore<readonly Run[]>([]);
  readonly active = new MutableStore<ActiveRun | null>(null);
  readonly queueHeld = new MutableStore(false);
  readonly queueProblem = new MutableStore<Failure | null>(null);
  readonly modelList = new MutableStore<readonly Model[]>([]);
  readonly defaultModelId = new MutableStore<string | null>(null);
  readonly awaitsStarter = new MutableStore(false);
  readonly captures = new MutableStore<readonly Capture[]>([]);
  readonly batchList = new MutableStore<readonly Batch[]>([]);
  readonly openBatch = new MutableStore<Batch | null>(null);
  readonly classifying = new MutableStore<BatchProgress | null>(null);
  /** What an interrupted batch finds again by itself. */
  filesAgain: readonly PickedFile[] | null = null;
  readonly locale = new MutableStore<Locale>("en");
  readonly theme = new MutableStore<Theme>("system");
  readonly backend = new MutableStore<SystemService["backend"]["value"]>(null);
  readonly storage = new MutableStore<SystemService["storage"]["value"]>(null);
  readonly online = new MutableStore(true);
  readonly offlineReady = new MutableStore(false);
  readonly updateReady = new MutableStore(false);
  readonly installable = new MutableStore(false);

  /** Writes down what the person did. */
  note(call: string): void {
    this.calls.push(call);
  }

  /** What a comparison measures; null: the run of `someExaminedRuns`. */
  nextExamination: Outcome<ExaminedRuns> | null = null;
  readonly decisions = new MutableStore<readonly FinalDecision[]>([]);
  /** Makes these the captures of the open batch. */
  show(captures: readonly Capture[], change: Partial<Batch> = {}): void {
    const batch = someBatch(captures, { ...this.openBatch.value, ...someCounts(captures), ...change });
    this.captures.set(captures);
    this.openBatch.set(batch);
    this.batchList.set([batch, ...this.batchList.value.filter(({ id }) => id !== batch.id)]);
  }
}
