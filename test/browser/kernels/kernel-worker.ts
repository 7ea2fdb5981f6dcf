/** Runs single operations on a backend, in a worker: kernel threads may block a worker, never the page. */
import { expose } from "comlink";
import { startBackend, type BackendOptions } from "../../../workers/engine/backends/index.ts";
import * as tf from "../../../workers/engine/backends/tensors.ts";
import { runOperation } from "../../../workers/engine/parity/ops.ts";
import { applyAdam, type AdamSlot } from "../../../workers/engine/backends/optimizer-kernels.ts";
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
};

export type KernelService = typeof service;

expose(service);
