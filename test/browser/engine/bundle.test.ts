import {
  BlobReader,
  BlobWriter,
  configure,
  Uint8ArrayReader,
  ZipReader,
  ZipWriter,
} from "@zip.js/zip.js/lib/zip-core-native.js";
import { expect } from "chai";
import type { ModelFile } from "../../../src/contract/engine.ts";
import type { Dataset } from "../../../src/domain/dataset/dataset.ts";
import type { Model, ModelMetadata } from "../../../src/domain/model/model.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { putDecision } from "../../../src/storage/decisions.ts";
import { getModel } from "../../../src/storage/models.ts";
import { putPredictions } from "../../../src/storage/predictions.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { smallResidual } from "./small-experiments.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

configure({ useWebWorkers: false });

const { service: engine, stop } = startEngine();
const never = new AbortController().signal;
const ignore = (): void => undefined;

type Files = Map<string, Uint8Array>;

function fileOf(file: Blob): ModelFile[] {
  return [{ path: "model.zip", file }];
}

async function unzip(zip: Blob): Promise<Files> {
  const reader = new ZipReader(new BlobReader(zip));
  const files: Files = new Map();
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    const blob = await entry.getData(new BlobWriter());
    files.set(entry.filename, new Uint8Array(await blob.arrayBuffer()));
  }
  await reader.close();
  return files;
}

async function zipOf(files: Files): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter());
  for (const [name, bytes] of files) await writer.add(name, new Uint8ArrayReader(bytes));
  return writer.close();
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bundle with one of its descriptions changed. */
function edited(files: Files, name: string, edit: (json: Record<string, unknown>) => void): Files {
  const json = JSON.parse(decoder.decode(files.get(name))) as Record<string, unknown>;
  edit(json);
  return new Map(files).set(name, encoder.encode(JSON.stringify(json)));
}

function without(files: Files, name: string): Files {
  return new Map([...files].filter(([other]) => other !== name));
}

