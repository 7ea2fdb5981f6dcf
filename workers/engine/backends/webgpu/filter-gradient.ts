import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo, backend_util } from "@tensorflow/tfjs-core";
import { columnSums } from "./channels.ts";
import { integers } from "./programs.ts";
import { runTiledProduct, termsAtATime, tileShape } from "./tiles.ts";

type ConvolutionInfo = backend_util.Conv2DInfo;

/** So many workgroups keep a GPU busy; the pixels are cut into slices until there are as many. */
const wantedWorkgroups = 512;
const fewestPixels = 256;

/** The number at (pixel of dy = term, weight of a window = row) of the windows, 0 outside of the picture. */
const windowValue = `
    let c = row % uniforms.channels;
    let tap = row / uniforms.channels;
    let x = term % uniforms.gridWidth * uniforms.strideX - uniforms.padLeft + tap % uniforms.filterWidth;
    let line = term / uniforms.gridWidth;
    let y = line % uniforms.gridHeight * uniforms.strideY - uniforms.padTop + tap / uniforms.filterWidth;
    let image = line / uniforms.gridHeight;
    if (x < 0 || x >= uniforms.width || y < 0 || y >= uniforms.height) { return 0.0; }
    return values[((image * uniforms.height + y) * uniforms.width + x) * uniforms.channels + c];`;

/**
 * dfilter as a tiled product of the transposed windows with dy, the pixels cut into slices that are summed up afterwards: tfjs' own runs one
 * invocation for each weight over all pixels, 432 of them for the first layer of a network.
 */
export function filterGradient(
  backend: WebGPUBackend,
  x: TensorInfo,
  dy: TensorInfo,
  info: ConvolutionInfo,
): TensorInfo {
  const { outChannels } = info;
  const weights = info.filterHeight * info.filterWidth * info.inChannels;
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const [height, width] = tileShape(outChannels);
  const tiles = Math.ceil(outChannels / width) * Math.ceil(weights / height);
  const wanted = Math.min(Math.ceil(wantedWorkgroups / tiles), Math.ceil(pixels / fewestPixels));
  // Every slice has terms: the last one may have fewer.
  const slices = Math.ceil(pixels / (Math.ceil(pixels / wanted / termsAtATime) * termsAtATime));
  const partial = runTiledProduct(
    backend,
    {
      key: "tamisFilterGradient",
      outputShape: [slices, weights, outChannels],
      inputs: ["values", "dy"],
      uniforms: integers({
        ...{ height: info.inHeight, width: info.inWidth, channels: info.inChannels, filterWidth: info.filterWidth },
        ...{ strideY: info.strideHeight, strideX: info.strideWidth },
        ...{ padTop: info.padInfo.top, padLeft: info.padInfo.left },
        ...{ gridHeight: info.outHeight, gridWidth: info.outWidth },
      }),
      ...{ rows: weights, columns: outChannels, depth: pixels, slices },
      byTerms: { a: false, b: false },
      a: windowValue,
      b: "return dy[term * uniforms.columns + column];",
      write: "result[(slice * uniforms.rows + row) * uniforms.columns + column] = sum;",
    },
    [x, dy],
  );
  if (slices === 1) return { ...partial, shape: info.filterShape };
  const total = columnSums(backend, partial, slices, weights * outChannels);
  backend.disposeData(partial.dataId);
  return { ...total, shape: info.filterShape };
}
