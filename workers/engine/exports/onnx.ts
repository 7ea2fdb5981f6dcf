/** Writes a LayersModel as ONNX: pixels in (`[N, size, size, 3]`, 0 to 255, RGB), probabilities out. Operator set 13, which all runtimes in use know. */
import type { ModelMetadata } from "../../../src/domain/model/model.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { encodeModel } from "../onnx/encode.ts";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "../onnx/proto.ts";
import { cannotExport, type FlatLayer, flatNetwork, type FlatWeight } from "./flat-network.ts";

const opset = 13;

/** What a layer put out, and whether its channels lie before its rows, as ONNX' convolutions take them. */
interface Output {
  readonly name: string;
  readonly rank: number;
  readonly isChannelsFirst: boolean;
}

/** @throws EngineError `bad-input`, naming a layer that ONNX cannot have from here */
export async function writeOnnx(metadata: ModelMetadata, stored: StoredNetwork): Promise<Blob> {
  if (stored.kind === "onnx") return stored.weights;
  const { layers, output } = await flatNetwork(stored, metadata);
  const writer = new GraphWriter();
  for (const layer of layers) writer.add(layer);
  const last = writer.inOrder(writer.output(output));
  writer.emit("Identity", [last.name], {}, "tamis_probabilities");
  const { inputSize } = metadata.preprocessing;
  const width = metadata.output.kind === "sigmoid" ? 1 : metadata.output.labels.length;
  const { labels, positive } = metadata.output;
  return new Blob([
    encodeModel({
      opset,
      nodes: writer.nodes,
      constants: writer.constants,
      inputs: [{ name: "pixels", shape: [null, inputSize, inputSize, 3], isFloat: true }],
      outputs: [
        { name: "tamis_probabilities", shape: [null, ...Array<number>(last.rank - 2).fill(1), width], isFloat: true },
      ],
      metadata: { name: metadata.name, labels: JSON.stringify(labels), positive: labels[positive]! },
    }),
  ]);
}

type Attributes = Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>;

const pair = (value: unknown, otherwise: number): readonly number[] => {
  const list = Array.isArray(value) ? value.map(Number) : [Number(value ?? otherwise)];
  return [list[0]!, list[1] ?? list[0]!];
};

class GraphWriter {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[] = [];
  readonly #outputs = new Map<string, Output>();

  output(layer: string): Output {
    return this.#outputs.get(layer)!;
  }

  add(layer: FlatLayer): void {
    const inputs = layer.inputs.map((name) => this.output(name));
    this.#outputs.set(layer.name, this.#layer(layer, inputs));
  }

  /** @returns the name of what it puts out */
  emit(type: string, inputs: readonly string[], attributes: Attributes, name: string): string {
    const list = Object.entries(attributes).map(([key, value]): OnnxAttribute => {
      if (typeof value === "string") return { name: key, text: value };
      if (typeof value === "number") return { name: key, int: value };
      return "float" in value ? { name: key, float: value.float } : { name: key, ints: value };
    });
    this.nodes.push({ type, name, domain: "", inputs, outputs: [name], attributes: list });
    return name;
  }

  inOrder(x: Output): Output {
    if (!x.isChannelsFirst) return x;
    return { ...x, name: this.#turned(x, [0, 2, 3, 1], "last"), isChannelsFirst: false };
  }

  #channelsFirst(x: Output): Output {
    if (x.isChannelsFirst || x.rank !== 4) return x;
    return { ...x, name: this.#turned(x, [0, 3, 1, 2], "first"), isChannelsFirst: true };
  }

  #turned({ name }: Output, perm: readonly number[], suffix: string): string {
    const turned = `${name}/${suffix}`;
    // Two branches may want the same.
    if (this.nodes.some((node) => node.name === turned)) return turned;
    return this.emit("Transpose", [name], { perm }, turned);
  }

