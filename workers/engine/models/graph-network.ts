/** A tfjs GraphModel: TensorFlow's operations, run one by one. Loaded when a model needs it. */
import { type GraphModel, loadGraphModel } from "@tensorflow/tfjs-converter";
import { io } from "@tensorflow/tfjs-core";
import type * as tf from "../backends/tensors.ts";
import type { StoredNetwork } from "./artifacts.ts";
import { asList, firstOf, type LoadedNetwork } from "./loaded-network.ts";

/** @throws whatever the converter says of a graph that it cannot read */
export async function loadGraphNetwork(stored: StoredNetwork): Promise<LoadedNetwork> {
  const specs = stored.weightSpecs as io.WeightsManifestEntry[];
  const model = await loadGraphModel(
    io.fromMemory({
      ...(stored.topology as Pick<io.ModelArtifacts, "modelTopology" | "signature" | "userDefinedMetadata">),
      weightSpecs: specs,
      weightData: await stored.weights.arrayBuffer(),
    }),
  );
  const run = (inputs: readonly tf.Tensor[]) => asList(execute(model, inputs));
  return {
    inputs: model.inputs.map(({ name, shape }) => ({
      name: withoutPort(name),
      shape: (shape ?? []).slice(1).map((n) => (n > 0 ? n : null)),
      layout: "nhwc",
    })),
    outputs: model.outputs.map(({ name }) => withoutPort(name)),
    parameters: specs.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0),
    activation: null,
    layers: null,
    run,
    predictOnBatch: (pictures) => firstOf(run([pictures])),
    dispose: () => model.dispose(),
  };
}

function execute(model: GraphModel, inputs: readonly tf.Tensor[]): tf.Tensor | tf.Tensor[] {
  const named = Object.fromEntries(model.inputs.map(({ name }, place) => [name, inputs[place]!]));
  return model.execute(
    named,
    model.outputs.map(({ name }) => name),
  );
}

/** `MatMul:0` is the first output of the node `MatMul`. */
function withoutPort(name: string): string {
  return name.replace(/:0$/, "");
}
