/** A LayersModel as one list of layers in the order of computation: nested models are opened, and what prepares pixels and ends in probabilities is part of it. */
import type { ModelMetadata } from "../../../src/domain/model/model.ts";
import { EngineError } from "../failure.ts";
import type { StoredNetwork } from "../models/artifacts.ts";

export type LayerConfig = Readonly<Record<string, unknown>>;

export interface FlatWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface FlatLayer {
  /** Its own, and that of what it puts out. */
  readonly name: string;
  /** As tfjs names it; an `InputLayer` has no inputs. */
  readonly className: string;
  readonly config: LayerConfig;
  /** Names of the layers whose outputs it takes. */
  readonly inputs: readonly string[];
  readonly weights: ReadonlyMap<string, FlatWeight>;
}

export interface FlatNetwork {
  readonly layers: readonly FlatLayer[];
  readonly output: string;
}

export function cannotExport(what: string): EngineError {
  return new EngineError("bad-input", what, "Export it as a Tamis zip, which any device with Tamis opens.");
}

/** Layers that change training alone, or nothing. */
const idle: ReadonlySet<string> = new Set([
  "AlphaDropout",
  "Dropout",
  "GaussianDropout",
  "GaussianNoise",
  "SpatialDropout1D",
]);

interface Node {
  readonly class_name: string;
  readonly config: LayerConfig;
  readonly name?: string;
  readonly inbound_nodes?: readonly (readonly (readonly [string, number, number, unknown?])[])[];
}

/**
 * From pixels (`[images, size, size, 3]`, 0 to 255) to probabilities.
 * @throws EngineError `bad-input` where the network is no LayersModel, or uses a layer twice
 */
export async function flatNetwork(stored: StoredNetwork, metadata: ModelMetadata): Promise<FlatNetwork> {
  if (stored.kind !== undefined && stored.kind !== "layers") {
    throw cannotExport(
      `A network that came as ${stored.kind === "onnx" ? "ONNX" : "a tfjs GraphModel"} cannot be written in this format.`,
    );
  }
  const topology = stored.topology as Node & { readonly model_config?: Node };
  const flattener = new Flattener(await weightsByLayer(stored), metadata);
  return flattener.flatten(topology.model_config ?? topology);
}

async function weightsByLayer(stored: StoredNetwork): Promise<Map<string, Map<string, FlatWeight>>> {
  const specs = stored.weightSpecs as readonly { readonly name: string; readonly shape: readonly number[] }[];
  const numbers = new Float32Array(await stored.weights.arrayBuffer());
  const layers = new Map<string, Map<string, FlatWeight>>();
  let offset = 0;
  for (const { name, shape } of specs) {
    const size = shape.reduce((product, n) => product * n, 1);
    const end = name.lastIndexOf("/");
    const layer = name.slice(0, end);
    const weights = layers.get(layer) ?? new Map<string, FlatWeight>();
    weights.set(name.slice(end + 1), { shape, values: numbers.subarray(offset, offset + size) });
    layers.set(layer, weights);
    offset += size;
  }
  return layers;
}

class Flattener {
  readonly #weights: ReadonlyMap<string, ReadonlyMap<string, FlatWeight>>;
  readonly #metadata: ModelMetadata;
  readonly #layers: FlatLayer[] = [];

  constructor(weights: ReadonlyMap<string, ReadonlyMap<string, FlatWeight>>, metadata: ModelMetadata) {
    this.#weights = weights;
    this.#metadata = metadata;
  }

  flatten(topology: Node): FlatNetwork {
    const { preprocessing, output } = this.#metadata;
    const { inputSize: side, scale, offset, channels } = preprocessing;
    let name = this.#add("InputLayer", "pixels", { batch_input_shape: [null, side, side, 3] }, []);
    if (scale !== 1 || offset !== 0) name = this.#add("Rescaling", "prepared_pixels", { scale, offset }, [name]);
    if (channels) name = this.#arrange(channels, name);
    name = this.#model(topology, [name], 0);
    if (output.logits) {
      const activation = output.kind === "sigmoid" ? "sigmoid" : "softmax";
      name = this.#add("Activation", "as_probabilities", { activation }, [name]);
    }
    return { layers: this.#layers, output: name };
  }

  /** Order, factor and summand of the channels as one convolution of a single pixel. */
  #arrange({ order, scale, offset }: NonNullable<ModelMetadata["preprocessing"]["channels"]>, from: string): string {
    const places = { rgb: [0, 1, 2], bgr: [2, 1, 0], grey: [0] }[order];
    const luminance = [0.299, 0.587, 0.114];
    const values = new Float32Array(3 * places.length);
    for (const [to, place] of places.entries()) {
      for (let channel = 0; channel < 3; channel++) {
        const share = order === "grey" ? luminance[channel]! : channel === place ? 1 : 0;
        values[channel * places.length + to] = share * scale[to]!;
      }
    }
    const config = { filters: places.length, kernel_size: [1, 1], strides: [1, 1], padding: "valid", use_bias: true };
    const kernel = { shape: [1, 1, 3, places.length], values };
    const bias = { shape: [places.length], values: Float32Array.from(offset) };
    return this.#add(
      "Conv2D",
      "arranged_channels",
      config,
      [from],
      new Map([
        ["kernel", kernel],
        ["bias", bias],
      ]),
    );
  }

  /** @returns the name of what the model puts out */
  #model({ class_name: className, config }: Node, given: readonly string[], depth: number): string {
    const layers = (Array.isArray(config) ? config : config.layers) as readonly Node[];
    if (depth > 20) throw cannotExport("The network nests its models too deep.");
    if (className === "Sequential") return layers.reduce((from, layer) => this.#layer(layer, [from], depth), given[0]!);
    const names = new Map<string, string>();
    const endsOf = (value: unknown) =>
      (Array.isArray(value) && typeof value[0] === "string" ? [value] : value) as readonly (readonly [string])[];
    for (const [place, [name]] of endsOf(config.input_layers).entries()) names.set(name, given[place]!);
    for (const layer of layers) {
      const own = layer.name ?? String(layer.config.name);
      const inbound = layer.inbound_nodes ?? [];
      if (inbound.length > 1)
        throw cannotExport(`The layer “${own}” is used ${inbound.length} times, which this format cannot say.`);
      if (names.has(own)) continue;
      names.set(
        own,
        this.#layer(
          layer,
          (inbound[0] ?? []).map(([from]) => names.get(from)!),
          depth,
        ),
      );
    }
    return names.get(endsOf(config.output_layers)[0]![0])!;
  }

  #layer(layer: Node, inputs: readonly string[], depth: number): string {
    const { class_name: className, config } = layer;
    if (className === "InputLayer" || idle.has(className)) return inputs[0]!;
    if (["Sequential", "Functional", "Model"].includes(className)) return this.#model(layer, inputs, depth + 1);
    if (className === "Activation" && config.activation === "linear") return inputs[0]!;
    return this.#add(className, String(config.name), config, inputs, this.#weights.get(String(config.name)));
  }

  #add(
    className: string,
    wanted: string,
    config: LayerConfig,
    inputs: readonly string[],
    weights?: FlatLayer["weights"],
  ): string {
    const taken = new Set(this.#layers.map(({ name }) => name));
    let name = wanted.replaceAll("/", "_");
    while (taken.has(name)) name += "_";
    this.#layers.push({ name, className, config, inputs, weights: weights ?? new Map<string, FlatWeight>() });
    return name;
  }
}
