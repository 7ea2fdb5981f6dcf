/** The operations of the reference cases' group `ops`, through the functions and kernels that training uses, on the current backend. */
import * as tf from "../backends/tensors.ts";
import { convolve, dense, normalizeBatch, type FusedActivation } from "../backends/layer-kernels.ts";
import { applyAdam, penaltyGradient, penaltyValue } from "../backends/optimizer-kernels.ts";
import { crossEntropy } from "../session/loss.ts";
import { clippedBinaryCrossEntropy, clippedSparseCrossEntropy } from "./clipped-losses.ts";

/** Numbers with a shape, row-major. */
export interface OpArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** The parameters of a case, by the names that the reference cases give them. */
export interface OpAttributes {
  readonly strides?: readonly [number, number];
  readonly padding?: "same" | "valid";
  readonly filter_shape?: readonly number[];
  readonly input_shape?: readonly number[];
  readonly filter_size?: readonly [number, number];
  readonly activation?: FusedActivation;
  readonly transpose_a?: boolean;
  readonly transpose_b?: boolean;
  readonly epsilon?: number;
  readonly momentum?: number;
  readonly l1?: number;
  readonly l2?: number;
  readonly learning_rate?: number;
  readonly beta_1?: number;
  readonly beta_2?: number;
  readonly steps?: number;
}

class Call {
  constructor(
    private readonly attributes: OpAttributes,
    private readonly inputs: Readonly<Record<string, tf.Tensor>>,
  ) {}

  get<K extends keyof OpAttributes>(name: K): NonNullable<OpAttributes[K]> {
    const value = this.attributes[name];
    if (value === undefined) throw new Error(`the attribute ${name} is missing`);
    return value;
  }

  input<R extends tf.Rank = tf.Rank>(name: string): tf.Tensor<R> {
    const tensor = this.inputs[name];
    if (tensor === undefined) throw new Error(`the input ${name} is missing`);
    return tensor as tf.Tensor<R>;
  }

  get strides(): [number, number] {
    return [...this.get("strides")];
  }

  get filterSize(): [number, number] {
    return [...this.get("filter_size")];
  }

  get activation(): FusedActivation {
    return this.attributes.activation ?? "linear";
  }
}

type Outputs = Record<string, tf.Tensor>;
type Operation = (call: Call) => Outputs;

