/**
 * What plain tfjs says of the input that predict.py prepared: node tfjs.mjs BUNDLE PREPARED OUT.json
 *
 * BUNDLE is a folder with what was in a Tamis zip. Nothing of Tamis is used but what its `metadata.json` says.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";

const [bundle, prepared, out] = process.argv.slice(2);
const json = (folder, name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const bytes = (folder, name) => {
  const content = readFileSync(join(folder, name));
  return content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
};

const { modelTopology, weightsManifest } = json(bundle, "model.json");
const { preprocessing, output, calibration } = json(bundle, "metadata.json");
const { files, shape } = json(prepared, "prepared.json");
const pixels = new Float32Array(bytes(prepared, "prepared.bin"));
const model = await tf.loadLayersModel(
  tf.io.fromMemory({
    modelTopology,
    weightSpecs: weightsManifest[0].weights,
    weightData: bytes(bundle, weightsManifest[0].paths[0]),
  }),
);

const [, views, side, , channels] = shape;
const perImage = views * side * side * channels;
const probabilities = files.map((file, index) =>
  tf.tidy(() => {
    const x = tf.tensor4d(pixels.subarray(index * perImage, (index + 1) * perImage), [views, side, side, channels]);
    const scaled = tf.add(tf.mul(x, preprocessing.scale), preprocessing.offset);
    const means = tf.mean(model.predict(scaled), 0).dataSync();
    const sigmoid = output.positive === 1 ? means[0] : 1 - means[0];
    return [file, calibrated(output.kind === "softmax" ? means[output.positive] : sigmoid)];
  }),
);
writeFileSync(out, JSON.stringify(Object.fromEntries(probabilities)));

function calibrated(p) {
  if (calibration === null) return p;
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return 1 / (1 + Math.exp(-(calibration.scale * Math.log(inside / (1 - inside)) + calibration.shift)));
}
