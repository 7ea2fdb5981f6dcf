import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo, backend_util } from "@tensorflow/tfjs-core";
import { integers } from "./programs.ts";
import { runTiledProduct } from "./tiles.ts";

/** The number of dy that a tap and an out channel (term) carry to a pixel of the input (row), 0 where its window does not exist. */
const gradientValue = `
    let o = term % uniforms.outChannels;
    let tap = term / uniforms.outChannels;
    let x = row % uniforms.width + uniforms.padLeft - tap % uniforms.filterWidth;
    let line = row / uniforms.width;
    let y = line % uniforms.height + uniforms.padTop - tap / uniforms.filterWidth;
    let image = line / uniforms.height;
    let gx = x / uniforms.strideX;
    let gy = y / uniforms.strideY;
    if (x < 0 || y < 0 || gx * uniforms.strideX != x || gy * uniforms.strideY != y) { return 0.0; }
    if (gx >= uniforms.gridWidth || gy >= uniforms.gridHeight) { return 0.0; }
    return dy[((image * uniforms.gridHeight + gy) * uniforms.gridWidth + gx) * uniforms.outChannels + o];`;

/** The filter [tap, in channel, out channel] seen as (tap and out channel = term, in channel = column). */
const filterValue = `
    let o = term % uniforms.outChannels;
    let tap = term / uniforms.outChannels;
    return weights[(tap * uniforms.columns + column) * uniforms.outChannels + o];`;

/**
 * dx as a tiled product: every pixel's windows of dy times the filter. tfjs' own runs one invocation for each number of dx over all taps and out
 * channels, and reads the filter from far memory each time.
 */
export function inputGradient(
  backend: WebGPUBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  info: backend_util.Conv2DInfo,
): TensorInfo {
  return runTiledProduct(
    backend,
    {
      key: "tamisInputGradient",
      outputShape: info.inShape,
      inputs: ["dy", "weights"],
      uniforms: integers({
        ...{ height: info.inHeight, width: info.inWidth, outChannels: info.outChannels, filterWidth: info.filterWidth },
        ...{ strideY: info.strideHeight, strideX: info.strideWidth },
        ...{ padTop: info.padInfo.top, padLeft: info.padInfo.left },
        ...{ gridHeight: info.outHeight, gridWidth: info.outWidth },
      }),
      rows: info.batchSize * info.inHeight * info.inWidth,
      columns: info.inChannels,
      depth: info.filterHeight * info.filterWidth * info.outChannels,
      byTerms: { a: true, b: true },
      a: gradientValue,
      b: filterValue,
      write: "result[row * uniforms.columns + column] = sum;",
    },
    [dy, filter],
  );
}
