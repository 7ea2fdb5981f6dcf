/** Changes to the description of a network that tfjs has no call for. */
import type { PixelRange } from "../../../src/domain/experiment/backbone.ts";
import { EngineError } from "../failure.ts";
import type { StoredNetwork } from "../models/artifacts.ts";

type Reference = [layer: string, node: number, tensor: number, options: object];

interface LayerDescription {
  readonly class_name: string;
  readonly name: string;
  readonly config: Record<string, unknown>;
  inbound_nodes: Reference[][];
}

interface Topology {
  readonly config: { readonly layers: LayerDescription[] };
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