function kernel(name: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor {
  return tf.engine().runKernel(name, inputs, { ...attrs });
}

/** The attributes of tfjs' convolution gradients. */
function convolutionAttrs(call: Call): object {
  return { strides: call.strides, pad: call.get("padding"), dataFormat: "NHWC", dilations: [1, 1] };
}

function gradients(f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[], dy: tf.Tensor): tf.Tensor[] {
  return tf.grads(f)(inputs, dy);
}

function gradientOf(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, dy: tf.Tensor): Outputs {
  return { y: f(x), dx: tf.grad(f)(x, dy) };
}

function only(outputs: Outputs, name: string): Outputs {
  const tensor = outputs[name];
  return tensor === undefined ? {} : { [name]: tensor };
}

function noStatistics(): void {
  // Only the output is wanted.
}

/** Loss, probabilities and gradient of a loss that is computed from logits. */
function lossOf(call: Call, output: "binary" | "original-classes"): Outputs {
  const logits = call.input<tf.Rank.R2>("logits");
  const labels = call.input("labels");
  const targets = output === "binary" ? (labels as tf.Tensor2D) : (tf.oneHot(labels, logits.shape[1]) as tf.Tensor2D);
  const numbers = tf.cast(targets, "float32");
  const f = (z: tf.Tensor): tf.Scalar => crossEntropy(output, z as tf.Tensor2D, numbers);
  const { value, grad } = tf.valueAndGrad(f)(logits);
  const probabilities = output === "binary" ? tf.sigmoid(logits) : tf.softmax(logits);
  return { probabilities, loss: value, dlogits: grad };
}

function adam(call: Call): Outputs {
  const weight = tf.variable(call.input("w"), false);
  const [moment1, moment2] = [0, 1].map(() => tf.variable(tf.zerosLike(weight), false)) as [tf.Variable, tf.Variable];
  const results: Record<"w" | "m" | "v", tf.Tensor[]> = { w: [], m: [], v: [] };
  for (const [index, gradient] of tf.unstack(call.input("gradients")).entries()) {
    applyAdam({ weight, moment1, moment2 }, gradient, {
      ...{ step: index + 1, learningRate: call.get("learning_rate"), epsilon: call.get("epsilon") },
      ...{ beta1: call.get("beta_1"), beta2: call.get("beta_2"), weightDecay: 0, l1: 0, l2: 0 },
    });
    results.w.push(tf.clone(weight));
    results.m.push(tf.clone(moment1));
    results.v.push(tf.clone(moment2));
  }
  const outputs = { w: tf.stack(results.w), m: tf.stack(results.m), v: tf.stack(results.v) };
  tf.dispose([weight, moment1, moment2]);
  return outputs;
}

function normalizeTraining(call: Call): Outputs {
  const outputs: Outputs = {};
  const momentum = call.get("momentum");
  const move = (moving: tf.Tensor, value: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(moving, momentum), tf.mul(value, 1 - momentum));
  const [x, gamma, beta] = [
    call.input<tf.Rank.R4>("x"),
    call.input<tf.Rank.R1>("gamma"),
    call.input<tf.Rank.R1>("beta"),
  ];
  outputs["y"] = normalizeBatch(x, gamma, beta, call.get("epsilon"), (mean, variance) => {
    outputs["batch_mean"] = tf.keep(tf.clone(mean));
    outputs["batch_variance"] = tf.keep(tf.clone(variance));
    outputs["moving_mean"] = tf.keep(move(call.input("moving_mean"), mean));
    outputs["moving_variance"] = tf.keep(move(call.input("moving_variance"), variance));
  });
  return outputs;
}

function normalizeTrainingGradient(call: Call): Outputs {
  const epsilon = call.get("epsilon");
  const inputs = ["x", "gamma", "beta"].map((name) => call.input(name));
  const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor =>
    normalizeBatch(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, epsilon, noStatistics);
  const [dx, dgamma, dbeta] = gradients(f, inputs, call.input("dy"));
  return { dx: dx!, dgamma: dgamma!, dbeta: dbeta! };
}

function denseGradient(call: Call): Outputs {
  const inputs = ["x", "kernel", "bias"].map((name) => call.input(name));
  const f = (x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
    dense(x as tf.Tensor2D, weights as tf.Tensor2D, bias as tf.Tensor1D, call.activation);
  const [dx, dkernel, dbias] = gradients(f, inputs, call.input("dy"));
  return { dx: dx!, dkernel: dkernel!, dbias: dbias! };
}

function convolution(call: Call, bias: tf.Tensor1D | null): Outputs {
  const options = { strides: call.strides, padding: call.get("padding"), activation: call.activation };
  return { y: convolve(call.input("x"), call.input("filter"), bias, options) };
}

function maxPool(call: Call): (x: tf.Tensor) => tf.Tensor {
  return (x) => tf.maxPool(x as tf.Tensor4D, call.filterSize, call.strides, call.get("padding"));
}

function averagePool(call: Call): (x: tf.Tensor) => tf.Tensor {
  return (x) => tf.avgPool(x as tf.Tensor4D, call.filterSize, call.strides, call.get("padding"));
}

const globalAverage = (x: tf.Tensor): tf.Tensor => tf.mean(x, [1, 2]);

function zerosOfInput(call: Call): tf.Tensor {
  return tf.zeros([...call.get("input_shape")]);
}

const operations: Readonly<Record<string, Operation>> = {
  conv2d: (call) => convolution(call, null),
  fused_conv2d: (call) => convolution(call, call.input("bias")),
  conv2d_grad_filter: (call) => {
    const attrs = { ...convolutionAttrs(call), filterShape: [...call.get("filter_shape")] };
    return { dfilter: kernel(tf.Conv2DBackpropFilter, { x: call.input("x"), dy: call.input("dy") }, attrs) };
  },
  conv2d_grad_input: (call) => {
    const attrs = { ...convolutionAttrs(call), inputShape: [...call.get("input_shape")] };
    return { dx: kernel(tf.Conv2DBackpropInput, { dy: call.input("dy"), filter: call.input("filter") }, attrs) };
  },
  depthwise_conv2d: (call) => ({
    y: tf.depthwiseConv2d(
      call.input<tf.Rank.R4>("x"),
      call.input<tf.Rank.R4>("filter"),
      call.strides,
      call.get("padding"),
    ),
  }),
  depthwise_conv2d_grad_filter: (call) => {
    const attrs = { ...convolutionAttrs(call), filterShape: [...call.get("filter_shape")] };
    const inputs = { x: call.input("x"), dy: call.input("dy") };
    return { dfilter: kernel(tf.DepthwiseConv2dNativeBackpropFilter, inputs, attrs) };
  },
  depthwise_conv2d_grad_input: (call) => {
    const attrs = { ...convolutionAttrs(call), inputShape: [...call.get("input_shape")] };
    const inputs = { dy: call.input("dy"), filter: call.input("filter") };
    return { dx: kernel(tf.DepthwiseConv2dNativeBackpropInput, inputs, attrs) };
  },
  matmul: (call) => ({
    y: tf.matMul(call.input("a"), call.input("b"), call.get("transpose_a"), call.get("transpose_b")),
  }),
  dense: (call) => ({ y: dense(call.input("x"), call.input("kernel"), call.input("bias"), call.activation) }),
  dense_grad: denseGradient,
  max_pool: (call) => ({ y: maxPool(call)(call.input("x")) }),
  max_pool_grad: (call) => only(gradientOf(maxPool(call), call.input("x"), call.input("dy")), "dx"),
  average_pool: (call) => ({ y: averagePool(call)(call.input("x")) }),
  average_pool_grad: (call) => only(gradientOf(averagePool(call), zerosOfInput(call), call.input("dy")), "dx"),
  global_average_pool: (call) => ({ y: globalAverage(call.input("x")) }),
  global_average_pool_grad: (call) => only(gradientOf(globalAverage, zerosOfInput(call), call.input("dy")), "dx"),
  batch_norm_training: normalizeTraining,
  batch_norm_training_grad: normalizeTrainingGradient,
  batch_norm_inference: (call) => {
    const [mean, variance, beta, gamma] = ["moving_mean", "moving_variance", "beta", "gamma"].map((name) =>
      call.input<tf.Rank.R1>(name),
    ) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    return { y: tf.batchNorm4d(call.input("x"), mean, variance, beta, gamma, call.get("epsilon")) };
  },
  relu_grad: (call) => gradientOf((x) => tf.relu(x), call.input("x"), call.input("dy")),
  relu6_grad: (call) => gradientOf((x) => tf.relu6(x), call.input("x"), call.input("dy")),
  sigmoid_grad: (call) => gradientOf((x) => tf.sigmoid(x), call.input("x"), call.input("dy")),
  sigmoid_binary_crossentropy: (call) => lossOf(call, "binary"),
  softmax_sparse_categorical_crossentropy: (call) => lossOf(call, "original-classes"),
  binary_crossentropy_probabilities: (call) => {
    const [loss, gradient] = clippedBinaryCrossEntropy(call.input("probabilities"), call.input("labels"));
    return { loss, dprobabilities: gradient };
  },
  sparse_categorical_crossentropy_probabilities: (call) => {
    const [loss, gradient] = clippedSparseCrossEntropy(call.input("probabilities"), call.input("labels"));
    return { loss, dprobabilities: gradient };
  },
  sigmoid_clipped_binary_crossentropy: (call) => {
    const probability = tf.sigmoid(call.input("logits"));
    const [loss, gradient] = clippedBinaryCrossEntropy(probability, call.input("labels"));
    return { loss, dlogits: tf.mul(gradient, tf.mul(probability, tf.sub(1, probability))) };
  },
  penalty: (call) => {
    const [w, l1, l2] = [call.input("w"), call.get("l1"), call.get("l2")];
    return { value: penaltyValue(w, l1, l2), dw: penaltyGradient(w, l1, l2) };
  },
  adam,
};

function tensorOf({ shape, data }: OpArray): tf.Tensor {
  return tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");
}

/**
 * Computes one operation on the current backend.
 * @param op its name in the reference cases
 * @throws Error for an operation that is not known
 */
export async function runOperation(
  op: string,
  attributes: OpAttributes,
  inputs: Readonly<Record<string, OpArray>>,
): Promise<Record<string, OpArray>> {
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (operation === undefined) throw new Error(`unknown operation ${op}`);
  const outputs = tf.tidy(() => {
    const tensors = Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, tensorOf(array)]));
    return operation(new Call(attributes, tensors));
  });
  try {
    const entries = Object.entries(outputs).map(async ([name, tensor]): Promise<[string, OpArray]> => {
      const data = (await tensor.data()) as Float32Array;
      return [name, { shape: tensor.shape, data }];
    });
    return Object.fromEntries(await Promise.all(entries));
  } finally {
    tf.dispose(outputs);
  }
}
