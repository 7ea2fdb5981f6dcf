/** What a backbone teaches: the targets, the loss and its gradients. */
import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { Lesson } from "../../../workers/engine/session/lesson.ts";

const units = 3;

/** Two features of a picture: the means of its first two channels. */
function backbone(): tf.LayersModel {
  const image = tf.input({ shape: [null, null, 3] });
  const kernel = tf.tensor4d([1, 0, 0, 1, 0, 0], [1, 1, 3, 2]);
  const map = tf.layers.conv2d({ filters: 2, kernelSize: 1, useBias: false, weights: [kernel] }).apply(image);
  const pooled = tf.layers.globalAveragePooling2d({}).apply(map);
  return tf.model({ inputs: image, outputs: pooled as tf.SymbolicTensor });
}

describe("the lesson of a backbone", () => {
  const given = tf.tensor2d([0.5, -1, 2, 0.25, 0.75, -0.5], [2, units]);

  it("asks for features of mean 0 and deviation 1 over the batch, also of small views", () => {
    const lesson = new Lesson(backbone(), units, 1, 7);
    // Of one colour each: enlarging them changes nothing.
    const colours = [0, 10, 20, 50].flatMap((red) => Array.from({ length: 16 }, () => [red, 200 - red, 3]).flat());
    const targets = lesson.targets(tf.tensor4d(colours, [4, 4, 4, 3]));
    const red = [0, 10, 20, 50].map((value) => (value - 20) / Math.sqrt(350));
    const expected = red.flatMap((value) => [value, -value]);
    for (const [i, value] of targets.dataSync().entries()) expect(value).to.be.closeTo(expected[i]!, 1e-4);
  });

  it("costs the weighted mean squared error of a linear map, and has its gradients", () => {
    const weight = 2;
    const lesson = new Lesson(backbone(), units, weight, 7);
    const [kernel, bias] = lesson.weights;
    const targets = tf.tensor2d([1, -1, 0.5, 2], [2, 2]);
    const cost = (): number => lesson.loss(given, targets).dataSync()[0]!;
    const predicted = tf.add(tf.matMul(given, kernel), bias).dataSync();
    const errors = [...targets.dataSync()].map((target, i) => (predicted[i]! - target) ** 2);
    expect(cost()).to.be.closeTo((weight * errors.reduce((sum, error) => sum + error, 0)) / 4, 1e-5);

    const { grads } = tf.variableGrads(() => lesson.loss(given, targets), [kernel, bias]);
    for (const variable of [kernel, bias]) {
      const analytic = grads[variable.name]!.dataSync();
      const values = variable.dataSync().slice();
      for (const [i, value] of values.entries()) {
        const at = (changed: number): number => {
          variable.assign(tf.tensor(values.with(i, changed), variable.shape) as never);
          return cost();
        };
        const numeric = (at(value + 0.01) - at(value - 0.01)) / 0.02;
        variable.assign(tf.tensor(values, variable.shape) as never);
        expect(analytic[i]).to.be.closeTo(numeric, 2e-3);
      }
    }
    // What the network is taught by.
    const taught = tf.grad((x: tf.Tensor) => lesson.loss(x as tf.Tensor2D, targets))(given);
    expect(tf.max(tf.abs(taught)).dataSync()[0]).to.be.above(0.01);
  });
});