  #constant(name: string, shape: readonly number[], values: Float32Array | Int32Array): string {
    this.constants.push({ name, shape, values });
    return name;
  }

  #scalar(name: string, value: number): string {
    return this.#constant(name, [], Float32Array.of(value));
  }

  #layer(layer: FlatLayer, inputs: readonly Output[]): Output {
    const { name, className, config } = layer;
    const x = inputs[0];
    const flat = (output: string): Output => ({ name: output, rank: 2, isChannelsFirst: false });
    const like = (output: string, from: Output): Output => ({ ...from, name: output });
    switch (className) {
      case "InputLayer":
        return { name, rank: 4, isChannelsFirst: false };
      case "Rescaling": {
        const scaled = this.emit(
          "Mul",
          [x!.name, this.#scalar(`${name}/scale`, Number(config.scale ?? 1))],
          {},
          `${name}/scaled`,
        );
        return like(
          this.emit("Add", [scaled, this.#scalar(`${name}/offset`, Number(config.offset ?? 0))], {}, name),
          x!,
        );
      }
      case "Conv2D":
      case "DepthwiseConv2D":
      case "SeparableConv2D":
        return this.#convolution(layer, this.#channelsFirst(x!));
      case "BatchNormalization":
        return this.#normalization(layer, this.#channelsFirst(x!));
      case "LayerNormalization":
        return this.#normalizedPixels(layer, x!);
      case "Dense":
        return this.#dense(layer, this.inOrder(x!));
      case "Activation":
        return this.#activate(String(config.activation), x!, name, name);
      case "ReLU":
        if (typeof config.max_value !== "number") return like(this.emit("Relu", [x!.name], {}, name), x!);
        return like(
          this.emit(
            "Clip",
            [x!.name, this.#scalar(`${name}/min`, 0), this.#scalar(`${name}/max`, config.max_value)],
            {},
            name,
          ),
          x!,
        );
      case "LeakyReLU":
        return like(this.emit("LeakyRelu", [x!.name], { alpha: { float: Number(config.alpha ?? 0.3) } }, name), x!);
      case "ELU":
        return like(this.emit("Elu", [x!.name], { alpha: { float: Number(config.alpha ?? 1) } }, name), x!);
      case "Softmax":
        return this.#activate("softmax", x!, name, name);
      case "MaxPooling2D":
      case "AveragePooling2D": {
        const from = this.#channelsFirst(x!);
        const window = pair(config.pool_size, 2);
        const attributes = {
          kernel_shape: window,
          strides: pair(config.strides ?? window, 2),
          auto_pad: padding(config.padding),
        };
        return like(
          this.emit(className === "MaxPooling2D" ? "MaxPool" : "AveragePool", [from.name], attributes, name),
          from,
        );
      }
      case "GlobalAveragePooling2D":
      case "GlobalMaxPooling2D": {
        const type = className === "GlobalAveragePooling2D" ? "GlobalAveragePool" : "GlobalMaxPool";
        const pooled = this.emit(type, [this.#channelsFirst(x!).name], {}, `${name}/pooled`);
        return flat(this.emit("Flatten", [pooled], { axis: 1 }, name));
      }
      case "Flatten":
        return flat(this.emit("Flatten", [this.inOrder(x!).name], { axis: 1 }, name));
      case "Reshape": {
        const target = (config.target_shape as readonly number[]).map(Number);
        // A zero keeps the number of images.
        const shape = this.#constant(`${name}/shape`, [target.length + 1], Int32Array.from([0, ...target]));
        const reshaped = this.emit("Reshape", [this.inOrder(x!).name, shape], {}, name);
        return { name: reshaped, rank: target.length + 1, isChannelsFirst: false };
      }
      case "ZeroPadding2D": {
        const from = this.#channelsFirst(x!);
        const [[top, bottom], [left, right]] = config.padding as readonly [
          readonly [number, number],
          readonly [number, number],
        ];
        const pads = this.#constant(`${name}/pads`, [8], Int32Array.of(0, 0, top, left, 0, 0, bottom, right));
        return like(this.emit("Pad", [from.name, pads], {}, name), from);
      }
      case "Add":
      case "Multiply":
      case "Maximum":
      case "Minimum":
      case "Concatenate":
        return this.#merged(layer, inputs);
      default:
        throw cannotExport(`The layer “${name}” (${className}) cannot be written as ONNX.`);
    }
  }

  #convolution(layer: FlatLayer, x: Output): Output {
    const { name, className, config } = layer;
    const attributes = {
      strides: pair(config.strides, 1),
      dilations: pair(config.dilation_rate, 1),
      auto_pad: padding(config.padding),
    };
    let from = x.name;
    if (className === "SeparableConv2D") {
      const depthwise = this.#kernel(layer, "depthwise_kernel", true);
      from = this.emit("Conv", [from, depthwise.name], { ...attributes, ...depthwise.attributes }, `${name}/depthwise`);
      const pointwise = this.#kernel(layer, "pointwise_kernel", false);
      from = this.emit("Conv", [from, pointwise.name, ...this.#bias(layer)], pointwise.attributes, `${name}/linear`);
    } else {
      const isDepthwise = className === "DepthwiseConv2D";
      const kernel = this.#kernel(layer, isDepthwise ? "depthwise_kernel" : "kernel", isDepthwise);
      const inputs = [from, kernel.name, ...this.#bias(layer)];
      from = this.emit("Conv", inputs, { ...attributes, ...kernel.attributes }, `${name}/linear`);
    }
    return this.#activate(activationOf(layer), { ...x, name: from }, name, `${name}/activation`);
  }

  #bias({ name, weights }: FlatLayer): string[] {
    const bias = weights.get("bias");
    return bias ? [this.#constant(`${name}/bias`, bias.shape, bias.values)] : [];
  }

  /** tfjs: [height, width, in, out], depthwise [height, width, channels, multiplier]. ONNX: [out, in of a group, height, width]. */
  #kernel({ name, weights }: FlatLayer, which: string, isDepthwise: boolean) {
    const { shape, values } = weights.get(which)!;
    const [height, width, ins, outs] = shape as readonly [number, number, number, number];
    const turned = new Float32Array(values.length);
    for (let place = 0; place < height * width; place++) {
      for (let i = 0; i < ins; i++) {
        for (let o = 0; o < outs; o++) {
          const row = isDepthwise ? i * outs + o : o * ins + i;
          turned[row * height * width + place] = values[(place * ins + i) * outs + o]!;
        }
      }
    }
    const kernelShape = isDepthwise ? [ins * outs, 1, height, width] : [outs, ins, height, width];
    const attributes: Attributes = { kernel_shape: [height, width], group: isDepthwise ? ins : 1 };
    return { name: this.#constant(`${name}/${which}`, kernelShape, turned), attributes };
  }

  #normalization({ name, config, weights }: FlatLayer, x: Output): Output {
    const mean = weights.get("moving_mean")!;
    const filled = (value: number): FlatWeight => ({
      shape: mean.shape,
      values: new Float32Array(mean.values.length).fill(value),
    });
    const all = {
      gamma: weights.get("gamma") ?? filled(1),
      beta: weights.get("beta") ?? filled(0),
      mean,
      variance: weights.get("moving_variance")!,
    };
    const inputs = Object.entries(all).map(([key, { shape, values }]) =>
      this.#constant(`${name}/${key}`, shape, values),
    );
    const epsilon = { float: Number(config.epsilon ?? 1e-3) };
    return { ...x, name: this.emit("BatchNormalization", [x.name, ...inputs], { epsilon }, name) };
  }

  /** In operations of this set: LayerNormalization came with 17. */
  #normalizedPixels({ name, config, weights }: FlatLayer, x: Output): Output {
    const { rank, isChannelsFirst } = x;
    const given = [config.axis ?? -1].flat().map((axis) => (Number(axis) + rank) % rank);
    if (given.length !== 1 || given[0] !== rank - 1)
      throw cannotExport(`The layer “${name}” normalises over other axes than the channels.`);
    const channels = isChannelsFirst ? 1 : rank - 1;
    const mean = (from: string, what: string) =>
      this.emit("ReduceMean", [from], { axes: [channels], keepdims: 1 }, `${name}/${what}`);
    const centred = this.emit("Sub", [x.name, mean(x.name, "mean")], {}, `${name}/centred`);
    const squares = this.emit("Mul", [centred, centred], {}, `${name}/squares`);
    const epsilon = this.#scalar(`${name}/epsilon`, Number(config.epsilon ?? 1e-3));
    const variance = this.emit("Add", [mean(squares, "variance"), epsilon], {}, `${name}/positive`);
    const deviation = this.emit("Sqrt", [variance], {}, `${name}/deviation`);
    let last = this.emit("Div", [centred, deviation], {}, weights.size === 0 ? name : `${name}/plain`);
    const factors = [...weights].map(([key, { values }], place) => {
      const shape = isChannelsFirst ? [1, values.length, 1, 1] : [values.length];
      return { type: key === "gamma" ? "Mul" : "Add", place, with: this.#constant(`${name}/${key}`, shape, values) };
    });
    for (const factor of factors) {
      const isLast = factor.place === factors.length - 1;
      last = this.emit(factor.type, [last, factor.with], {}, isLast ? name : `${name}/scaled`);
    }
    return { ...x, name: last };
  }

  #dense(layer: FlatLayer, x: Output): Output {
    const { name, weights } = layer;
    const kernel = weights.get("kernel")!;
    const product = this.emit(
      "MatMul",
      [x.name, this.#constant(`${name}/kernel`, kernel.shape, kernel.values)],
      {},
      `${name}/product`,
    );
    const [bias] = this.#bias(layer);
    const sum = bias === undefined ? product : this.emit("Add", [product, bias], {}, `${name}/linear`);
    return this.#activate(activationOf(layer), { ...x, name: sum }, name, `${name}/activation`);
  }

  #activate(activation: string, x: Output, layer: string, name: string): Output {
    const result = (output: string): Output => ({ ...x, name: output });
    const simple = new Map([
      ["relu", "Relu"],
      ["sigmoid", "Sigmoid"],
      ["tanh", "Tanh"],
      ["elu", "Elu"],
      ["selu", "Selu"],
      ["softplus", "Softplus"],
    ]).get(activation);
    if (activation === "linear") return x;
    if (simple) return result(this.emit(simple, [x.name], {}, name));
    if (activation === "softmax")
      return result(this.emit("Softmax", [x.name], { axis: x.isChannelsFirst ? 1 : x.rank - 1 }, name));
    if (activation === "relu6") {
      return result(
        this.emit("Clip", [x.name, this.#scalar(`${name}/min`, 0), this.#scalar(`${name}/max`, 6)], {}, name),
      );
    }
    if (activation === "swish") {
      return result(this.emit("Mul", [x.name, this.emit("Sigmoid", [x.name], {}, `${name}/gate`)], {}, name));
    }
    if (activation === "hard_sigmoid") {
      return result(this.emit("HardSigmoid", [x.name], { alpha: { float: 0.2 }, beta: { float: 0.5 } }, name));
    }
    throw cannotExport(`The layer “${layer}” has the activation ${activation}, which cannot be written as ONNX.`);
  }

  #merged({ name, className, config }: FlatLayer, inputs: readonly Output[]): Output {
    const isFirst = inputs.every(({ rank }) => rank === 4);
    const given = inputs.map((input) => (isFirst ? this.#channelsFirst(input) : this.inOrder(input)));
    const names = given.map((input) => input.name);
    const [first] = given;
    if (className === "Concatenate") {
      const { rank } = first!;
      const axis = (Number(config.axis ?? -1) + rank) % rank;
      return { ...first!, name: this.emit("Concat", names, { axis: isFirst ? [0, 2, 3, 1][axis]! : axis }, name) };
    }
    const type = { Add: "Add", Multiply: "Mul", Maximum: "Max", Minimum: "Min" }[className]!;
    const merged = names
      .slice(1)
      .reduce(
        (left, right, place) =>
          this.emit(type, [left, right], {}, place === names.length - 2 ? name : `${name}/${place}`),
        names[0]!,
      );
    return { ...first!, name: merged };
  }
}

function activationOf({ config: { activation } }: FlatLayer): string {
  return typeof activation === "string" ? activation : "linear";
}

/** The odd pixel of Keras' 'same' goes after. */
function padding(value: unknown): string {
  return value === "same" ? "SAME_UPPER" : "VALID";
}
