/** Networks whose evidence is in a known place: both maps must point there, on every backend, and nothing must stay behind. */
import * as tf from "@tensorflow/tfjs";
import { expose, transfer } from "comlink";
import { expect } from "chai";
import type { DecodedFile, DecodeRequest, DecodeService } from "../../../src/contract/decode.ts";
import type { ExplanationEvent } from "../../../src/contract/engine.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import type { Explanation } from "../../../src/domain/explanation/explanation.ts";
import { type Grid, type HeatMap, sampleGrid } from "../../../src/domain/explanation/heat-map.ts";
import { placeOfEvidence } from "../../../src/domain/explanation/place.ts";
import type { ModelOutput, Preprocessing } from "../../../src/domain/model/model.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { putModel } from "../../../src/storage/models.ts";
import type { ModelWeights } from "../../../src/storage/schema.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { smallBaseline, smallResidual } from "./small-experiments.ts";
import { savedModel } from "./tiny-backbone.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

const side = 32;
const never = new AbortController().signal;
const ignore = (): void => undefined;
const weight = 6;

/** Grey, its upper left quarter red and its lower right quarter blue, with some steps in the colours. */
function cornerPicture(): Uint8Array {
  const rgb = new Uint8Array(side * side * 3).fill(100);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isLeft = x < side / 2;
      if (isLeft !== y < side / 2) continue;
      rgb.set(isLeft ? [160 + 3 * x, 60, 60] : [60, 60, 160 + 3 * (y - side / 2)], (y * side + x) * 3);
    }
  }
  return rgb;
}

/** Two maps, of red and of blue; what is grey is in neither. */
function colourMaps() {
  const kernel = tf.tensor4d([1 / 255, 0, -1 / 255, -1 / 255, 0, 1 / 255], [1, 1, 3, 2]);
  return tf.layers.conv2d({ filters: 2, kernelSize: 1, activation: "relu", useBias: false, weights: [kernel] });
}

function meanThenDense(weights: number[][], activation: "sigmoid" | "softmax"): tf.LayersModel {
  const units = weights[0]!.length;
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [side, side, 3] }));
  model.add(colourMaps());
  model.add(tf.layers.globalAveragePooling2d({}));
  model.add(tf.layers.dense({ units, activation, weights: [tf.tensor2d(weights), tf.zeros([units])] }));
  return model;
}

/** The mean of each map of the picture. */
function mapsOf(rgb: Uint8Array): { readonly maps: Float32Array[]; readonly means: number[] } {
  const maps = [0, 2].map((channel) =>
    Float32Array.from({ length: side * side }, (_, i) => Math.max(0, (rgb[3 * i + channel]! - rgb[3 * i + 1]!) / 255)),
  );
  return { maps, means: maps.map((map) => map.reduce((sum, value) => sum + value, 0) / map.length) };
}

async function stored(
  network: Pick<ModelWeights, "topology" | "weightSpecs" | "weights"> & Partial<ModelWeights>,
  output: ModelOutput,
  change: Partial<Preprocessing> = {},
): Promise<string> {
  const id = crypto.randomUUID();
  const pixels = { width: side, height: side, resampling: "bilinear", aspect: "stretch" } as const;
  const metadata = {
    ...{ version: 1, name: "Corner", createdAt: 0, preset: "", parameters: 0, output, training: null },
    preprocessing: { pixels, inputSize: side, views: ["whole" as const], scale: 1, offset: 0, ...change },
    ...{ calibration: null, threshold: 0.5, reviewBand: null },
  };
  const model = { id, metadata, weightBytes: network.weights.size, origin: "imported" as const, runId: null };
  await putModel(model, { modelId: id, ...network });
  return id;
}

async function storedLayers(model: tf.LayersModel, output: ModelOutput, change?: Partial<Preprocessing>) {
  const { modelTopology, weightSpecs, weights } = await savedModel(model);
  return stored({ topology: modelTopology, weightSpecs, weights }, output, change);
}

/** Decodes every file to the corner picture, 640 × 320. */
function cornerDecoder(): MessagePort {
  const service: Pick<DecodeService, "decode"> = {
    decode: (_request: DecodeRequest): Promise<DecodedFile> =>
      Promise.resolve({
        ...{ ok: true, mediaType: "image/png", damage: null, sha256: null },
        pages: [{ page: 0, width: 640, height: 320, rgb: cornerPicture(), thumbnail: null, fingerprint: null }],
      }),
  };
  const { port1, port2 } = new MessageChannel();
  expose(service, port1);
  return port2;
}

const sigmoid: ModelOutput = { kind: "sigmoid", labels: ["Other", "Photo"], positive: 1 };

