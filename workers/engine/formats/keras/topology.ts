/** A Keras configuration (Keras 2's or 3's) as a tfjs topology, with the weights that the file must give. */
import { refused } from "../refusal.ts";
import { unknownLayer } from "../allowed-layers.ts";
import { type Config, linear, mapLayer, type MappedLayer } from "./layers.ts";

/** Where a weight goes, and where the file has it. */
export interface WeightSlot {
  /** tfjs' layer and weight. */
  readonly layer: string;
  readonly weight: string;
  /** The Keras layers that it lies in, from the outermost, each with its class and its place among the layers of its model. */
  readonly path: readonly LayerPlace[];
  /** Which of its layer's weights. */
  readonly index: number;
  /** How many weights the file must have for this layer. */
  readonly count: number;
  /** Numbers that stand in the configuration. */
  readonly given: readonly number[] | null;
}

export interface LayerPlace {
  readonly name: string;
  /** What Keras 3 calls it in its weight files: its class in snake case, counted. */
  readonly storedAs: string;
}

export interface MappedModel {
  readonly topology: { readonly class_name: string; readonly config: Config };
  readonly slots: readonly WeightSlot[];
}

interface KerasNode {
  readonly class_name?: unknown;
  readonly module?: unknown;
  readonly registered_name?: unknown;
  readonly config?: unknown;
  readonly name?: unknown;
  readonly inbound_nodes?: unknown;
  readonly build_config?: { readonly input_shape?: unknown } | null;
}

const deepest = 20;

/**
 * @param node `config.json` of a `.keras` file, or `model_config` of an `.h5` file
 * @throws EngineError `bad-model`, naming the layer
 */
export function mapKeras(node: unknown, file: string, isKeras3: boolean): MappedModel {
  const mapper = new Mapper(file, isKeras3);
  const topology = mapper.model(node as KerasNode, [], null);
  return { topology, slots: mapper.slots };
}

type Topology = MappedModel["topology"];

class Mapper {
  readonly slots: WeightSlot[] = [];
  readonly #file: string;
  readonly #isKeras3: boolean;
  readonly #names = new Set<string>();

  constructor(file: string, isKeras3: boolean) {
    this.#file = file;
    this.#isKeras3 = isKeras3;
  }

  model(node: KerasNode, path: readonly LayerPlace[], name: string | null): Topology {
    if (path.length > deepest) throw refused(`${this.#file} nests its models more than ${deepest} deep.`);
    const { class_name: className } = node;
    const config = (Array.isArray(node.config) ? { layers: node.config } : node.config) as Config | undefined;
    if (!config || !Array.isArray(config.layers)) {
      throw refused(`${this.#file} describes no network: its ${String(className)} has no layers.`);
    }
    const own = name ?? this.#unique(typeof config.name === "string" ? config.name : "model");
    const layers = config.layers as readonly KerasNode[];
    if (className === "Sequential") return this.#sequential(node, config, layers, path, own);
    if (className === "Functional" || className === "Model") return this.#functional(config, layers, path, own);
    throw unknownLayer(String(className), "", this.#file);
  }

  #sequential(
    node: KerasNode,
    config: Config,
    layers: readonly KerasNode[],
    path: readonly LayerPlace[],
    name: string,
  ): Topology {
    const mapped: unknown[] = [];
    const counts = new Map<string, number>();
    const first = layers[0];
    const shape = config.build_input_shape ?? node.build_config?.input_shape;
    const hasShape = first?.class_name === "InputLayer" || shapeOf(first) !== null || isModel(first);
    let inputShape: unknown = hasShape ? null : shape;
    for (const layer of layers) {
      const isInput = layer.class_name === "InputLayer";
      // Keras does not count a Sequential's input among its layers.
      const place = placeOf(layer, isInput ? new Map<string, number>() : counts);
      for (const one of this.#layer(layer, [...path, place])) {
        if (inputShape) mapped.push(this.#input(inputShape));
        inputShape = null;
        mapped.push(one);
      }
    }
    return { class_name: "Sequential", config: { name, layers: startedRight(mapped) } };
  }

  #functional(config: Config, layers: readonly KerasNode[], path: readonly LayerPlace[], name: string): Topology {
    const counts = new Map<string, number>();
    /** The last of the layers that each Keras layer became. */
    const lastOf = new Map<string, string>();
    const mapped: unknown[] = [];
    for (const layer of layers) {
      const place = placeOf(layer, counts);
      const inbound = this.#inbound(layer, lastOf, place.name);
      const became = this.#layer(layer, [...path, place], inbound.constant);
      let from = inbound.nodes;
      for (const one of became) {
        mapped.push({ ...one, name: one.config.name, inbound_nodes: from });
        from = [[[one.config.name, 0, 0, {}]]];
      }
      lastOf.set(place.name, String(became.at(-1)!.config.name));
    }
    const ends = (value: unknown) =>
      endsOf(value).map(([layer, ...rest]) => [lastOf.get(String(layer)) ?? layer, ...rest]);
    const { input_layers: inputs, output_layers: outputs } = config;
    return {
      class_name: "Functional",
      config: { name, layers: mapped, input_layers: ends(inputs), output_layers: ends(outputs) },
    };
  }

