/** Sums up the kernels of a network as it is stored: what a penalty did to them can be told from that. */
import { type KernelStatistics, nearZero } from "../../../src/domain/run/run.ts";
import type { StoredNetwork } from "../models/artifacts.ts";

/** Bytes that are read at once: the largest kernel has hundreds of megabytes. */
const sliceBytes = 16 * 2 ** 20;

/** @param layers names of the layers whose kernels are looked at: those of a backbone were not trained */
export async function kernelStatistics(
  { weightSpecs, weights }: StoredNetwork,
  layers: ReadonlySet<string>,
): Promise<KernelStatistics[]> {
  const kernels: KernelStatistics[] = [];
  let begin = 0;
  for (const { name, shape } of weightSpecs as readonly {
    readonly name: string;
    readonly shape: readonly number[];
  }[]) {
    const count = shape.reduce((product, side) => product * side, 1);
    const end = begin + Float32Array.BYTES_PER_ELEMENT * count;
    const [layer = "", weight = ""] = name.split("/");
    if (weight.includes("kernel") && layers.has(layer)) {
      kernels.push({ layer, count, ...(await sumsOf(weights.slice(begin, end))) });
    }
    begin = end;
  }
  return kernels;
}

async function sumsOf(values: Blob): Promise<Omit<KernelStatistics, "layer" | "count">> {
  let [nearZeroCount, absoluteSum, squareSum] = [0, 0, 0];
  for (let begin = 0; begin < values.size; begin += sliceBytes) {
    const slice = new Float32Array(await values.slice(begin, begin + sliceBytes).arrayBuffer());
    for (let i = 0; i < slice.length; i++) {
      const size = Math.abs(slice[i]!);
      if (size < nearZero) nearZeroCount += 1;
      absoluteSum += size;
      squareSum += size * size;
    }
  }
  return { nearZeroCount, absoluteSum, squareSum };
}
