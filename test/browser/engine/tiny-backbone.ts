/** A network with convolutions, small enough for a test, in the files that tfjs saves it in. */
import * as tf from "@tensorflow/tfjs";
import type { ModelFile } from "../../../src/contract/engine.ts";

/** Of its last two feature maps, 5 and 4 channels. */
export const tinyFeatures = 9;

/** Side of the pictures that it was made for. */
export const tinySide = 16;

function network(): tf.LayersModel {
  const kernel = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  const image = tf.input({ shape: [tinySide, tinySide, 3] });
  const convolution = { kernelSize: 3, strides: 2, padding: "same", useBias: false } as const;
  let x = tf.layers.conv2d({ ...convolution, ...kernel(1), filters: 4, activation: "relu" }).apply(image);
  x = tf.layers.conv2d({ ...convolution, ...kernel(2), filters: 5 }).apply(x);
  x = tf.layers.batchNormalization({}).apply(x);
  x = tf.layers.reLU({ maxValue: 6 }).apply(x);
  const maps = x as tf.SymbolicTensor;
  const pooled = tf.layers.globalAveragePooling2d({}).apply(maps);
  const probabilities = tf.layers.dense({ units: 3, activation: "softmax", ...kernel(3) }).apply(pooled);
  return tf.model({ inputs: image, outputs: probabilities as tf.SymbolicTensor });
}

/** What tfjs saves of a model, which is disposed of. */
export async function savedModel(model: tf.LayersModel): Promise<{
  readonly modelTopology: unknown;
  readonly weightSpecs: tf.io.WeightsManifestEntry[];
  readonly weights: Blob;
}> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
    }),
  );
  model.dispose();
  const { modelTopology, weightSpecs, weightData } = saved!;
  const weights = new Blob(Array.isArray(weightData) ? weightData : [weightData!]);
  return { modelTopology, weightSpecs: weightSpecs!, weights };
}

/** @param isWrapped as Teachable Machine saves a network: inside of a Sequential, with layers after it */
export async function tinyBackbone(isWrapped = false): Promise<ModelFile[]> {
  const model = isWrapped ? tf.sequential({ layers: [network(), tf.layers.dense({ units: 2 })] }) : network();
  const { modelTopology, weightSpecs, weights } = await savedModel(model);
  // In two files, as a large model is.
  const half = weights.size / 2 - ((weights.size / 2) % 4);
  const weightsManifest = [{ paths: ["shard1", "shard2"], weights: weightSpecs }];
  return [
    { path: "tiny/model.json", file: new Blob([JSON.stringify({ modelTopology, weightsManifest })]) },
    { path: "tiny/shard1", file: weights.slice(0, half) },
    { path: "tiny/shard2", file: weights.slice(half) },
  ];
}