  /** The tfjs layers that a Keras layer becomes, each with a name of its own. */
  #layer(node: KerasNode, path: readonly LayerPlace[], constant: Constant | null = null): Topology[] {
    const config = (node.config ?? {}) as Config;
    const className = String(node.class_name);
    const { name } = path.at(-1)!;
    if (typeof node.registered_name === "string" && node.registered_name !== className) {
      throw unknownLayer(node.registered_name, ` “${name}”`, this.#file);
    }
    if (isModel(node)) return [this.model(node, path, this.#unique(name))];
    if (className === "InputLayer") return [this.#input(config.batch_shape ?? config.batch_input_shape, name)];
    const mapped = constant
      ? [arithmetic(className, config, constant, this.#file)]
      : mapLayer(className, config, this.#file, this.#isKeras3);
    const shape = shapeOf(node);
    return mapped.map((layer, place) => {
      const own = this.#unique(name);
      this.#note(layer, own, path);
      const first = place === 0 && shape ? { batch_input_shape: shape } : {};
      return { class_name: layer.className, config: { name: own, ...layer.config, ...first } };
    });
  }

  #note({ weights, given }: MappedLayer, layer: string, path: readonly LayerPlace[]): void {
    const common = { layer, path, count: weights.length };
    for (const [index, weight] of weights.entries()) this.slots.push({ ...common, weight, index, given: null });
    for (const [weight, numbers] of Object.entries(given ?? {})) {
      this.slots.push({ ...common, weight, index: 0, given: numbers });
    }
  }

  #input(shape: unknown, name = "input"): Topology {
    if (!Array.isArray(shape)) throw refused(`${this.#file} does not say what its input “${name}” looks like.`);
    const config = {
      name: this.#unique(name),
      batch_input_shape: [null, ...(shape.slice(1) as unknown[])],
      dtype: "float32",
      sparse: false,
    };
    return { class_name: "InputLayer", config };
  }

  #unique(name: string): string {
    let own = name;
    for (let n = 1; this.#names.has(own); n++) own = `${name}__${n}`;
    this.#names.add(own);
    return own;
  }

  /** tfjs' form of what a layer takes: `[[[name, node, tensor, {}], …]]`. */
  #inbound(
    layer: KerasNode,
    lastOf: ReadonlyMap<string, string>,
    name: string,
  ): { nodes: unknown[]; constant: Constant | null } {
    const nodes = Array.isArray(layer.inbound_nodes) ? (layer.inbound_nodes as unknown[]) : [];
    if (nodes.length > 1) {
      throw refused(
        `${this.#file}: the layer “${name}” is used ${nodes.length} times, which Tamis cannot read.`,
        "Export the model as ONNX instead.",
      );
    }
    const [node] = nodes;
    if (node === undefined) return { nodes: [], constant: null };
    const { sources, constant } = sourcesOf(node);
    return { nodes: [sources.map(([from, n, tensor]) => [lastOf.get(from) ?? from, n, tensor, {}])], constant };
  }
}

type Source = readonly [name: string, node: number, tensor: number];

/** The number that an operation takes besides its tensor. */
interface Constant {
  readonly value: number;
  /** It stands before the tensor: value − x. */
  readonly isFirst: boolean;
}

function sourcesOf(node: unknown): { readonly sources: readonly Source[]; readonly constant: Constant | null } {
  if (Array.isArray(node)) {
    // Keras 2: [[name, node, tensor, kwargs], …], or one of them alone (operations).
    const list = (typeof node[0] === "string" ? [node] : node) as [string, number, number, Config?][];
    const value = list[0]?.[3]?.y;
    const sources = list.map(([name, n, tensor]) => [name, n, tensor] as const);
    return { sources, constant: typeof value === "number" ? { value, isFirst: false } : null };
  }
  const { args = [], kwargs = {} } = node as { readonly args?: readonly unknown[]; readonly kwargs?: Config };
  const flat = [...args, ...Object.values(kwargs)].flat();
  const sources: Source[] = [];
  let constant: Constant | null = null;
  for (const value of flat) {
    const described: Config = typeof value === "object" ? { ...value } : {};
    const { class_name: className, config } = described;
    if (className === "__keras_tensor__") sources.push((config as { keras_history: Source }).keras_history);
    else if (typeof value === "number") constant = { value, isFirst: sources.length === 0 };
  }
  return { sources, constant };
}

/** Operations with a number, as preprocessing has them: x / 127.5, x − 1. */
function arithmetic(className: string, config: Config, { value, isFirst }: Constant, file: string): MappedLayer {
  const operation = className === "TFOpLambda" ? String(config.function) : className;
  const is = (...names: readonly string[]) => names.includes(operation);
  if (is("TrueDivide", "Divide", "math.truediv", "math.divide") && !isFirst) return linear(1 / value, 0);
  if (is("Multiply", "math.multiply")) return linear(value, 0);
  if (is("Add", "math.add", "__operators__.add")) return linear(1, value);
  if (is("Subtract", "math.subtract")) return isFirst ? linear(-1, value) : linear(1, -value);
  throw unknownLayer(operation, typeof config.name === "string" ? ` “${config.name}”` : "", file);
}

function isModel(node: KerasNode | undefined): boolean {
  return ["Sequential", "Functional", "Model"].includes(String(node?.class_name));
}

/** The input shape that a first layer may carry. */
function shapeOf(node: KerasNode | undefined): unknown[] | null {
  const { batch_input_shape: shape } = ((Array.isArray(node?.config) ? {} : node?.config) ?? {}) as Config;
  return Array.isArray(shape) ? [null, ...(shape.slice(1) as unknown[])] : null;
}

function placeOf(node: KerasNode, counts: Map<string, number>): LayerPlace {
  const stored = snakeCase(String(node.class_name));
  const count = counts.get(stored) ?? 0;
  counts.set(stored, count + 1);
  const { name = node.name } = ((Array.isArray(node.config) ? {} : node.config) ?? {}) as Config;
  const storedAs = count === 0 ? stored : `${stored}_${count}`;
  return { name: typeof name === "string" ? name : storedAs, storedAs };
}

/** As `keras.src.utils.naming.to_snake_case`. */
export function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** `[name, node, tensor]`, once or as a list. */
function endsOf(value: unknown): readonly (readonly unknown[])[] {
  if (!Array.isArray(value)) return [];
  return (typeof value[0] === "string" ? [value] : value) as readonly (readonly unknown[])[];
}

/** tfjs takes a shape from the first layer, or from an input before it; not from both. */
function startedRight(layers: readonly unknown[]): readonly unknown[] {
  const [first, second, ...rest] = layers as Topology[];
  if (first?.class_name !== "InputLayer" || second === undefined || !("batch_input_shape" in second.config))
    return layers;
  const { batch_input_shape: _shape, ...config } = second.config;
  return [first, { ...second, config }, ...rest];
}
