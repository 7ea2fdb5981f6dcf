/** Changes to the description of a network that tfjs has no call for. */
import type { PixelRange } from "../../../src/domain/experiment/backbone.ts";
import { EngineError } from "../failure.ts";
import type { StoredNetwork } from "../models/artifacts.ts";

type Reference = [layer: string, node: number, tensor: number, options: object];

export interface LayerDescription {
  readonly class_name: string;
  readonly name: string;
  readonly config: Record<string, unknown>;
  inbound_nodes: Reference[][];
}

/** Of a network that is a graph of layers. */
export interface Topology {
  readonly config: {
    readonly layers: LayerDescription[];
    output_layers: [layer: string, node: number, tensor: number][];
  };
}

const rescalingName = "pixels_to_range";

/** The network for squares of any size, with RGB numbers from 0 to 255 brought to `range` by a layer of its own. */
export function forAnyPicture(stored: StoredNetwork, [low, high]: PixelRange): StoredNetwork {
  const topology = structuredClone(stored.topology) as Topology;
  const { layers } = topology.config;
  const place = layers.findIndex(({ class_name: kind }) => kind === "InputLayer");
  const image = layers[place];
  if (!image) throw new EngineError("unexpected", "The backbone has no input layer.");
  image.config.batch_input_shape = [null, null, null, 3];
  if (low === 0 && high === 255) return { ...stored, topology };
  for (const layer of layers) {
    layer.inbound_nodes = layer.inbound_nodes.map((node) =>
      node.map(([name, ...rest]) => [name === image.name ? rescalingName : name, ...rest]),
    );
  }
  const config = { name: rescalingName, trainable: false, dtype: "float32", scale: (high - low) / 255, offset: low };
  layers.splice(place + 1, 0, {
    class_name: "Rescaling",
    name: rescalingName,
    config,
    inbound_nodes: [[[image.name, 0, 0, {}]]],
  });
  return { ...stored, topology };
}

/** How often a layer's output is used, by other layers or as the network's own. */
export function consumersOf({ config }: Topology, name: string): number {
  const inputs = config.layers.flatMap(({ inbound_nodes: nodes }) => nodes.flat());
  return [...inputs, ...config.output_layers].filter(([used]) => used === name).length;
}

/** Takes a layer out, in place; what used its output gets that of `other`. */
export function withoutLayer({ config }: Topology, layer: LayerDescription, other: LayerDescription): void {
  config.layers.splice(config.layers.indexOf(layer), 1);
  const renamed = (name: string) => (name === layer.name ? other.name : name);
  for (const { inbound_nodes: nodes } of config.layers) {
    for (const reference of nodes.flat()) reference[0] = renamed(reference[0]);
  }
  for (const reference of config.output_layers) reference[0] = renamed(reference[0]);
}
