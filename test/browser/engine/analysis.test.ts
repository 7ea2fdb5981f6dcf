/** Real runs that go wrong, each in its own way: the analysis calls each by its name, in both languages. */
import { expect } from "chai";
import { analyse } from "../../../src/domain/analysis/analyse.ts";
import { sentenceOf } from "../../../src/domain/analysis/sentences.ts";
import type { Experiment, Layer } from "../../../src/domain/experiment/experiment.ts";
import { judgedImages } from "../../../src/domain/run/predictions.ts";
import { divergenceProblem, type Run } from "../../../src/domain/run/run.ts";
import { languages, Writer } from "../../../src/domain/text/writer.ts";
import { getModel } from "../../../src/storage/models.ts";
import { getRun } from "../../../src/storage/runs.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { smallBaseline } from "./small-experiments.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

const { service: engine, stop } = startEngine();
const ignore = (): void => undefined;

describe("the analysis of runs that go wrong", function () {
  this.timeout(60_000);

  before(async () => {
    valueOf(await engine.start({ choice: "wasm" }));
  });
  after(stop);

  /** Trains, and judges the validation images as the app does when a run ends. */
  async function analysed(experiment: Experiment, stopsAfterAnEpoch = false) {
    const dataset = await storeTinyDataset(experiment.pixels);
    const { id } = await queueRun(dataset, experiment);
    const controller = new AbortController();
    const onEvent = ({ type }: { readonly type: string }): void => {
      if (stopsAfterAnEpoch && type === "epoch") controller.abort();
    };
    await engine.train(id, onEvent, controller.signal);
    const run = (await getRun(id))!;
    const judged = run.modelId === null ? null : await judge(run, run.modelId);
    const findings = analyse({ run, judged, validationPositives: null, others: [] });
    const texts = languages.map((language) =>
      findings.map((finding) => sentenceOf(finding, new Writer(language))).join(" "),
    );
    for (const text of texts) expect(text).not.to.match(/undefined|NaN|null/);
    return { run, kinds: findings.map(({ kind }) => kind), texts };
  }

  async function judge(run: Run, modelId: string) {
    const imageIds = run.split.validation;
    const measured = valueOf(
      await engine.outputs({ modelId, datasetId: run.datasetId, imageIds }, ignore, new AbortController().signal),
    );
    const { output, calibration, threshold } = (await getModel(modelId))!.metadata;
    const classNames = imageIds.map((id) => id.split("/")[0]!);
    const epochs = run.history.length;
    const predictions = { runId: run.id, part: "validation" as const, epochs, classNames, output, ...measured };
    return { ...judgedImages(run, predictions, calibration), threshold };
  }

  it("one that a penalty presses to one class: a collapse, with the recall of each class that is never found", async () => {
    const layers = smallBaseline.layers.map((layer) =>
      layer.type === "conv2d" || layer.type === "dense" ? { ...layer, penalty: { l1: 3, l2: 0 } } : layer,
    );
    const { kinds, texts } = await analysed({ ...smallBaseline, layers, epochs: 4 });
    expect(kinds[0]).to.equal("collapsed");
    expect(kinds).to.not.include("overfitting");
    expect(texts[0])
      .to.contain("collapsed to one class (L1 3)")
      .and.to.contain("(recall 0), by original class: Photo 0/4.");
    expect(texts[1]).to.contain("s’est effondré sur une seule classe").and.to.contain("Photo 0/4");
  });

  it("one whose numbers overflow: it diverged, in which epoch", async () => {
    // Each as large as one may be; together more than float32 holds.
    const louder: Layer[] = Array.from({ length: 7 }, () => ({ type: "rescaling", scale: 1e6, offset: 0 }));
    const layers = [...louder, ...smallBaseline.layers.slice(1)];
    const { run, kinds, texts } = await analysed({ ...smallBaseline, layers });
    expect(run).to.include({ status: "failed", problem: divergenceProblem(1) });
    expect(kinds).to.deep.equal(["diverged"]);
    expect(texts[0]).to.contain("The training diverged: in epoch 1 the loss was no longer a number.");
    expect(texts[1]).to.contain("L’entraînement a divergé");
  });

  it("one that is stopped after an epoch: cut short, and an epoch is no trend", async () => {
    const { run, kinds, texts } = await analysed({ ...smallBaseline, epochs: 50 }, true);
    expect(run.history).to.have.length(1);
    expect(kinds.slice(0, 1)).to.deep.equal(["cut-short"]);
    expect(kinds).to.include("no-trend").and.not.include("overfitting").and.not.include("stability");
    expect(texts[0]).to.contain("ended after epoch 1 of 50 (stopped by hand)");
    expect(texts[1]).to.contain("Une seule époque montre un état");
  });
});
