import { expect } from "chai";
import { Datasets } from "../../../src/app/services/dataset-service.ts";
import type { PixelPreparer } from "../../../src/app/services/judging.ts";
import { Tabs } from "../../../src/app/services/tabs.ts";
import { Training } from "../../../src/app/services/training-service.ts";
import { failed } from "../../../src/contract/outcome.ts";
import { kerasSplit } from "../../../src/domain/dataset/split.ts";
import { defaultSplit, notebookSplit } from "../../../src/domain/dataset/split-types.ts";
import { waitingRuns } from "../../../src/domain/run/queue.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { getModel, updateModel } from "../../../src/storage/models.ts";
import { getPredictions } from "../../../src/storage/predictions.ts";
import { getRun, putRun } from "../../../src/storage/runs.ts";
import { putSetting } from "../../../src/storage/settings.ts";
import {
  clearDatabase,
  epochOf,
  FakeDecoders,
  FakeEngine,
  folderOf,
  nextTurn,
  pathsOf,
  smallExperiment,
  until,
} from "./fakes.ts";

const neverAborted = new AbortController().signal;

describe("training service", () => {
  let engine: FakeEngine;
  let tabs: Tabs;
  let otherTabs: Tabs;
  let datasets: Datasets;
  let training: Training;
  let datasetId: string;
  let models = 0;

  const create = (line: Tabs): Training =>
    new Training({ engine, pixels: datasets, tabs: line, onModel: () => (models += 1) });

  beforeEach(async () => {
    await clearDatabase();
    const name = crypto.randomUUID();
    tabs = new Tabs(name);
    otherTabs = new Tabs(name);
    engine = new FakeEngine();
    models = 0;
    datasets = new Datasets({ decoders: new FakeDecoders(), tabs, onStorage: () => undefined });
    training = create(tabs);
    const imported = await datasets.importFolder(folderOf(pathsOf(10, "Photo", "Text")));
    if (!imported.ok) throw new Error(imported.message);
    datasetId = imported.value.id;
  });
  afterEach(() => {
    tabs.close();
    otherTabs.close();
  });

  /** Lets the first `epochs` epochs go by, and then waits for the end of the test. */
  function hold(epochs: number): void {
    engine.gate = (epoch) => (epoch <= epochs ? Promise.resolve() : new Promise(() => undefined));
  }

  /** As after a reload: no picked file is in memory any more, and the folder is not remembered, until `allowReading`. */
  function reloaded(): { training: Training; allowReading: () => void } {
    const forgetful = new Datasets({ decoders: new FakeDecoders(), tabs: otherTabs, onStorage: () => undefined });
    let isReadable = false;
    const pixels: PixelPreparer = {
      prepare: (...input) => (isReadable ? datasets : forgetful).prepare(...input),
    };
    return {
      training: new Training({ engine, pixels, tabs: otherTabs, onModel: () => (models += 1) }),
      allowReading: () => (isReadable = true),
    };
  }

  it("trains on the split that is asked for, and stores it with the run and what leaks", async () => {
    const phases = new Set<string>();
    training.active.subscribe(() => phases.add(training.active.value?.phase ?? "idle"));
    const outcome = await training.train(datasetId, smallExperiment, notebookSplit);
    if (!outcome.ok) throw new Error(outcome.message);
    const { split, leakage, status, history, positiveClass, classNames } = outcome.value;
    expect(leakage).to.deep.equal({ validation: { exact: null, near: null, source: null }, test: null });
    expect(split).to.deep.equal(kerasSplit(await datasets.images(datasetId), 0.2, 42));
    expect({ status, positiveClass, classNames }).to.deep.equal({
      status: "finished",
      positiveClass: "Photo",
      classNames: ["Photo", "Text"],
    });
    expect(history.map((values) => values.epoch)).to.deep.equal([1, 2, 3]);
    expect([...phases]).to.include.members(["preparing", "starting", "training", "idle"]);
    expect(models).to.equal(3);
    expect(training.runs.value.map((run) => run.id)).to.deep.equal([outcome.value.id]);
    expect(training.active.value).to.equal(null);
  });

  it("gives several runs the very same split, with a test part by default", async () => {
    const drawn = await training.drawSplit(datasetId, defaultSplit);
    if (!drawn.ok) throw new Error(drawn.message);
    expect(drawn.value.test).to.have.length.above(0);
    const first = await training.train(datasetId, smallExperiment, drawn.value);
    const second = await training.train(datasetId, { ...smallExperiment, seed: 7 }, drawn.value);
    const third = await training.train(datasetId, smallExperiment);
    if (!first.ok || !second.ok || !third.ok) throw new Error("A run failed.");
    for (const { split } of [first.value, second.value, third.value]) expect(split).to.deep.equal(drawn.value);
  });

  it("refuses nonsense before anything is stored", async () => {
    expect(await training.train(datasetId, { ...smallExperiment, batchSize: 0 })).to.include({
      ok: false,
      code: "bad-input",
    });
    expect(await training.train("gone", smallExperiment)).to.include({ ok: false, code: "not-found" });
    await datasets.setPositiveClass(datasetId, "Photo");
    const lonely = await datasets.importFolder(folderOf(["Photo/a.png"], "lonely"));
    if (!lonely.ok) throw new Error(lonely.message);
    expect(await training.train(lonely.value.id, smallExperiment)).to.include({ ok: false, code: "too-few-images" });
    expect(training.runs.value).to.deep.equal([]);
    expect(training.active.value).to.equal(null);
  });

  it("stops, and keeps what the last finished epoch reached", async () => {
    hold(1);
    const running = training.train(datasetId, smallExperiment);
    await until(() => training.active.value?.run.history.length === 1);
    training.stop();
    expect(training.active.value?.phase).to.equal("stopping");
    const outcome = await running;
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.value.status).to.equal("stopped");
    expect(outcome.value.history).to.have.length(1);
    expect(outcome.value.modelId).to.not.equal(null);
  });

  it("ends a run as stopped where the engine had to be terminated for it", async () => {
    engine.train = async (runId, _onEvent, signal) => {
      await putRun({ ...(await getRun(runId))!, status: "running" });
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return { ok: false, code: "cancelled", message: "The worker had to be terminated.", remedy: "" };
    };
    const running = training.train(datasetId, smallExperiment);
    await until(() => training.active.value?.phase === "starting");
    await nextTurn(20);
    training.stop();
    const outcome = await running;
    expect(outcome.ok && outcome.value.status).to.equal("stopped");
    expect(training.runs.value[0]?.status).to.equal("stopped");
  });

  it("marks the run as interrupted where the engine dies, with its epochs", async () => {
    engine.diesIn = 3;
    const outcome = await training.train(datasetId, smallExperiment);
    expect(outcome).to.include({ ok: false, code: "worker-died" });
    const [run] = training.runs.value;
    expect(run).to.include({ status: "interrupted", problem: "The engine stopped working." });
    expect(run?.history).to.have.length(2);
    expect((await training.train(datasetId, { ...smallExperiment, epochs: 1 })).ok).to.equal(true);
  });

  it("goes on by itself where the engine dies once, from its last epoch, and says so", async () => {
    engine.diesIn = 3;
    engine.deaths = 1;
    const told: (string | null)[] = [];
    training.active.subscribe(() => told.push(training.active.value?.recovered ?? null));
    const outcome = await training.train(datasetId, { ...smallExperiment, epochs: 4 });
    expect(outcome.ok && outcome.value.status).to.equal("finished");
    expect(training.runs.value[0]?.history.map(({ epoch }) => epoch)).to.deep.equal([1, 2, 3, 4]);
    expect(told).to.include("The engine stopped working.");
  });

  it("goes on with a stopped run from its last epoch, but not with a finished one", async () => {
    hold(2);
    const running = training.train(datasetId, { ...smallExperiment, epochs: 4 });
    await until(() => training.active.value?.run.history.length === 2);
    training.stop();
    await running;
    const [stopped] = training.runs.value;
    expect(stopped).to.include({ status: "stopped", checkpointEpoch: 2 });
    engine.gate = () => Promise.resolve();
    const outcome = await training.resumeRun(stopped!.id);
    expect(outcome.ok && outcome.value.status).to.equal("finished");
    expect(training.runs.value[0]?.history.map(({ epoch }) => epoch)).to.deep.equal([1, 2, 3, 4]);
    expect(await training.resumeRun(stopped!.id)).to.include({ ok: false, code: "bad-input" });
    expect(await training.resumeRun("nobody")).to.include({ ok: false, code: "not-found" });
  });

  it("marks at start-up what a closed tab left running", async () => {
    const finished = await training.train(datasetId, smallExperiment);
    if (!finished.ok) throw new Error(finished.message);
    await putRun({ ...finished.value, id: "left", status: "running" });
    await putRun({ ...finished.value, id: "waiting", status: "queued" });
    await create(otherTabs).load();
    const statusOf = async (id: string): Promise<Run["status"] | undefined> => (await getRun(id))?.status;
    expect(await statusOf("left")).to.equal("interrupted");
    expect(await statusOf("waiting")).to.equal("interrupted");
    expect(await statusOf(finished.value.id)).to.equal("finished");
  });

  it("lets another tab watch and stop, but not train, nor take the run for a left one", async () => {
    hold(1);
    const other = create(otherTabs);
    await other.load();
    const running = training.train(datasetId, smallExperiment);
    await until(() => other.active.value?.run.history.length === 1);
    expect(await other.train(datasetId, smallExperiment)).to.include({ ok: false, code: "busy" });
    const late = create(otherTabs);
    await late.load();
    expect(late.runs.value[0]?.status).to.equal("running");
    expect(await late.train(datasetId, smallExperiment)).to.include({ ok: false, code: "busy" });
    other.stop();
    const outcome = await running;
    expect(outcome.ok && outcome.value.status).to.equal("stopped");
    await until(() => other.active.value === null && other.runs.value[0]?.status === "stopped");
  });

  it("says that a model diverged rather than judging by what is no number", async () => {
    engine.probabilityOf = () => Number.NaN;
    const outcome = await training.train(datasetId, smallExperiment);
    if (!outcome.ok) throw new Error(outcome.message);
    const evaluated = await training.predictions(outcome.value.id, "validation", () => undefined, neverAborted);
    expect(evaluated).to.include({ ok: false, code: "diverged" });
  });

  /** An experiment that is told apart by its seed. */
  const seeded = (seed: number) => ({ ...smallExperiment, epochs: 2, seed });
  const seedsOf = (runs: readonly Run[]): number[] => runs.map(({ experiment }) => experiment.seed);
  const statuses = (): string[] =>
    [...training.runs.value].reverse().map(({ experiment, status }) => `${experiment.seed} ${status}`);
  const idle = (): Promise<void> =>
    until(() => training.active.value === null && waitingRuns(training.runs.value).length === 0);

  describe("queue", () => {
    it("works off several runs in order, all on one split", async () => {
      const order: number[] = [];
      training.active.subscribe(() => {
        const seed = training.active.value?.run.experiment.seed;
        if (seed !== undefined && order.at(-1) !== seed) order.push(seed);
      });
      const outcome = await training.enqueue(datasetId, [seeded(7), seeded(8), seeded(9)]);
      expect(outcome.ok && seedsOf(outcome.value)).to.deep.equal([7, 8, 9]);
      await idle();
      expect(order).to.deep.equal([7, 8, 9]);
      expect(statuses()).to.deep.equal(["7 finished", "8 finished", "9 finished"]);
      const splits = training.runs.value.map(({ split }) => JSON.stringify(split));
      expect(new Set(splits).size).to.equal(1);
      expect(new Set(training.runs.value.map(({ queue }) => queue?.id)).size).to.equal(1);
    });

    it("refuses all where one is nonsense, and names it", async () => {
      const outcome = await training.enqueue(datasetId, [seeded(1), { ...seeded(2), batchSize: 0 }]);
      expect(outcome.ok).to.equal(false);
      expect(!outcome.ok && outcome.message).to.equal("baseline, seed 2: The batch size is 0.");
      expect(training.runs.value).to.deep.equal([]);
    });

    it("changes the order, takes a run out and puts it back", async () => {
      await training.holdQueue(true);
      const outcome = await training.enqueue(datasetId, [seeded(1), seeded(2), seeded(3)]);
      if (!outcome.ok) throw new Error(outcome.message);
      const [first, second, third] = outcome.value;
      const waiting = (): number[] => seedsOf(waitingRuns(training.runs.value));
      await training.moveInQueue(third!.id, -1);
      expect(waiting()).to.deep.equal([1, 3, 2]);
      await training.moveInQueue(first!.id, -1);
      expect(waiting(), "the first one stays").to.deep.equal([1, 3, 2]);
      const undo = await training.withdraw(second!.id);
      expect(waiting()).to.deep.equal([1, 3]);
      await undo();
      expect(waiting()).to.deep.equal([1, 3, 2]);
      expect(training.active.value).to.equal(null);
    });

    it("goes on with the next where one is stopped, and holds where all are", async () => {
      engine.gate = () => new Promise(() => undefined);
      await training.enqueue(datasetId, [seeded(1), seeded(2), seeded(3)]);
      await until(() => training.active.value?.phase === "training");
      training.stop();
      await until(() => training.active.value?.run.experiment.seed === 2 && training.active.value.phase === "training");
      await training.holdQueue(true);
      training.stop();
      await until(() => training.active.value === null && statuses()[1] === "2 stopped");
      expect(statuses()).to.deep.equal(["1 stopped", "2 stopped", "3 queued"]);
      engine.gate = () => Promise.resolve();
      await training.holdQueue(false);
      await idle();
      expect(statuses()).to.deep.equal(["1 stopped", "2 stopped", "3 finished"]);
    });

    it("goes on after the app was closed: the run from its last epoch, then the rest", async () => {
      await training.holdQueue(true);
      const outcome = await training.enqueue(datasetId, [seeded(1), seeded(2)]);
      if (!outcome.ok) throw new Error(outcome.message);
      // As a tab leaves it that is closed in the second epoch of the first run.
      const closed: Run = { ...outcome.value[0]!, status: "running", history: [epochOf(1)], checkpointEpoch: 1 };
      await putRun(closed);
      await putSetting("queueHeld", false);
      const next = create(otherTabs);
      await next.load();
      await until(() => next.active.value === null && waitingRuns(next.runs.value).length === 0);
      const ended = next.runs.value.map(({ status, history }) => `${status} ${history.length}`);
      expect(ended).to.deep.equal(["finished 2", "finished 2"]);
      expect((await getRun(closed.id))?.queue?.lost).to.deep.equal({ epoch: 1, times: 1 });
    });

    it("begins after the run that was started by itself", async () => {
      hold(1);
      const running = training.train(datasetId, seeded(1));
      await until(() => training.active.value?.run.history.length === 1);
      await training.enqueue(datasetId, [seeded(2)]);
      expect(training.active.value?.run.experiment.seed).to.equal(1);
      engine.gate = () => Promise.resolve();
      training.stop();
      await running;
      await idle();
      expect(statuses()).to.deep.equal(["1 stopped", "2 finished"]);
    });

    it("waits where the next run would fail of the same", async () => {
      engine.train = () => Promise.resolve(failed("backend-unavailable", "There is no backend."));
      await training.enqueue(datasetId, [seeded(1), seeded(2)]);
      await until(() => training.queueHeld.value && training.active.value === null);
      expect(statuses()).to.deep.equal(["1 queued", "2 queued"]);
      expect(training.queueProblem.value).to.include({ code: "backend-unavailable" });
      // What is told after a reload.
      const next = create(otherTabs);
      await next.load();
      expect(next.queueProblem.value).to.deep.equal(failed("backend-unavailable", "There is no backend."));
    });

    it("waits for the person where files cannot be read again, after what can be computed without them", async () => {
      await datasets.prepare(datasetId, smallExperiment.pixels, () => undefined, neverAborted);
      const { training: away, allowReading } = reloaded();
      const larger = { ...seeded(1), inputSize: 64, pixels: { ...smallExperiment.pixels, width: 64, height: 64 } };
      await away.enqueue(datasetId, [larger, seeded(2)]);
      await until(() => away.queueHeld.value && away.active.value === null);
      const ended = (): string[] =>
        away.runs.value.map(({ experiment, status }) => `${experiment.seed} ${status}`).sort();
      expect(ended()).to.deep.equal(["1 queued", "2 finished"]);
      expect(away.queueProblem.value).to.include({ code: "not-cached" });
      // The person lets it go on, and the folder can be read now.
      allowReading();
      await away.holdQueue(false);
      await until(() => away.active.value === null && waitingRuns(away.runs.value).length === 0);
      expect(ended()).to.deep.equal(["1 finished", "2 finished"]);
      expect(away.queueProblem.value).to.equal(null);
    });
  });

  it("judges the images kept from a run once, when it ends; again when it went on; and forgets them with it", async () => {
    const predictions = (id: string, part: "validation" | "test") =>
      training.predictions(id, part, () => undefined, neverAborted);
    const outcome = await training.train(datasetId, smallExperiment);
    if (!outcome.ok) throw new Error(outcome.message);
    const { id, split, modelId } = outcome.value;
    expect(engine.outputCalls).to.equal(2);
    for (const part of ["validation", "test"] as const) {
      const judged = await predictions(id, part);
      if (!judged.ok) throw new Error(judged.message);
      expect(judged.value.imageIds).to.deep.equal(split[part]);
      expect(judged.value.classNames).to.deep.equal(split[part].map((imageId) => imageId.split("/")[0]));
      expect([...judged.value.labels]).to.deep.equal(
        split[part].map((imageId) => Number(imageId.startsWith("Photo/"))),
      );
      expect(judged.value.millisecondsPerImage).to.equal(2.5);
      expect(judged.value.probabilities[0]).to.be.closeTo(judged.value.labels[0] === 1 ? 0.9 : 0.1, 1e-6);
    }
    expect(engine.outputCalls).to.equal(2);

    const model = (await getModel(modelId!))!;
    await updateModel({ ...model, metadata: { ...model.metadata, calibration: { scale: 1, shift: -100 } } });
    const shifted = await predictions(id, "test");
    if (!shifted.ok) throw new Error(shifted.message);
    expect(Math.max(...shifted.value.probabilities)).to.be.below(1e-6);
    expect(engine.outputCalls).to.equal(2);

    const run = (await getRun(id))!;
    await putRun({ ...run, history: [...run.history, epochOf(4)] });
    await predictions(id, "test");
    expect(engine.outputCalls).to.equal(3);

    await training.remove(id);
    expect(await getPredictions(id, "validation")).to.equal(undefined);
    expect(await predictions(id, "test")).to.include({ ok: false, code: "not-found" });
  });

  it("says of a run without a test part that it has none", async () => {
    const outcome = await training.train(datasetId, smallExperiment, notebookSplit);
    if (!outcome.ok) throw new Error(outcome.message);
    const judged = await training.predictions(outcome.value.id, "test", () => undefined, neverAborted);
    expect(judged).to.include({ ok: false, code: "too-few-images" });
  });

  it("removes a run, but not the one that is computed", async () => {
    hold(1);
    const running = training.train(datasetId, smallExperiment);
    await until(() => training.active.value?.run.history.length === 1);
    const { runId } = training.active.value!;
    await training.remove(runId);
    expect(await getRun(runId)).to.not.equal(undefined);
    training.stop();
    await running;
    await training.remove(runId);
    expect(training.runs.value).to.deep.equal([]);
  });
});
