import {
  Add,
  Identity,
  Mean,
  Relu,
  Relu6,
  Sum,
  backend_util,
  util,
  type NamedAttrMap,
  type SumAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { customKernels, type ActivationGradientAttrs, type NormalizationAttrs } from "../custom-kernels.ts";
import { registerOwnKernel, replaceKernel } from "./registry.ts";
import { floatWord, type KernelRunner } from "./runner.ts";

/** Rows that one partial sum covers at least, and the most partial sums: a matter of the shapes alone, for the same sums on any thread count. */
const rowsPerPart = 2048;
const mostParts = 16;

/** See `Channels` in workers/kernels/assembly/channels.ts; what is not given is 0. */
interface Pass {
  readonly from?: number;
  readonly other?: number;
  readonly dy?: number;
  readonly to?: number;
  readonly sums?: number;
  readonly partBytes?: number;
  readonly secondBytes?: number;
  readonly rows: number;
  readonly columns: number;
  readonly scale?: number;
  readonly offset?: number;
  readonly mean?: number;
  readonly third?: number;
  readonly low?: number;
  readonly high?: number;
  readonly factor?: number;
}

function words(pass: Pass): number[] {
  return [
    ...[pass.from ?? 0, pass.other ?? 0, pass.dy ?? 0, pass.to ?? 0],
    ...[pass.sums ?? 0, pass.partBytes ?? 0, pass.secondBytes ?? 0, pass.rows, pass.columns],
    ...[pass.scale ?? 0, pass.offset ?? 0, pass.mean ?? 0, pass.third ?? 0],
    ...[pass.low ?? -Infinity, pass.high ?? Infinity, pass.factor ?? 1].map(floatWord),
  ];
}

function partsOfRows(rows: number): number {
  return Math.max(1, Math.min(mostParts, Math.floor(rows / rowsPerPart)));
}

/** Adds partial sums, `parts` rows of `columns`, up into `to`. */
function sumUp(
  runner: KernelRunner,
  sums: number,
  parts: number,
  columns: number,
  partBytes: number,
  to: number,
): void {
  const range = [floatWord(-Infinity), floatWord(Infinity)];
  runner.run("sumSlices", [sums, partBytes, parts, to, 1, columns, 0, ...range], 1);
}

/** to[c] = factor · Σ rows[·][c] */
function columnSums(
  runner: KernelRunner,
  from: number,
  rows: number,
  columns: number,
  factor: number,
  to: number,
): void {
  const parts = partsOfRows(rows);
  const partBytes = columns * 4;
  const sums = runner.scratch(parts * partBytes);
  runner.run("columnSums", words({ from, sums, partBytes, rows, columns, factor }), parts);
  sumUp(runner, sums, parts, columns, partBytes, to);
}

/** Sum or mean over neighbouring axes; undefined where the axes are not neighbours. */
function reduce(runner: KernelRunner, x: TensorInfo, attrs: SumAttrs, isMean: boolean): TensorInfo | undefined {
  const axes = [...util.parseAxisParam(attrs.axis, x.shape)].sort((a, b) => a - b);
  const first = axes[0];
  if (x.dtype !== "float32" || first === undefined || axes.some((axis, i) => axis !== first + i)) return undefined;
  const outer = util.sizeFromShape(x.shape.slice(0, first));
  const middle = util.sizeFromShape(x.shape.slice(first, first + axes.length));
  const inner = util.sizeFromShape(x.shape.slice(first + axes.length));
  if (outer * middle * inner === 0) return undefined;
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = attrs.keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
  const out = runner.backend.makeOutput(shape, "float32");
  const factor = isMean ? 1 / middle : 1;
  const from = runner.address(x);
  const to = runner.address(out);
  if (outer === 1 && inner > 1) {
    columnSums(runner, from, middle, inner, factor, to);
  } else {
    const pass = { from, to, partBytes: outer, rows: middle, columns: inner, factor };
    runner.run("groupSums", words(pass), runner.partsFor(outer * middle * inner));
  }
  return out;
}

/** dx = dy where low < y < high, else 0, and its sums over all but the last axis where wanted. */
function activationGradient(
  runner: KernelRunner,
  inputs: { dy: TensorInfo; y: TensorInfo },
  attrs: ActivationGradientAttrs,
): TensorInfo[] {
  const { dy, y } = inputs;
  const columns = dy.shape[dy.shape.length - 1] ?? 1;
  const rows = util.sizeFromShape(dy.shape) / Math.max(1, columns);
  const dx = runner.backend.makeOutput(dy.shape, "float32");
  const { low, high } = attrs;
  const pass = { other: runner.address(y), dy: runner.address(dy), to: runner.address(dx), rows, columns, low, high };
  if (!attrs.sums) {
    runner.run("activationGradient", words(pass), runner.partsFor(rows * columns * 4));
    return [dx];
  }
  const bias = runner.backend.makeOutput([columns], "float32");
  const parts = partsOfRows(rows);
  const partBytes = columns * 4;
  const sums = runner.scratch(parts * partBytes);
  runner.run("activationGradient", words({ ...pass, sums, partBytes }), parts);
  sumUp(runner, sums, parts, columns, partBytes, runner.address(bias));
  return [dx, bias];
}

function view(runner: KernelRunner, tensor: TensorInfo): Float32Array {
  return runner.floats(runner.address(tensor), util.sizeFromShape(tensor.shape));
}

/** [y, mean, variance] of x over all but its last axis. */
function normalize(
  runner: KernelRunner,
  inputs: { x: TensorInfo; gamma: TensorInfo; beta: TensorInfo },
  attrs: NormalizationAttrs,
): TensorInfo[] {
  const { x } = inputs;
  const columns = x.shape[x.shape.length - 1] ?? 1;
  const rows = util.sizeFromShape(x.shape) / columns;
  const [y, mean, variance, coefficients] = [x.shape, [columns], [columns], [2, columns]].map((shape) =>
    runner.backend.makeOutput(shape, "float32"),
  ) as [TensorInfo, TensorInfo, TensorInfo, TensorInfo];
  const from = runner.address(x);
  columnSums(runner, from, rows, columns, 1 / rows, runner.address(mean));
  const parts = partsOfRows(rows);
  const partBytes = columns * 4;
  const sums = runner.scratch(parts * partBytes);
  const squares = { from, sums, partBytes, rows, columns, mean: runner.address(mean), factor: 1 / rows };
  runner.run("columnSquares", words(squares), parts);
  sumUp(runner, sums, parts, columns, partBytes, runner.address(variance));
  const [means, variances, gammas, betas, factors] = [mean, variance, inputs.gamma, inputs.beta, coefficients].map(
    (tensor) => view(runner, tensor),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  for (let c = 0; c < columns; c++) {
    const scale = gammas[c]! / Math.sqrt(variances[c]! + attrs.epsilon);
    factors[c] = scale;
    factors[columns + c] = betas[c]! - means[c]! * scale;
  }
  const scale = runner.address(coefficients);
  const { low, high } = attrs;
  const pass = { from, to: runner.address(y), rows, columns, scale, offset: scale + partBytes, low, high };
  runner.run("affine", words(pass), runner.partsFor(rows * columns * 4));
  runner.backend.disposeData(coefficients.dataId);
  return [y, mean, variance];
}

/** [dx, dgamma, dbeta]: dx = γ/σ·(g − mean(g) − x̂·mean(g·x̂)) with g = dy where the activation passes it on. */
function normalizationGradient(
  runner: KernelRunner,
  inputs: { dy: TensorInfo; x: TensorInfo; y: TensorInfo; gamma: TensorInfo; mean: TensorInfo; variance: TensorInfo },
  attrs: NormalizationAttrs,
): TensorInfo[] {
  const { x } = inputs;
  const columns = x.shape[x.shape.length - 1] ?? 1;
  const rows = util.sizeFromShape(x.shape) / columns;
  const [dx, dgamma, dbeta, coefficients] = [x.shape, [columns], [columns], [3, columns]].map((shape) =>
    runner.backend.makeOutput(shape, "float32"),
  ) as [TensorInfo, TensorInfo, TensorInfo, TensorInfo];
  const hasMask = attrs.low > -Infinity || attrs.high < Infinity;
  const parts = partsOfRows(rows);
  const secondBytes = columns * 4;
  const partBytes = 2 * secondBytes;
  // Both sums of a part lie side by side, so that one pass adds them up.
  const sums = runner.scratch(parts * partBytes + partBytes);
  const totals = sums + parts * partBytes;
  const { low, high } = attrs;
  const pass = {
    ...{ from: runner.address(x), other: hasMask ? runner.address(inputs.y) : 0, dy: runner.address(inputs.dy) },
    ...{ sums, partBytes, secondBytes, rows, columns, mean: runner.address(inputs.mean), low, high },
  };
  runner.run("normalizationSums", words(pass), parts);
  sumUp(runner, sums, parts, 2 * columns, partBytes, totals);
  const total = runner.floats(totals, 2 * columns);
  const [variances, gammas, dgammas, dbetas, factors] = [
    ...[inputs.variance, inputs.gamma, dgamma, dbeta, coefficients],
  ].map((tensor) => view(runner, tensor)) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  for (let c = 0; c < columns; c++) {
    const inverse = 1 / Math.sqrt(variances[c]! + attrs.epsilon);
    const scale = gammas[c]! * inverse;
    dbetas[c] = total[c]!;
    dgammas[c] = total[columns + c]! * inverse;
    factors[c] = scale;
    factors[columns + c] = (-scale * total[c]!) / rows;
    factors[2 * columns + c] = (-scale * inverse * inverse * total[columns + c]!) / rows;
  }
  const scale = runner.address(coefficients);
  runner.run(
    "normalizationGradient",
    words({ ...pass, to: runner.address(dx), scale, offset: scale + secondBytes, third: scale + 2 * secondBytes }),
    runner.partsFor(rows * columns * 6),
  );
  runner.backend.disposeData(coefficients.dataId);
  return [dx, dgamma, dbeta];
}

function sameShape(a: TensorInfo, b: TensorInfo): boolean {
  return util.arraysEqual(a.shape, b.shape);
}

/** clamp(a + b) or clamp(a), value by value. */
function addClamped(
  runner: KernelRunner,
  a: TensorInfo,
  b: TensorInfo | undefined,
  low: number,
  high: number,
): TensorInfo {
  const out = runner.backend.makeOutput(a.shape, "float32");
  const rows = util.sizeFromShape(a.shape);
  const other = b === undefined ? 0 : runner.address(b);
  const pass = { from: runner.address(a), other, to: runner.address(out), rows, columns: 1, low, high };
  runner.run("addClamped", words(pass), runner.partsFor(rows));
  return out;
}

function registerElementwise(runner: KernelRunner): void {
  replaceKernel(Add, ({ inputs }, stock) => {
    const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
    const isPlain = a.dtype === "float32" && b.dtype === "float32" && sameShape(a, b);
    return isPlain ? addClamped(runner, a, b, -Infinity, Infinity) : stock();
  });
  const clampTo = (high: number) => (inputs: unknown, stock: () => TensorInfo) => {
    const { x } = inputs as Record<"x", TensorInfo>;
    return x.dtype === "float32" ? addClamped(runner, x, undefined, 0, high) : stock();
  };
  const relu = clampTo(Infinity);
  const relu6 = clampTo(6);
  replaceKernel(Relu, ({ inputs }, stock) => relu(inputs, stock));
  replaceKernel(Relu6, ({ inputs }, stock) => relu6(inputs, stock));
  // tfjs' own copies the values of every clone; a reference does, as in its other backends.
  replaceKernel(Identity, ({ inputs }, stock) => {
    const { x } = inputs as Record<"x", TensorInfo>;
    if (x.dtype === "string") return stock();
    runner.backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
}

/** Registers reductions, additions and activations on threads, and the kernels that tfjs has no name for. */
export function registerChannels(runner: KernelRunner): void {
  registerElementwise(runner);
  const reduction = (isMean: boolean) => (call: { inputs: unknown; attrs: NamedAttrMap }, stock: () => TensorInfo) =>
    reduce(runner, (call.inputs as Record<"x", TensorInfo>).x, call.attrs as unknown as SumAttrs, isMean) ?? stock();
  replaceKernel(Sum, reduction(false));
  replaceKernel(Mean, reduction(true));
  registerOwnKernel(customKernels.activationGradient, (inputs, attrs) =>
    activationGradient(runner, inputs as never, attrs as unknown as ActivationGradientAttrs),
  );
  registerOwnKernel(customKernels.normalize, (inputs, attrs) =>
    normalize(runner, inputs as never, attrs as unknown as NormalizationAttrs),
  );
  registerOwnKernel(customKernels.normalizationGradient, (inputs, attrs) =>
    normalizationGradient(runner, inputs as never, attrs as unknown as NormalizationAttrs),
  );
}