describe("model bundles", function () {
  this.timeout(120_000);
  let dataset: Dataset;
  let run: Run;
  let model: Model;
  let zip: Blob;
  let files: Files;

  before(async () => {
    valueOf(await engine.start({ choice: "wasm" }));
    dataset = await storeTinyDataset(smallResidual.pixels);
    run = valueOf(await engine.train((await queueRun(dataset, smallResidual)).id, ignore, never));
    model = (await getModel(run.modelId!))!;
    zip = valueOf(await engine.exportModel(model.id, { format: "tamis", precision: "float32" }));
    files = await unzip(zip);
  });

  after(stop);

  const predict = async (modelId: string) =>
    valueOf(await engine.predict({ modelId, datasetId: dataset.id, imageIds: run.split.validation }, ignore, never));

  it("a round trip gives the same model and the same probabilities, and leaves no tensor", async () => {
    const before = (await engine.memory()).tensors;
    const imported = valueOf(await engine.importModel(fileOf(zip), { origin: "imported" }));
    expect((await engine.memory()).tensors).to.equal(before);
    expect(imported.metadata).to.deep.equal(model.metadata);
    expect(imported.weightBytes).to.equal(model.weightBytes);
    expect(await predict(imported.id)).to.deep.equal(await predict(model.id));
  });

  it("holds what plain tfjs opens, with the final input size and Keras' names", () => {
    expect([...files.keys()].sort()).to.deep.equal([
      "LISEZMOI.md",
      "README.md",
      "metadata.json",
      "model.json",
      "weights.bin",
    ]);
    const text = decoder.decode(files.get("model.json"));
    const json = JSON.parse(text) as { format: string; weightsManifest: { paths: string[] }[] };
    expect(json.format).to.equal("layers-model");
    expect(json.weightsManifest[0]!.paths).to.deep.equal(["weights.bin"]);
    expect(text).to.include('"batch_input_shape":[null,28,28,3]');
    expect(text).to.include('"class_name":"BatchNormalization"').and.include('"class_name":"GlorotUniform"');
    const metadata = JSON.parse(decoder.decode(files.get("metadata.json"))) as ModelMetadata;
    expect(metadata).to.deep.equal(model.metadata);
  });

  it("says in a card what was measured and what decided for it; the figures travel with the model", async () => {
    const { validation } = run.split;
    const request = { modelId: model.id, datasetId: dataset.id, imageIds: validation };
    const { output } = model.metadata;
    const classNames = validation.map((imageId) => imageId.split("/")[0]!);
    const { outputs, millisecondsPerImage } = valueOf(await engine.outputs(request, ignore, never));
    await putPredictions({
      runId: run.id,
      part: "validation",
      epochs: run.history.length,
      classNames,
      output,
      outputs,
      millisecondsPerImage,
    });
    const reason = "Small | *and* as good.";
    await putDecision({
      datasetId: dataset.id,
      runId: run.id,
      reason,
      decidedAt: 1,
      comparedRunIds: [run.id],
      proposedRunId: null,
    });
    const carded = valueOf(await engine.exportModel(model.id, { format: "tamis", precision: "float16" }));
    const all = await unzip(carded);
    const [english, french] = ["README.md", "LISEZMOI.md"].map((name) => decoder.decode(all.get(name)));
    expect(english).to.contain(`On ${validation.length} validation images`).and.to.contain(`Run ${run.id}`);
    expect(english).to.contain("“Small \\| \\*and\\* as good.”");
    expect(french).to.contain("## Usage prévu").and.to.contain("Exactitude équilibrée");
    const imported = valueOf(await engine.importModel(fileOf(carded), { origin: "imported" }));
    const [measured] = imported.metadata.measured!;
    expect(measured).to.include({ part: "validation", images: validation.length });
    expect(measured!.figures.balancedAccuracy.interval).to.have.length(2);
    // Handed on once more, what was measured elsewhere is still said.
    const again = await unzip(
      valueOf(await engine.exportModel(imported.id, { format: "tamis", precision: "float32" })),
    );
    expect(decoder.decode(again.get("README.md"))).to.contain(`On ${validation.length} validation images`);
    const broken = edited(all, "metadata.json", (json) => (json["measured"] = [{ part: "moon" }]));
    expect(
      valueOf(await engine.importModel(fileOf(await zipOf(broken)), { origin: "imported" })).metadata.measured,
    ).to.deep.equal([]);
  });

  it("importing under an id replaces that model, also where it is loaded", async () => {
    const before = await predict(model.id);
    const other = valueOf(
      await engine.train((await queueRun(dataset, { ...smallResidual, seed: 3 })).id, ignore, never),
    );
    const otherZip = valueOf(await engine.exportModel(other.modelId!, { format: "tamis", precision: "float32" }));
    const copy = valueOf(await engine.importModel(fileOf(zip), { origin: "starter", id: "starter" }));
    expect(copy).to.include({ id: "starter", origin: "starter", runId: null });
    expect(await predict("starter")).to.deep.equal(before);
    valueOf(await engine.importModel(fileOf(otherZip), { origin: "starter", id: "starter" }));
    expect(await predict("starter")).to.deep.equal(await predict(other.modelId!));
  });

  it("refuses what is no bundle, or a damaged one, and names what is wrong", async () => {
    const weights = files.get("weights.bin")!;
    const noNumber = new Uint8Array(weights);
    new DataView(noNumber.buffer, noNumber.byteOffset).setFloat32(0, NaN, true);
    const flipped = new Uint8Array(await zip.arrayBuffer());
    flipped[flipped.length >> 1]! ^= 0xff;
    const cases: readonly [string, Blob, string][] = [
      ["no zip", new Blob(["this is not a zip, whatever its name says"]), "no model that Tamis knows"],
      ["truncated", zip.slice(0, zip.size / 2), "a zip that cannot be read"],
      ["a flipped byte in the weights", new Blob([flipped]), "weights.bin in the zip is damaged"],
      ["no model", await zipOf(without(files, "model.json")), "no model that Tamis knows"],
      ["no weights", await zipOf(without(files, "weights.bin")), "The weight file weights.bin is missing"],
      ["no JSON", await zipOf(new Map(files).set("metadata.json", encoder.encode("{"))), "metadata.json is not JSON"],
      ["short weights", await zipOf(new Map(files).set("weights.bin", weights.slice(4))), "weights.bin has"],
      ["NaN", await zipOf(new Map(files).set("weights.bin", noNumber)), "not all numbers"],
      [
        "a threshold beyond 1",
        await zipOf(edited(files, "metadata.json", (json) => (json.threshold = 1.5))),
        "metadata.json is not right at “threshold”",
      ],
      [
        "a newer version",
        await zipOf(edited(files, "metadata.json", (json) => (json.version = 3))),
        "newer version of Tamis",
      ],
      [
        "a positive label that is none",
        await zipOf(edited(files, "metadata.json", ({ output }) => ((output as { positive: number }).positive = 9))),
        "positive names no label",
      ],
      [
        "labels that are too many",
        await zipOf(
          edited(files, "metadata.json", ({ output }) => (output as { labels: string[] }).labels.push("More")),
        ),
        "The network has 3 outputs, and metadata.json describes 4",
      ],
      [
        "another input size",
        await zipOf(
          edited(
            files,
            "metadata.json",
            ({ preprocessing }) => ((preprocessing as { inputSize: number }).inputSize = 32),
          ),
        ),
        "The network takes [28,28,3]",
      ],
      [
        "a topology that is none",
        await zipOf(
          edited(
            files,
            "model.json",
            (json) => (json.modelTopology = { class_name: "Lambda", config: { name: "trick" } }),
          ),
        ),
        "does not run: Lambda “trick”",
      ],
    ];
    const before = (await engine.memory()).tensors;
    for (const [name, file, message] of cases) {
      const outcome = await engine.importModel(fileOf(file), { origin: "imported" });
      expect(outcome.ok, name).to.equal(false);
      if (outcome.ok) continue;
      expect(outcome.code, name).to.equal("bad-model");
      expect(outcome.message, name).to.include(message);
      expect(outcome.remedy, name).not.to.equal("");
    }
    expect((await engine.memory()).tensors).to.equal(before);
  });

  it("says that a model is gone", async () => {
    expect(await engine.exportModel("none", { format: "tamis", precision: "float32" })).to.include({
      ok: false,
      code: "not-found",
    });
  });
});
