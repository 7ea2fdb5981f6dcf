/** Weights in fewer bits, as tfjs stores and reads them. */
import type { Precision } from "../../../src/contract/engine.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { floatToHalf } from "./half.ts";

interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/**
 * float16: nearest, half to even. uint8: per weight, 256 steps from its smallest to its largest value, zero among them, as
 * tensorflowjs_converter quantises. Lists of a few numbers (biases, normalisations) stay float32: they weigh nothing and matter.
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
    if (precision === "float16") {
      parts.push(Uint16Array.from(values, floatToHalf));
      return { ...spec, quantization: { dtype: "float16", original_dtype: "float32" } };
    }
    const { codes, scale, min } = inSteps(values);
    parts.push(codes);
    return { ...spec, quantization: { dtype: "uint8", scale, min, original_dtype: "float32" } };
  });
  return { ...stored, weightSpecs, weights: new Blob(parts) };
}

function inSteps(values: Float32Array): { codes: Uint8Array<ArrayBuffer>; scale: number; min: number } {
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
