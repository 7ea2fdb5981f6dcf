import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { integers, runFlat } from "./programs.ts";

type PoolInfo = backend_util.Conv2DInfo;

function uniformsOf(info: PoolInfo): ReturnType<typeof integers> {
  return integers({
    ...{ height: info.inHeight, width: info.inWidth, channels: info.inChannels },
    ...{ filterHeight: info.filterHeight, filterWidth: info.filterWidth },
    ...{ strideY: info.strideHeight, strideX: info.strideWidth, padTop: info.padInfo.top, padLeft: info.padInfo.left },
    ...{ gridHeight: info.outHeight, gridWidth: info.outWidth },
  });
}

/** Visits the windows that a pixel of the input lies in; `visit` knows their bounds y0..y1, x0..x1 and adds to `sum`. */
function overWindows(visit: string): string {
  return `
    let c = index % uniforms.channels;
    let x = index / uniforms.channels % uniforms.width;
    let y = index / (uniforms.channels * uniforms.width) % uniforms.height;
    let image = index / (uniforms.channels * uniforms.width * uniforms.height);
    // Ceiling and floor of where the first and last window begin; what is below zero is cut off.
    let lastY = min((y + uniforms.padTop) / uniforms.strideY, uniforms.gridHeight - 1);
    let lastX = min((x + uniforms.padLeft) / uniforms.strideX, uniforms.gridWidth - 1);
    let firstY = (max(y + uniforms.padTop - uniforms.filterHeight + 1, 0) + uniforms.strideY - 1) / uniforms.strideY;
    let firstX = (max(x + uniforms.padLeft - uniforms.filterWidth + 1, 0) + uniforms.strideX - 1) / uniforms.strideX;
    var sum = 0.0;
    for (var gy = firstY; gy <= lastY; gy++) {
      let y0 = max(gy * uniforms.strideY - uniforms.padTop, 0);
      let y1 = min(gy * uniforms.strideY - uniforms.padTop + uniforms.filterHeight, uniforms.height);
      for (var gx = firstX; gx <= lastX; gx++) {
        let x0 = max(gx * uniforms.strideX - uniforms.padLeft, 0);
        let x1 = min(gx * uniforms.strideX - uniforms.padLeft + uniforms.filterWidth, uniforms.width);
        let g = dy[((image * uniforms.gridHeight + gy) * uniforms.gridWidth + gx) * uniforms.channels + c];
        ${visit}
      }
    }
    result[index] = sum;`;
}

const isFirstMaximum = `
        var isFirst = true;
        let own = values[index];
        for (var wy = y0; wy < y1; wy++) {
          for (var wx = x0; wx < x1; wx++) {
            let other = values[((image * uniforms.height + wy) * uniforms.width + wx) * uniforms.channels + c];
            let isBefore = wy < y || (wy == y && wx < x);
            if (other > own || (isBefore && other == own)) { isFirst = false; }
          }
        }
        if (isFirst) { sum += g; }`;

/** All of dy goes to the first maximum of its window, as in Keras. */
export function maxPoolGradient(backend: WebGPUBackend, x: TensorInfo, dy: TensorInfo, info: PoolInfo): TensorInfo {
  const shape = { key: "tamisMaxPoolGradient", outputShape: info.inShape, inputs: ["values", "dy"] };
  return runFlat(backend, { ...shape, uniforms: uniformsOf(info), code: overWindows(isFirstMaximum) }, [x, dy]);
}

/** dy is shared by the pixels of its window that exist: padding does not count. */
export function averagePoolGradient(backend: WebGPUBackend, dy: TensorInfo, info: PoolInfo): TensorInfo {
  const shape = { key: "tamisAveragePoolGradient", outputShape: info.inShape, inputs: ["dy"] };
  const code = overWindows("sum += g / f32((y1 - y0) * (x1 - x0));");
  return runFlat(backend, { ...shape, uniforms: uniformsOf(info), code }, [dy]);
}
