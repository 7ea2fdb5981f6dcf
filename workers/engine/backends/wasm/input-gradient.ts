/** The gradient of a convolution by its input. */
import { util, type TensorInfo } from "@tensorflow/tfjs-core";
import { blockOf, paddedStride, panelBytes, tileBytes, words, type ConvolutionInfo } from "./convolution-job.ts";
import { wholeLines, type KernelRunner } from "./runner.ts";
import { paysWinograd, winogradConvolve } from "./winograd.ts";

/** The taps of one axis that reach the input positions ≡ phase (mod stride). */
interface PhaseTaps {
  /** Filter indices, descending: ascending in dy. */
  readonly taps: readonly number[];
  /** Where the first of them lies in dy for the first position of the phase. */
  readonly offset: number;
}

function phaseTaps(phase: number, stride: number, pad: number, filterSize: number): PhaseTaps {
  const taps: number[] = [];
  for (let k = filterSize - 1; k >= 0; k--) if ((((phase + pad - k) % stride) + stride) % stride === 0) taps.push(k);
  const first = taps[0];
  return { taps, offset: first === undefined ? 0 : (phase + pad - first) / stride };
}

/**
 * dx: for each phase of the stride, the convolution (stride 1) of dy with the taps that meet this phase, written to every stride-th pixel.
 * The taps' filters [tap][outChannels × inChannels] are copied in their order first.
 */
export function inputGradient(
  runner: KernelRunner,
  dy: TensorInfo,
  filter: TensorInfo,
  info: ConvolutionInfo,
): TensorInfo {
  const out = runner.backend.makeOutput(info.inShape, "float32");
  if (util.sizeFromShape(info.inShape) === 0) return out;
  const { inChannels, outChannels, strideHeight, strideWidth } = info;
  if (paysWinograd(runner, info, outChannels, inChannels, info.inHeight, info.inWidth)) {
    const job = {
      ...{ from: runner.address(dy), batch: info.batchSize, height: info.outHeight, width: info.outWidth },
      ...{ channels: outChannels, padTop: 2 - info.padInfo.top, padLeft: 2 - info.padInfo.left },
      ...{ outHeight: info.inHeight, outWidth: info.inWidth, outChannels: inChannels },
    };
    const range = { low: -Infinity, high: Infinity };
    const target = { filter, to: runner.address(out), bias: 0, ...range };
    winogradConvolve(runner, job, { ...target, turned: true });
    return out;
  }
  const pixel = inChannels * 4;
  const filterAddress = runner.address(filter);
  const tapBytes = inChannels * outChannels * 4;
  for (let phaseY = 0; phaseY < Math.min(strideHeight, info.inHeight); phaseY++) {
    const rows = phaseTaps(phaseY, strideHeight, info.padInfo.top, info.filterHeight);
    for (let phaseX = 0; phaseX < Math.min(strideWidth, info.inWidth); phaseX++) {
      const columns = phaseTaps(phaseX, strideWidth, info.padInfo.left, info.filterWidth);
      const depth = rows.taps.length * columns.taps.length * outChannels;
      const windowStride = paddedStride(depth);
      const block = blockOf(windowStride);
      const packedBytes = wholeLines(Math.ceil(inChannels / 8) * depth * panelBytes);
      const perThread = wholeLines(tileBytes + block * windowStride + block * inChannels * 4 + 256);
      const packed = runner.scratch(packedBytes + perThread * runner.threads);
      const taps = rows.taps.flatMap((ky) => columns.taps.map((kx) => ky * info.filterWidth + kx));
      packTaps(runner, taps, { filterAddress, tapBytes, inChannels, outChannels, depth, packed });
      runner.run(
        "convolve",
        words(
          {
            from: runner.address(dy),
            batch: info.batchSize,
            height: info.outHeight,
            width: info.outWidth,
            channels: outChannels,
            filterHeight: rows.taps.length,
            filterWidth: columns.taps.length,
            strideY: 1,
            strideX: 1,
            padTop: -rows.offset,
            padLeft: -columns.offset,
            gridHeight: Math.ceil((info.inHeight - phaseY) / strideHeight),
            gridWidth: Math.ceil((info.inWidth - phaseX) / strideWidth),
            other: packed,
            outChannels: inChannels,
            to: runner.address(out) + (phaseY * info.inWidth + phaseX) * pixel,
            toImage: info.inHeight * info.inWidth * pixel,
            toRow: strideHeight * info.inWidth * pixel,
            toPixel: strideWidth * pixel,
            bias: 0,
            low: -Infinity,
            high: Infinity,
          },
          packed + packedBytes,
          perThread,
          block,
          windowStride,
        ),
        runner.partsFor(
          (info.batchSize * info.inHeight * info.inWidth * depth * inChannels) / (strideHeight * strideWidth),
        ),
      );
    }
  }
  return out;
}

interface TapPacking {
  readonly filterAddress: number;
  readonly tapBytes: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly depth: number;
  readonly packed: number;
}

/** Packs the taps one under another: rows (tap, out channel), columns in channel. */
function packTaps(runner: KernelRunner, taps: readonly number[], to: TapPacking): void {
  taps.forEach((tap, index) => {
    const from = to.filterAddress + tap * to.tapBytes;
    const at = to.packed + index * to.outChannels * panelBytes;
    runner.run(
      "pack",
      [...[from, to.outChannels * 4, 1, to.outChannels, to.inChannels], ...[at, to.depth * panelBytes]],
      1,
    );
  });
}
