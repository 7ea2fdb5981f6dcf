import { DepthwiseConv2dNative, FusedDepthwiseConv2D } from "@tensorflow/tfjs-core";
import { changesInPlace } from "../in-place.ts";
import { replaceKernel } from "./registry.ts";
import type { KernelRunner } from "./runner.ts";

/**
 * Depthwise convolution is tfjs' own. It packs a filter once, by its data id, and would go on with the packed one after the optimiser wrote into the
 * filter: a filter that changes in place is given as a copy, which is unpacked when it is disposed.
 */
export function registerDepthwiseForward(runner: KernelRunner): void {
  const { backend } = runner;
  for (const kernelName of [DepthwiseConv2dNative, FusedDepthwiseConv2D]) {
    replaceKernel(kernelName, ({ inputs }, stock) => {
      const { filter } = inputs;
      if (filter === undefined || !changesInPlace(filter)) return stock();
      const copy = backend.makeOutput(filter.shape, filter.dtype);
      backend.typedArrayFromHeap(copy).set(backend.typedArrayFromHeap(filter));
      try {
        return stock({ ...inputs, filter: copy });
      } finally {
        backend.disposeData(copy.dataId);
      }
    });
  }
}
