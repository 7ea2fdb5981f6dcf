/** Runs single operations on a backend, in a worker: kernel threads may block a worker, never the page. */
import { expose } from "comlink";
import { heapBytes, startBackend, type BackendOptions } from "../../../workers/engine/backends/index.ts";
import { withDeferredGradients } from "../../../workers/engine/backends/deferred-gradients.ts";
import { convolve, dense } from "../../../workers/engine/backends/layer-kernels.ts";
import * as tf from "../../../workers/engine/backends/tensors.ts";
import { overwrite } from "../../../workers/engine/backends/variables.ts";
import { runOperation, type OpArray } from "../../../workers/engine/parity/ops.ts";
import {
  applyAdam,
  sumPenalties,
  type AdamSlot,
  type AdamStep,
} from "../../../workers/engine/backends/optimizer-kernels.ts";
import type { BackendChoice, BackendInfo } from "../../../src/contract/engine.ts";

const service = {
  start: (choice: BackendChoice, options: Omit<BackendOptions, "onLost">): Promise<BackendInfo> =>
    startBackend(choice, options),
  /** As on a device whose browser has WebGPU but finds no adapter. */
  withoutAdapter: (): void => {
    Object.defineProperty(navigator, "gpu", { value: { requestAdapter: () => Promise.resolve(null) } });
  },
  run: runOperation,
  tensors: (): number => tf.memory().numTensors,

  /** a + b, Σ a, and Σ a over all but the last axis. */
  async sums(a: OpArray, b: OpArray): Promise<Record<"added" | "total" | "byColumn", OpArray>> {
    const [x, y] = [a, b].map(({ data, shape }) => tf.tensor(data, [...shape])) as [tf.Tensor, tf.Tensor];
    const sums = { added: tf.add(x, y), total: tf.sum(x), byColumn: tf.sum(x, [0, 1, 2]) };
    const read = async (tensor: tf.Tensor): Promise<OpArray> => ({
      shape: tensor.shape,
      data: ((await tensor.data()) as Float32Array).slice(),
    });
    const [added, total, byColumn] = await Promise.all([read(sums.added), read(sums.total), read(sums.byColumn)]);
    tf.dispose([x, y, sums]);
    return { added, total, byColumn };
  },

  /**
   * Convolves twice with a filter, once more after it was overwritten in place, and with as many filters that come and go.
   * @returns the largest difference to convolutions with tensors that are new each time, and what the filters leave on the heap
   */
  async changingFilter(): Promise<{ difference: number; bytesMore: number }> {
    const options = { strides: [1, 1], padding: "same", activation: "linear" } as const;
    const shape = [3, 3, 32, 32] as [number, number, number, number];
    const x = tf.randomUniform<tf.Rank.R4>([1, 16, 16, 32], -1, 1, "float32", 1);
    const values = [2, 3].map((seed) =>
      tf.tidy(() => tf.randomUniform(shape, -1, 1, "float32", seed).dataSync().slice()),
    );
    const [before, after] = values as [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>];
    const fresh = (numbers: Float32Array): tf.Tensor =>
      tf.tidy(() => convolve(x, tf.tensor4d(numbers, shape), null, options));
    const filter = tf.tidy(() => tf.variable(tf.tensor4d(before, shape)));
    const actual = [0, 1].map(() => convolve(x, filter, null, options));
    overwrite(filter, after);
    actual.push(convolve(x, filter, null, options));
    const expected = [fresh(before), fresh(before), fresh(after)];
    const largest = tf.tidy(() => tf.max(tf.abs(tf.sub(tf.stack(actual), tf.stack(expected)))));
    const difference = largest.dataSync()[0]!;
    const heap = heapBytes();
    for (let i = 0; i < 200; i++) fresh(before).dispose();
    tf.dispose([x, filter, largest, ...actual, ...expected]);
    return Promise.resolve({ difference, bytesMore: heapBytes() - heap });
  },

  /** Whether a variable of so many values holds what it was overwritten with, and what reading it adds to the backend's memory. */
  async overwriteLarge(count: number): Promise<{ isEqual: boolean; bytesMore: number }> {
    const variable = tf.tidy(() => tf.variable(tf.fill([count], 1)));
    const values = Float32Array.from({ length: count }, (_, i) => i % 8191);
    const before = heapBytes();
    overwrite(variable, values);
    const read = await variable.data();
    const bytesMore = heapBytes() - before;
    variable.dispose();
    return { isEqual: values.every((value, i) => value === read[i]), bytesMore };
  },

  /**
   * Three Adam steps of a weight, one for each row of the gradients.
   * @returns what they leave, and the penalty before them
   */
  async adamSteps(
    values: Float32Array,
    gradients: Float32Array,
    settings: Pick<AdamStep, "l1" | "l2" | "weightDecay" | "learningRate">,
  ) {
    const weight = tf.tidy(() => tf.variable(tf.tensor1d(values)));
    const [moment1, moment2] = [0, 1].map(() => tf.tidy(() => tf.variable(tf.fill(weight.shape, 0)))) as [
      tf.Variable,
      tf.Variable,
    ];
    const penalty = sumPenalties([{ weight, ...settings }]);
    for (let step = 1; step <= 3; step++) {
      const gradient = tf.tensor1d(gradients.slice((step - 1) * values.length, step * values.length));
      applyAdam({ weight, moment1, moment2 }, gradient, {
        ...{ step, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, ...settings },
      });
      gradient.dispose();
    }
    const [w, m, v] = (await Promise.all([weight, moment1, moment2].map((variable) => variable.data()))) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const result = { weight: w.slice(), moment1: m.slice(), moment2: v.slice(), penalty: await penalty() };
    tf.dispose([weight, moment1, moment2]);
    return result;
  },

  /** Whether a clone of a weight is untouched by an Adam step in place. */
  async cloneSurvivesAdam(): Promise<boolean> {
    const variables = [1, 2, 3].map((value) => tf.tidy(() => tf.variable(tf.fill([5], value)))) as [
      tf.Variable,
      tf.Variable,
      tf.Variable,
    ];
    const [weight, moment1, moment2] = variables;
    const slot: AdamSlot = { weight, moment1, moment2 };
    const copy = tf.clone(weight);
    const gradient = tf.ones([5]);
    applyAdam(slot, gradient, {
      ...{ step: 1, learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0, l1: 0, l2: 0 },
    });
    const [kept, changed] = await Promise.all([copy.data(), weight.data()]);
    tf.dispose([...variables, copy, gradient]);
    return kept.every((value) => value === 1) && changed.every((value) => value < 1);
  },

  /**
   * One Adam step of a large dense kernel with its gradient deferred, and one with it computed.
   * @returns the largest difference of the new weights and their mean one, how many changed, and what using the deferred gradient as a tensor says
   */
  async deferredStep(): Promise<{ difference: number; mean: number; changed: number; refusal: string }> {
    const [rows, columns] = [33_000, 128];
    const x = tf.randomUniform<tf.Rank.R2>([7, rows], -1, 1, "float32", 1);
    const initial = tf.randomUniform<tf.Rank.R2>([rows, columns], -1, 1, "float32", 2);
    let refusal = "";
    const step = (wrap: <T>(compute: () => T) => T, isDeferred: boolean): tf.Tensor => {
      const slot = {
        weight: tf.variable(initial),
        moment1: tf.tidy(() => tf.variable(tf.zeros(initial.shape))),
        moment2: tf.tidy(() => tf.variable(tf.zeros(initial.shape))),
      };
      const loss = (): tf.Scalar => tf.mean(tf.square(dense(x, slot.weight, null, "relu")));
      const { value, grads } = wrap(() => tf.variableGrads(loss, [slot.weight]));
      const gradient = grads[slot.weight.name]!;
      try {
        if (isDeferred) tf.tidy(() => tf.add(gradient, gradient));
      } catch (error) {
        refusal = error instanceof Error ? error.message : String(error);
      }
      applyAdam(slot, gradient, {
        ...{ step: 1, learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01, l1: 0.1, l2: 0.1 },
      });
      const result = tf.tidy(() => tf.mul(slot.weight, 1));
      tf.dispose([value, gradient, slot.weight, slot.moment1, slot.moment2]);
      return result;
    };
    const deferred = step(withDeferredGradients, true);
    const computed = step((compute) => compute(), false);
    const differences = tf.tidy(() => tf.abs(tf.sub(deferred, computed)));
    const [difference, mean] = [tf.max(differences), tf.mean(differences)];
    const changed = tf.tidy(() => tf.sum(tf.cast(tf.notEqual(deferred, initial), "float32")));
    const values = await Promise.all([difference.data(), mean.data(), changed.data()]);
    tf.dispose([x, initial, deferred, computed, differences, difference, mean, changed]);
    return { difference: values[0][0]!, mean: values[1][0]!, changed: values[2][0]!, refusal };
  },
};

export type KernelService = typeof service;

expose(service);
