import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { Sum, getKernel, type TensorInfo, type backend_util } from "@tensorflow/tfjs-core";
import { integers, runWorkgroups } from "./programs.ts";

type ConvolutionInfo = backend_util.Conv2DInfo;

/** A workgroup of 16 × 16 computes 64 × 64 weights, four by four each, from 16 pixels at a time. */
const tile = 64;
const pixelsAtATime = 16;
/** So many workgroups keep a GPU busy; the pixels are cut into slices until there are as many. */
const wantedWorkgroups = 512;
const fewestPixels = 256;

const code = `
  var<workgroup> windows : array<f32, ${tile * pixelsAtATime}>;
  var<workgroup> gradients : array<f32, ${tile * pixelsAtATime}>;

  fn windowValue(pixel : i32, k : i32) -> f32 {
    let c = k % uniforms.channels;
    let tap = k / uniforms.channels;
    let x = pixel % uniforms.gridWidth * uniforms.strideX - uniforms.padLeft + tap % uniforms.filterWidth;
    let row = pixel / uniforms.gridWidth;
    let y = row % uniforms.gridHeight * uniforms.strideY - uniforms.padTop + tap / uniforms.filterWidth;
    let image = row / uniforms.gridHeight;
    if (x < 0 || x >= uniforms.width || y < 0 || y >= uniforms.height) { return 0.0; }
    return values[((image * uniforms.height + y) * uniforms.width + x) * uniforms.channels + c];
  }

  fn main() {
    let local = i32(localIndex);
    let slice = i32(workgroupId.z);
    let firstRow = i32(workgroupId.y) * ${tile};
    let firstColumn = i32(workgroupId.x) * ${tile};
    let begin = slice * uniforms.steps * ${pixelsAtATime};
    let row = local / 16 * 4;
    let column = local % 16 * 4;
    var sums : array<vec4<f32>, 4>;
    for (var step = 0; step < uniforms.steps; step++) {
      for (var i = 0; i < ${(tile * pixelsAtATime) / 256}; i++) {
        let at = local + i * 256;
        let pixel = begin + step * ${pixelsAtATime} + at / ${tile};
        let k = firstRow + at % ${tile};
        let n = firstColumn + at % ${tile};
        var window = 0.0;
        var gradient = 0.0;
        if (pixel < uniforms.pixels) {
          if (k < uniforms.depth) { window = windowValue(pixel, k); }
          if (n < uniforms.outChannels) { gradient = dy[pixel * uniforms.outChannels + n]; }
        }
        windows[at] = window;
        gradients[at] = gradient;
      }
      workgroupBarrier();
      for (var i = 0; i < ${pixelsAtATime}; i++) {
        let at = i * ${tile} + column;
        let b = vec4<f32>(gradients[at], gradients[at + 1], gradients[at + 2], gradients[at + 3]);
        for (var j = 0; j < 4; j++) { sums[j] += windows[i * ${tile} + row + j] * b; }
      }
      workgroupBarrier();
    }
    for (var j = 0; j < 4; j++) {
      let k = firstRow + row + j;
      for (var i = 0; i < 4; i++) {
        let n = firstColumn + column + i;
        if (k < uniforms.depth && n < uniforms.outChannels) {
          result[(slice * uniforms.depth + k) * uniforms.outChannels + n] = sums[j][i];
        }
      }
    }
  }`;

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
  const depth = info.filterHeight * info.filterWidth * info.inChannels;
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const tiles = [Math.ceil(info.outChannels / tile), Math.ceil(depth / tile)] as const;
  const wanted = Math.min(Math.ceil(wantedWorkgroups / (tiles[0] * tiles[1])), Math.ceil(pixels / fewestPixels));
  const steps = Math.ceil(pixels / wanted / pixelsAtATime);
  const slices = Math.ceil(pixels / (steps * pixelsAtATime));
  const uniforms = integers({
    ...{ height: info.inHeight, width: info.inWidth, channels: info.inChannels, filterWidth: info.filterWidth },
    ...{ strideY: info.strideHeight, strideX: info.strideWidth, padTop: info.padInfo.top, padLeft: info.padInfo.left },
    ...{ gridHeight: info.outHeight, gridWidth: info.outWidth, outChannels: info.outChannels },
    ...{ depth, pixels, steps },
  });
  const outputShape = [slices, depth, info.outChannels];
  const shader = { key: "tamisFilterGradient", outputShape, inputs: ["values", "dy"], uniforms, code };
  const count = [...tiles, slices] as const;
  const partial = runWorkgroups(backend, shader, { size: [16, 16, 1], count }, [x, dy]);
  if (slices === 1) return { ...partial, shape: info.filterShape };
  const sum = getKernel(Sum, "webgpu");
  if (sum === undefined) throw new Error("the WebGPU backend has no Sum");
  const total = sum.kernelFunc({
    inputs: { x: partial },
    attrs: { axis: [0], keepDims: false },
    backend,
  }) as TensorInfo;
  backend.disposeData(partial.dataId);
  return { ...total, shape: info.filterShape };
}
