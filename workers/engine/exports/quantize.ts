/** Weights in fewer bits, as tfjs stores and reads them. */
import type { Precision } from "../../../src/contract/engine.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { floatToHalf } from "./half.ts";

interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Of a channel's root mean square: a weight whose typical channel would be further off than this is not kept in 8 bits. */
const coarsest = 0.05;

/**
 * float16: nearest, half to even. uint8: per weight, 256 steps from its smallest to its largest value, zero among them, as
 * tensorflowjs_converter quantises; float16 where these steps are too coarse. Lists of a few numbers (biases, normalisations) stay float32: they weigh
 * nothing and matter.
 */
export async function quantized(stored: StoredNetwork, precision: Precision): Promise<StoredNetwork> {
  if (precision === "float32") return stored;
  const bytes = await stored.weights.arrayBuffer();
  const parts: BlobPart[] = [];
  let offset = 0;
  const weightSpecs = (stored.weightSpecs as readonly Spec[]).map((spec) => {
    const size = spec.shape.reduce((product, n) => product * n, 1);
    const length = spec.dtype === "bool" ? size : 4 * size;
    const own = bytes.slice(offset, offset + length);
    offset += length;
    if (spec.dtype !== "float32" || spec.shape.length < 2) {
      parts.push(own);
      return spec;
    }
    const values = new Float32Array(own);
    const steps = precision === "float16" ? null : inSteps(values);
    if (!steps || isTooCoarse(spec, values, steps)) {
      parts.push(Uint16Array.from(values, floatToHalf));
      return { ...spec, quantization: { dtype: "float16", original_dtype: "float32" } };
    }
    const { codes, scale, min } = steps;
    parts.push(codes);
    return { ...spec, quantization: { dtype: "uint8", scale, min, original_dtype: "float32" } };
  });
  return { ...stored, weightSpecs, weights: new Blob(parts) };
}

interface Steps {
  readonly codes: Uint8Array<ArrayBuffer>;
  readonly scale: number;
  readonly min: number;
}

/**
 * One range for the whole weight leaves nothing of channels that are much smaller than the largest, as they are where a normalisation was folded in.
 * Depthwise kernels count as too coarse: nine numbers a channel, whose errors no sum evens out, and next to nothing in the file.
 */
function isTooCoarse({ name, shape }: Spec, values: Float32Array, { codes, scale, min }: Steps): boolean {
  if (name.endsWith("depthwise_kernel")) return true;
  const channels = shape.at(-1)!;
  const squares = new Float64Array(channels);
  const errors = new Float64Array(channels);
  for (const [i, value] of values.entries()) {
    squares[i % channels]! += value ** 2;
    errors[i % channels]! += (codes[i]! * scale + min - value) ** 2;
  }
  const shares = errors.map((error, channel) => Math.sqrt(error / (squares[channel]! || 1))).sort();
  return shares[Math.floor(channels / 2)]! > coarsest;
}

function inSteps(values: Float32Array): Steps {
  let least = 0;
  let most = 0;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const scale = (most - least) / 255 || 1;
  // A whole number of steps below zero, so that zero stays zero.
  const min = -Math.round(-least / scale) * scale;
  const codes = Uint8Array.from(values, (value) => Math.max(0, Math.min(255, Math.round((value - min) / scale))));
  return { codes, scale, min };
}