// What trained a run is no matter here, and a processor that plays a GPU takes half a minute for one: both backends explain the same runs.
const trainer = startEngine();
before(async () => {
  valueOf(await trainer.service.start({ choice: "wasm" }));
});
after(trainer.stop);
const trained = new Map<Experiment, Promise<Run>>();

function trainedRun(experiment: Experiment): Promise<Run> {
  const train = async (): Promise<Run> => {
    const dataset = await storeTinyDataset(experiment.pixels);
    const run = await queueRun(dataset, { ...experiment, epochs: 1 });
    return valueOf(await trainer.service.train(run.id, ignore, never));
  };
  const run = trained.get(experiment) ?? train();
  trained.set(experiment, run);
  return run;
}

for (const choice of ["wasm", "webgpu"] as const) {
  describe(`explanations on ${choice}`, function () {
    this.timeout(120_000);
    const { service: engine, stop } = startEngine();

    before(async () => {
      valueOf(await engine.start({ choice }));
      const port = cornerDecoder();
      await engine.connectDecoder(0, transfer(port, [port]));
    });
    after(stop);

    async function explain(modelId: string, page = 0): Promise<Explanation> {
      const picture = { kind: "file", file: new Blob(["picture"]), page } as const;
      return valueOf(await engine.explain({ modelId, picture }, ignore, never));
    }

    function expectMap(map: HeatMap | null, { maps }: ReturnType<typeof mapsOf>, alpha: readonly number[]): void {
      expect(map).to.include({ method: "grad-cam", columns: 64, rows: 32 });
      const values = maps[0]!.map((red, i) => alpha[0]! * red + alpha[1]! * maps[1]![i]!);
      const expected: Grid = { columns: side, rows: side, values };
      for (const [i, value] of map!.values.entries()) {
        const [across, down] = [((i % 64) + 0.5) / 64, (Math.floor(i / 64) + 0.5) / 32];
        expect(value).to.be.closeTo(sampleGrid(expected, across, down), 1e-6);
      }
    }

    it("a sigmoid: Grad-CAM is what it is by hand, both maps point to the corner, and they agree", async () => {
      const modelId = await storedLayers(meanThenDense([[weight], [-weight]], "sigmoid"), sigmoid);
      await explain(modelId);
      const before = (await engine.memory()).tensors;
      const { probability, gradCam, gradCamLack, occlusion, agreement } = await explain(modelId);
      expect((await engine.memory()).tensors).to.equal(before);
      const maps = mapsOf(cornerPicture());
      const z = weight * (maps.means[0]! - maps.means[1]!);
      expect(probability).to.be.closeTo(1 / (1 + Math.exp(-z)), 1e-5);
      expect(gradCamLack).to.equal(null);
      const alpha = weight / side ** 2;
      expectMap(gradCam, maps, [alpha, -alpha]);
      for (const map of [gradCam!, occlusion]) {
        expect(placeOfEvidence(map, "photo")).to.include({ row: "top", column: "left" });
        expect(placeOfEvidence(map, "not-photo")).to.include({ row: "bottom", column: "right" });
      }
      expect(occlusion.highest).to.be.within(0.001, 1);
      expect(agreement).to.be.within(0.8, 1);
    });

    if (choice === "wasm") onWasm();

    /** What does not depend on the backend's kernels. */
    function onWasm(): void {
      it("a softmax whose photo is its second output, turned round and in two views", async () => {
        const weights = [
          [1, 4, 0],
          [5, -2, 1],
        ];
        const output: ModelOutput = { kind: "softmax", labels: ["A", "Photo", "B"], positive: 1 };
        const modelId = await storedLayers(meanThenDense(weights, "softmax"), output);
        const maps = mapsOf(cornerPicture());
        const z = [0, 1, 2].map((label) => weights[0]![label]! * maps.means[0]! + weights[1]![label]! * maps.means[1]!);
        const others = [Math.exp(z[0]!), Math.exp(z[2]!)].map((e, _, all) => e / (all[0]! + all[1]!));
        const alpha = weights.map((row) => (row[1]! - others[0]! * row[0]! - others[1]! * row[2]!) / side ** 2);
        expectMap((await explain(modelId)).gradCam, maps, alpha);

        const views = { views: ["whole", "central-square"] as const };
        const twice = await explain(await storedLayers(meanThenDense(weights, "softmax"), output, views));
        expect(placeOfEvidence(twice.gradCam!, "photo")).to.include({ row: "top" });
        // The square of the middle does not reach there: one view of two looks at it.
        const [once] = maps.maps.map((map) => map[0]! * alpha[0]!);
        expect(twice.gradCam!.values[0]).to.be.closeTo(once! / 2, 1e-6);
        const reversed = { ...sigmoid, positive: 0 };
        const turned = await explain(await storedLayers(meanThenDense([[weight], [-weight]], "sigmoid"), reversed));
        expect(placeOfEvidence(turned.gradCam!, "photo")).to.include({ row: "bottom", column: "right" });
        expect(placeOfEvidence(turned.occlusion, "photo")).to.include({ row: "bottom", column: "right" });
      });

      it("a head on maps of two resolutions: the finer one, which everything goes through", async () => {
        const image = tf.input({ shape: [side, side, 3] });
        const fine = colourMaps().apply(image) as tf.SymbolicTensor;
        const half = tf.layers.averagePooling2d({ poolSize: 2 }).apply(fine);
        const ones = tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]);
        const coarse = tf.layers.conv2d({ filters: 2, kernelSize: 1, useBias: false, weights: [ones] }).apply(half);
        const means = [fine, coarse].map((map) => tf.layers.globalAveragePooling2d({}).apply(map) as tf.SymbolicTensor);
        const weights = [tf.tensor2d([[2], [-1], [4], [-3]]), tf.zeros([1])];
        const head = tf.layers.dense({ units: 1, activation: "sigmoid", weights });
        const output = head.apply(tf.layers.concatenate().apply(means)) as tf.SymbolicTensor;
        const { gradCam } = await explain(await storedLayers(tf.model({ inputs: image, outputs: output }), sigmoid));
        expectMap(gradCam, mapsOf(cornerPicture()), [6 / side ** 2, -4 / side ** 2]);
      });

      it("branches that meet after pooling: what each of their maps says of a place", async () => {
        const image = tf.input({ shape: [side, side, 3] });
        const convolve = (kernel: number[], x: tf.SymbolicTensor) =>
          tf.layers
            .conv2d({
              filters: 1,
              kernelSize: 1,
              activation: "relu",
              useBias: false,
              weights: [tf.tensor4d(kernel, [1, 1, 3, 1])],
            })
            .apply(x) as tf.SymbolicTensor;
        const red = convolve([1 / 255, -1 / 255, 0], image);
        const half = tf.layers.averagePooling2d({ poolSize: 2 }).apply(image) as tf.SymbolicTensor;
        const blue = convolve([0, -1 / 255, 1 / 255], half);
        const mean = (map: tf.SymbolicTensor) => tf.layers.globalAveragePooling2d({}).apply(map) as tf.SymbolicTensor;
        // A branch whose head looks at two resolutions, as a backbone's does.
        const coarse = tf.layers.averagePooling2d({ poolSize: 4 }).apply(red) as tf.SymbolicTensor;
        const both = tf.layers.concatenate().apply([mean(red), mean(coarse)]) as tf.SymbolicTensor;
        const means = [both, mean(blue)];
        const head = tf.layers.dense({
          ...{ units: 1, activation: "sigmoid" },
          weights: [tf.tensor2d([[weight / 2], [weight / 2], [-weight]]), tf.zeros([1])],
        });
        const output = head.apply(tf.layers.concatenate().apply(means)) as tf.SymbolicTensor;
        const { gradCam } = await explain(await storedLayers(tf.model({ inputs: image, outputs: output }), sigmoid));
        expect(placeOfEvidence(gradCam!, "photo")).to.include({ row: "top", column: "left" });
        expect(placeOfEvidence(gradCam!, "not-photo")).to.include({ row: "bottom", column: "right" });
        const [ofRed, ofBlue] = mapsOf(cornerPicture()).maps;
        const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
        // Places of the heat map are half as wide as the picture's: they count twice.
        const whole = (2 * weight * (sum(ofRed!) - sum(ofBlue!))) / side ** 2;
        expect(sum(gradCam!.values)).to.be.closeTo(whole, (0.02 * (sum(ofRed!) * weight)) / side ** 2);
      });

      it("what lies outside of a cut square is not seen", async () => {
        const pixels = { width: side, height: side, resampling: "bilinear", aspect: "crop" } as const;
        const modelId = await storedLayers(meanThenDense([[weight], [-weight]], "sigmoid"), sigmoid, { pixels });
        const { occlusion } = await explain(modelId);
        const seen = [...occlusion.values.subarray(0, 64)].map((value) => !Number.isNaN(value));
        expect(seen.indexOf(true)).to.equal(16);
        expect(seen.lastIndexOf(true)).to.equal(47);
      });

      it("says what is missing: no map in the network, no such page, no such image; stops when it is told to", async () => {
        const flat = tf.sequential();
        flat.add(tf.layers.flatten({ inputShape: [side, side, 3] }));
        flat.add(tf.layers.dense({ units: 1, activation: "sigmoid" }));
        const modelId = await storedLayers(flat, sigmoid, { scale: 1 / 255 });
        const { gradCam, gradCamLack, agreement } = await explain(modelId);
        expect({ gradCam, gradCamLack, agreement }).to.deep.equal({
          gradCam: null,
          gradCamLack: "no-map",
          agreement: null,
        });
        const file = { kind: "file", file: new Blob(["picture"]), page: 3 } as const;
        expect(await engine.explain({ modelId, picture: file }, ignore, never)).to.include({ code: "bad-input" });
        const cached = { kind: "cached", datasetId: "none", imageId: "a" } as const;
        expect(await engine.explain({ modelId, picture: cached }, ignore, never)).to.include({ code: "not-found" });
        const before = (await engine.memory()).tensors;
        const controller = new AbortController();
        const picture = { ...file, page: 0 };
        const stopping = engine.explain({ modelId, picture }, () => controller.abort(), controller.signal);
        expect(await stopping).to.include({ code: "cancelled" });
        expect((await engine.memory()).tensors).to.equal(before);
      });
    }

    it("through pooling, a wrapper and hidden layers: as tfjs' own gradient on its own backend has it", async () => {
      const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.glorotNormal({ seed }) });
      const inner = tf.sequential();
      inner.add(tf.layers.inputLayer({ inputShape: [side, side, 3] }));
      inner.add(tf.layers.rescaling({ scale: 1 / 255 }));
      inner.add(tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", ...seeded(1) }));
      inner.add(tf.layers.batchNormalization({}));
      inner.add(tf.layers.reLU({}));
      inner.add(tf.layers.maxPooling2d({ poolSize: 4 }));
      const model = tf.sequential();
      model.add(inner);
      model.add(tf.layers.flatten({}));
      model.add(tf.layers.dense({ units: 8, activation: "relu", ...seeded(2) }));
      model.add(tf.layers.dense({ units: 1, activation: "sigmoid", ...seeded(3) }));

      const values = tf
        .tidy(() => {
          const x = tf.tensor4d(Array.from(cornerPicture()), [1, side, side, 3]);
          const upTo = inner.layers
            .slice(-5, -1)
            .reduce<tf.Tensor>((given, layer) => layer.apply(given) as tf.Tensor, x);
          const grey = inner.layers
            .slice(-5, -1)
            .reduce<tf.Tensor>((given, layer) => layer.apply(given) as tf.Tensor, tf.fill([1, side, side, 3], 128));
          const [hidden, last] = [model.layers[2]!, model.layers[3]!];
          const logit = (map: tf.Tensor) => {
            const pooled = tf.reshape(tf.maxPool(map as tf.Tensor4D, 4, 4, "valid"), [1, -1]);
            return tf.matMul(hidden.apply(pooled) as tf.Tensor2D, last.weights[0]!.read());
          };
          const alpha = tf.mean(tf.grad(logit)(upTo), [1, 2], true);
          return tf.sum(tf.mul(tf.sub(upTo, grey), alpha), 3);
        })
        .dataSync<"float32">();
      const expected: Grid = { columns: side, rows: side, values };
      const { gradCam } = await explain(await storedLayers(model, sigmoid));
      const scale = Math.max(...values.map(Math.abs));
      expect(scale).to.be.above(1e-4);
      for (const [i, value] of gradCam!.values.entries()) {
        const wanted = sampleGrid(expected, ((i % 64) + 0.5) / 64, (Math.floor(i / 64) + 0.5) / 32);
        expect((value - wanted) / scale).to.be.closeTo(0, 1e-4);
      }
    });

    for (const [name, experiment] of Object.entries({ baseline: smallBaseline, residual: smallResidual })) {
      it(`a run of ${name}, on an image of its dataset: the map arrives first, then the covering, and no tensor stays`, async () => {
        const { modelId, datasetId, split } = await trainedRun(experiment);
        const picture = { kind: "cached", datasetId, imageId: split.validation[0]! } as const;
        const request = { modelId: modelId!, picture };
        valueOf(await engine.explain(request, ignore, never));
        const before = (await engine.memory()).tensors;
        const events: ExplanationEvent[] = [];
        const outcome = valueOf(await engine.explain(request, (event) => events.push(event), never));
        expect((await engine.memory()).tensors).to.equal(before);
        expect(outcome.gradCam!.values.every(Number.isFinite)).to.equal(true);
        expect(outcome.occlusion).to.include({ columns: 53, rows: 64 });
        expect(events[0]).to.include({ type: "grad-cam", probability: outcome.probability });
        expect(events.slice(1).every(({ type }) => type === "occluding")).to.equal(true);
      });
    }
  });
}
