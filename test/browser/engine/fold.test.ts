/** Folding a normalisation into the convolution before it changes no feature. */
import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { foldNormalizations } from "../../../workers/engine/backbone/fold.ts";
import type { StoredNetwork } from "../../../workers/engine/models/artifacts.ts";
import { savedModel } from "./tiny-backbone.ts";

function withNormalizations(): tf.LayersModel {
  const image = tf.input({ shape: [8, 8, 3] });
  const random = (seed: number) => tf.initializers.randomUniform({ minval: 0.5, maxval: 1.5, seed });
  const statistics = (seed: number) => ({
    gammaInitializer: random(seed),
    betaInitializer: random(seed + 1),
    movingMeanInitializer: random(seed + 2),
    movingVarianceInitializer: random(seed + 3),
  });
  const normalize = (x: unknown, seed: number) =>
    tf.layers.batchNormalization({ ...statistics(seed), epsilon: 1e-3 }).apply(x as tf.SymbolicTensor);
  let x: unknown = tf.layers.conv2d({ filters: 4, kernelSize: 3, useBias: false }).apply(image);
  x = tf.layers.reLU({ maxValue: 6 }).apply(normalize(x, 1));
  x = tf.layers
    .depthwiseConv2d({ kernelSize: 3, padding: "same", biasInitializer: "ones" })
    .apply(x as tf.SymbolicTensor);
  const branch = tf.layers.activation({ activation: "relu" }).apply(normalize(x, 5));
  // Used twice: its normalisation cannot be taken into it.
  const shared = tf.layers.conv2d({ filters: 4, kernelSize: 1 }).apply(branch) as tf.SymbolicTensor;
  const sum = tf.layers.add().apply([shared, normalize(shared, 9) as tf.SymbolicTensor]);
  return tf.model({ inputs: image, outputs: sum as tf.SymbolicTensor });
}

async function open({ topology, weightSpecs, weights }: StoredNetwork): Promise<tf.LayersModel> {
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: topology as object,
      weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
      weightData: await weights.arrayBuffer(),
    }),
  );
}

describe("foldNormalizations", () => {
  it("gives the same numbers with fewer layers", async () => {
    const { modelTopology, weightSpecs, weights } = await savedModel(withNormalizations());
    const stored = { topology: modelTopology, weightSpecs, weights };
    const [before, after] = [await open(stored), await open(await foldNormalizations(stored))];
    const kinds = after.layers.map((layer) => layer.getClassName());
    expect(kinds).to.deep.equal(["InputLayer", "Conv2D", "DepthwiseConv2D", "Conv2D", "BatchNormalization", "Add"]);
    const x = tf.randomUniform([2, 8, 8, 3], 0, 1, "float32", 3);
    const [expected, actual] = [before.predict(x), after.predict(x)] as [tf.Tensor, tf.Tensor];
    const error = tf.max(tf.abs(tf.sub(expected, actual))).dataSync()[0]!;
    expect(error).to.be.below(1e-5);
    expect(tf.max(tf.abs(expected)).dataSync()[0]).to.be.above(0.1);
  });
});
