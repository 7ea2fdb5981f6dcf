/** ONNX' operations with windows: convolutions and pooling, on pictures that lie channels last. */
import * as tf from "../backends/tensors.ts";
import { type Call, channelsLast, type Value } from "./values.ts";

type Two = [number, number];

function two(values: readonly number[] | null, otherwise: number): Two {
  return values ? [values[0]!, values[1] ?? values[0]!] : [otherwise, otherwise];
}

/** How much is added [before, after], along height and width. */
function padsOf(call: Call, { shape }: tf.Tensor4D, window: Two, strides: Two, dilations: Two): readonly [Two, Two] {
  const auto = call.text("auto_pad", "NOTSET");
  if (auto === "SAME_UPPER" || auto === "SAME_LOWER") {
    const along = (axis: 0 | 1): Two => {
      const size = shape[axis + 1]!;
      const reach = (window[axis] - 1) * dilations[axis] + 1;
      const total = Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + reach - size);
      const less = Math.floor(total / 2);
      return auto === "SAME_UPPER" ? [less, total - less] : [total - less, less];
    };
    return [along(0), along(1)];
  }
  const pads = call.ints("pads");
  return pads
    ? [
        [pads[0]!, pads[2]!],
        [pads[1]!, pads[3]!],
      ]
    : [
        [0, 0],
        [0, 0],
      ];
}

function padded(x: tf.Tensor4D, [rows, columns]: readonly [Two, Two], value: number): tf.Tensor4D {
  if ([...rows, ...columns].every((n) => n === 0)) return x;
  return tf.pad(x, [[0, 0], rows, columns, [0, 0]], value);
}

/** Conv: the kernel is `[filters, channels a group, height, width]`, with an optional bias of one number a filter. */
export function convolve(call: Call): Value {
  const x = call.picture(0);
  const kernel = call.tensor(1) as tf.Tensor4D;
  const [filters, perGroup, height, width] = kernel.shape;
  const strides = two(call.ints("strides"), 1);
  const dilations = two(call.ints("dilations"), 1);
  const groups = call.int("group", 1);
  const input = padded(x, padsOf(call, x, [height, width], strides, dilations), 0);
  let y: tf.Tensor4D;
  if (groups === 1) {
    const filter = call.prepared(1, () => tf.transpose(kernel, [2, 3, 1, 0])) as tf.Tensor4D;
    y = tf.conv2d(input, filter, strides, "valid", "NHWC", dilations);
  } else if (groups === x.shape[3] && perGroup === 1) {
    const filter = call.prepared(1, () =>
      tf.transpose(tf.reshape(kernel, [groups, filters / groups, height, width]), [2, 3, 0, 1]),
    ) as tf.Tensor4D;
    y = tf.depthwiseConv2d(input, filter, strides, "valid", "NHWC", dilations);
  } else {
    const inputs: tf.Tensor4D[] = tf.split(input, groups, 3);
    const filter = call.prepared(1, () => tf.transpose(kernel, [2, 3, 1, 0])) as tf.Tensor4D;
    const parts: tf.Tensor4D[] = tf.split(filter, groups, 3);
    const each = inputs.map((part, group) => tf.conv2d(part, parts[group]!, strides, "valid", "NHWC", dilations));
    y = tf.concat(each, 3);
  }
  return channelsLast(call.has(2) ? tf.add(y, call.tensor(2)) : y);
}

interface Pooling {
  readonly x: tf.Tensor4D;
  readonly window: Two;
  readonly strides: Two;
  readonly pads: readonly [Two, Two];
}

function poolingOf(call: Call): Pooling {
  const x = call.picture(0);
  const window = two(call.ints("kernel_shape"), 1);
  const strides = two(call.ints("strides"), 1);
  if (two(call.ints("dilations"), 1).some((n) => n !== 1))
    throw new Error(`${call.node.type} “${call.node.name}” has dilations`);
  const pads = padsOf(call, x, window, strides, [1, 1]);
  if (call.int("ceil_mode", 0) === 0) return { x, window, strides, pads };
  // Rounded up: a last window that hangs over the edge counts too.
  const over = (axis: 0 | 1): Two => {
    const [before, after] = pads[axis];
    const room = x.shape[axis + 1]! + before + after - window[axis];
    return [before, after + ((strides[axis] - (room % strides[axis])) % strides[axis])];
  };
  return { x, window, strides, pads: [over(0), over(1)] };
}

/** MaxPool; padding is lower than any value. */
export function maxPool(call: Call): Value {
  const { x, window, strides, pads } = poolingOf(call);
  return channelsLast(tf.maxPool(padded(x, pads, -3.4e38), window, strides, "valid"));
}

/** Padding counts where `count_include_pad` says so. */
export function averagePool(call: Call): Value {
  const { x, window, strides, pads } = poolingOf(call);
  const sum = tf.avgPool(padded(x, pads, 0), window, strides, "valid");
  if (call.int("count_include_pad", 0) === 1 || pads.flat().every((n) => n === 0)) return channelsLast(sum);
  const [, height, width] = x.shape;
  const inside = tf.avgPool(padded(tf.ones([1, height, width, 1]), pads, 0), window, strides, "valid");
  return channelsLast(tf.div(sum, inside));
}
