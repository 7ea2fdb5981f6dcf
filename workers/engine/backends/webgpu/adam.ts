import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { backend, type Tensor } from "@tensorflow/tfjs-core";
import type { AdamSlot, AdamStep } from "../optimizer-kernels.ts";
import { floats, runFlat, type Uniform } from "./programs.ts";

interface Held {
  values: unknown;
}

/** What tfjs keeps on the processor of a tensor that was read; it knows nothing of changes in place. */
function forgetReadValues(running: WebGPUBackend, tensor: Tensor): void {
  const held = (running as unknown as { readonly tensorMap: { get(id: object): Held } }).tensorMap.get(tensor.dataId);
  held.values = null;
}

function update(
  running: WebGPUBackend,
  target: Tensor,
  shader: { key: string; inputs: readonly string[]; uniforms: readonly Uniform[]; code: string },
  inputs: readonly Tensor[],
): void {
  runFlat(running, { ...shader, outputShape: target.shape }, inputs, target);
  forgetReadValues(running, target);
}

const penalized = `
  let weight = w[index];
  let value = g[index] + uniforms.l1 * sign(weight) + 2.0 * uniforms.l2 * weight;`;

/** Adam in place on the GPU: three programs over a weight, no temporaries. */
export function applyAdamOnGpu(slot: AdamSlot, gradient: Tensor, options: AdamStep, alpha: number): void {
  const running = backend();
  if (!(running instanceof WebGPUBackend)) throw new Error("WebGPU is not the current backend");
  const { weight, moment1, moment2 } = slot;
  const { beta1, beta2, epsilon, l1, l2 } = options;
  const moments = (rest: number): Uniform[] => floats({ rest, l1, l2 });
  const inputs = ["g", "w"];
  update(
    running,
    moment1,
    {
      ...{ key: "tamisAdamMoment1", inputs, uniforms: moments(1 - beta1) },
      code: `${penalized} result[index] += (value - result[index]) * uniforms.rest;`,
    },
    [gradient, weight],
  );
  update(
    running,
    moment2,
    {
      ...{ key: "tamisAdamMoment2", inputs, uniforms: moments(1 - beta2) },
      code: `${penalized} result[index] += (value * value - result[index]) * uniforms.rest;`,
    },
    [gradient, weight],
  );
  const keep = 1 - options.learningRate * options.weightDecay;
  update(
    running,
    weight,
    {
      ...{ key: "tamisAdamWeight", inputs: ["m", "v"], uniforms: floats({ alpha, epsilon, keep }) },
      code: "result[index] = result[index] * uniforms.keep - uniforms.alpha * m[index] / (sqrt(v[index]) + uniforms.epsilon);",
    },
    [moment1, moment2],
  );
}
