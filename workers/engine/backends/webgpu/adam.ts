import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { backend, dispose, type Tensor } from "@tensorflow/tfjs-core";
import { takeDeferred, type DeferredProduct } from "../deferred-gradients.ts";
import type { AdamSlot, AdamStep } from "../optimizer-kernels.ts";
import { forgetReadValues } from "./memory.ts";
import { floats, runFlat, type Uniform } from "./programs.ts";
import { runTiledProduct } from "./tiles.ts";

/** One of the two moments, and what moves it: result += (`moved` − result) · rest. */
interface Moment {
  readonly key: string;
  readonly target: Tensor;
  readonly uniforms: readonly Uniform[];
  readonly moved: "value" | "value * value";
}

/** From the gradient of weight `index` to the one with its penalty, `value`. */
const penalized = `
  let weight = w[index];
  let value = gradient + uniforms.l1 * sign(weight) + 2.0 * uniforms.l2 * weight;`;

function moving({ moved }: Moment): string {
  return `${penalized} result[index] += (${moved} - result[index]) * uniforms.rest;`;
}

function moveByGradient(running: WebGPUBackend, moment: Moment, gradient: Tensor, weight: Tensor): void {
  const { key, target, uniforms } = moment;
  const shader = { key, outputShape: target.shape, inputs: ["g", "w"], uniforms };
  runFlat(running, { ...shader, code: `let gradient = g[index]; ${moving(moment)}` }, [gradient, weight], target);
}

/** The gradient is leftᵀ · right: cheaper to compute twice than to keep, for it is as large as the weight. */
function moveByProduct(running: WebGPUBackend, moment: Moment, product: DeferredProduct, weight: Tensor): void {
  const { left, right } = product;
  const [rows, columns] = weight.shape as [number, number];
  runTiledProduct(
    running,
    {
      ...{ key: `${moment.key}Product`, outputShape: weight.shape, target: moment.target },
      ...{ inputs: ["left", "right", "w"], uniforms: moment.uniforms },
      ...{ rows, columns, depth: left.shape[0], byTerms: { a: false, b: false } },
      a: "return left[term * uniforms.rows + row];",
      b: "return right[term * uniforms.columns + column];",
      write: `let gradient = sum; let index = row * uniforms.columns + column; ${moving(moment)}`,
    },
    [left, right, weight],
  );
}

/** Adam in place on the GPU: three programs over a weight, no temporaries; a deferred gradient is computed in two of them. */
export function applyAdamOnGpu(slot: AdamSlot, gradient: Tensor, options: AdamStep, alpha: number): void {
  const running = backend();
  if (!(running instanceof WebGPUBackend)) throw new Error("WebGPU is not the current backend");
  const { weight, moment1, moment2 } = slot;
  const { beta1, beta2, epsilon, l1, l2 } = options;
  const moments: readonly Moment[] = [
    { key: "tamisAdamMoment1", target: moment1, uniforms: floats({ rest: 1 - beta1, l1, l2 }), moved: "value" },
    { key: "tamisAdamMoment2", target: moment2, uniforms: floats({ rest: 1 - beta2, l1, l2 }), moved: "value * value" },
  ];
  const product = takeDeferred(gradient);
  for (const moment of moments) {
    if (product === undefined) moveByGradient(running, moment, gradient, weight);
    else moveByProduct(running, moment, product, weight);
  }
  if (product !== undefined) dispose([product.left, product.right]);
  const keep = 1 - options.learningRate * options.weightDecay;
  const shader = {
    ...{ key: "tamisAdamWeight", outputShape: weight.shape, inputs: ["m", "v"] },
    uniforms: floats({ alpha, epsilon, keep }),
    code: "result[index] = result[index] * uniforms.keep - uniforms.alpha * m[index] / (sqrt(v[index]) + uniforms.epsilon);",
  };
  runFlat(running, shader, [moment1, moment2], weight);
  for (const changed of [weight, moment1, moment2]) forgetReadValues(running, changed);
}
