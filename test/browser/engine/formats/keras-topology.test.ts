import { expect } from "chai";
import { EngineError } from "../../../../workers/engine/failure.ts";
import { mapKeras } from "../../../../workers/engine/formats/keras/topology.ts";

interface Node {
  class_name: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown;
}

const policy = { module: "keras", class_name: "DTypePolicy", config: { name: "mixed_float16" }, registered_name: null };

function tensorFrom(name: string): unknown {
  return { class_name: "__keras_tensor__", config: { shape: [null], dtype: "float32", keras_history: [name, 0, 0] } };
}

/** A layer as Keras 3 writes it. */
function layer(className: string, name: string, config: object = {}, from: readonly unknown[] = []): Node {
  const inbound = from.length === 0 ? [] : [{ args: from, kwargs: { mask: null } }];
  return { class_name: className, config: { name, dtype: policy, ...config }, inbound_nodes: inbound };
}

function functional(name: string, layers: readonly Node[], output: string): Node {
  const [input] = layers;
  return {
    class_name: "Functional",
    config: { name, layers, input_layers: [input!.config.name, 0, 0], output_layers: [[output, 0, 0]] },
  };
}

const image = layer("InputLayer", "image", { batch_shape: [null, 8, 8, 3] });
const conv = {
  filters: 4,
  kernel_size: [3, 3],
  strides: [1, 1],
  padding: "same",
  use_bias: true,
  activation: "silu",
  groups: 1,
};

function layersOf(topology: { config: Readonly<Record<string, unknown>> }): Node[] {
  return topology.config.layers as Node[];
}

function refusalOf(node: unknown): string {
  try {
    mapKeras(node, "config.json", true);
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
  throw new Error("It was taken.");
}

describe("Keras configurations", () => {
  it("Keras 3: shapes, policies, branches, and weights by class and place", () => {
    const layers = [
      image,
      layer("RandomFlip", "flip", { mode: "horizontal" }, [tensorFrom("image")]),
      layer("Conv2D", "one", conv, [tensorFrom("flip")]),
      layer("Conv2D", "two", conv, [tensorFrom("flip")]),
      layer("Add", "sum", {}, [[tensorFrom("one"), tensorFrom("two")]]),
    ];
    const { topology, slots } = mapKeras(functional("net", layers, "sum"), "config.json", true);
    const mapped = layersOf(topology);
    expect(mapped[0]!.config.batch_input_shape).to.deep.equal([null, 8, 8, 3]);
    expect(mapped[1]).to.deep.include({ class_name: "Activation" });
    expect(mapped[2]!.config)
      .to.deep.include({ name: "one", activation: "swish" })
      .and.not.have.any.keys("dtype", "groups");
    expect(mapped[4]!.inbound_nodes).to.deep.equal([
      [
        ["one", 0, 0, {}],
        ["two", 0, 0, {}],
      ],
    ]);
    expect(topology.config.input_layers).to.deep.equal([["image", 0, 0]]);
    expect(slots.map(({ layer: name, weight, path }) => [name, weight, path.at(-1)!.storedAs])).to.deep.equal([
      ["one", "kernel", "conv2d"],
      ["one", "bias", "conv2d"],
      ["two", "kernel", "conv2d_1"],
      ["two", "bias", "conv2d_1"],
    ]);
  });

  it("a layer that tfjs lacks becomes several, and who followed it follows the last of them", () => {
    const layers = [
      image,
      layer("GlobalAveragePooling2D", "pool", { keepdims: true }, [tensorFrom("image")]),
      layer("Activation", "gate", { activation: "hard_sigmoid" }, [tensorFrom("pool")]),
      layer("Flatten", "flat", {}, [tensorFrom("gate")]),
    ];
    const mapped = layersOf(mapKeras(functional("net", layers, "flat"), "config.json", true).topology);
    const names = mapped.map(({ class_name: className }) => className);
    expect(names).to.deep.equal([
      "InputLayer",
      "GlobalAveragePooling2D",
      "Reshape",
      "Activation",
      "Rescaling",
      "ReLU",
      "Rescaling",
      "Flatten",
    ]);
    expect(mapped.at(-1)!.inbound_nodes).to.deep.equal([[[mapped.at(-2)!.config.name, 0, 0, {}]]]);
  });

  it("nested models keep their weights apart although their layers have the same names", () => {
    const inner = (name: string) =>
      functional(
        name,
        [image, layer("Dense", "dense", { units: 2, activation: "linear" }, [tensorFrom("image")])],
        "dense",
      );
    const outer = { class_name: "Sequential", config: { name: "outer", layers: [image, inner("a"), inner("b")] } };
    const { slots } = mapKeras(outer, "config.json", true);
    expect(new Set(slots.map(({ layer: name }) => name)).size).to.equal(2);
    expect(slots.map(({ path }) => path.map(({ storedAs }) => storedAs).join("/"))).to.deep.equal([
      "functional/dense",
      "functional/dense",
      "functional_1/dense",
      "functional_1/dense",
    ]);
  });

  it("Keras 2: a list for a Sequential, shapes in the first layer, operations with a number", () => {
    const first = {
      class_name: "Conv2D",
      config: { ...conv, activation: "relu", name: "c", batch_input_shape: [32, 8, 8, 3] },
    };
    const { topology } = mapKeras({ class_name: "Sequential", config: [first] }, "old.h5", false);
    expect(layersOf(topology)[0]!.config.batch_input_shape).to.deep.equal([null, 8, 8, 3]);
    const divide: Node = {
      class_name: "TFOpLambda",
      config: { name: "div", function: "math.truediv" },
      inbound_nodes: [["image", 0, 0, { y: 127.5, name: null }]],
    };
    const scaled = mapKeras(functional("net", [image, divide], "div"), "old.h5", false);
    expect(layersOf(scaled.topology)[1]).to.deep.include({ class_name: "Rescaling" });
    expect(layersOf(scaled.topology)[1]!.config.scale).to.be.closeTo(1 / 127.5, 1e-12);
  });

  it("scales by channel and learnt normalisations are batch normalisations", () => {
    const layers = [
      layer("Rescaling", "scale", { scale: [1, 2, 3], offset: 0.5 }),
      layer("Normalization", "norm", { axis: [-1], mean: null, variance: null }),
    ];
    const { slots } = mapKeras(
      { class_name: "Sequential", config: { name: "s", layers: [image, ...layers] } },
      "c",
      true,
    );
    expect(
      slots.filter(({ layer: name }) => name === "scale").map(({ weight, given }) => [weight, given]),
    ).to.deep.equal([
      ["gamma", [1, 2, 3]],
      ["beta", [0.5, 0.5, 0.5]],
      ["moving_mean", [0, 0, 0]],
      ["moving_variance", [1, 1, 1]],
    ]);
    expect(slots.filter(({ layer: name }) => name === "norm").map(({ weight }) => weight)).to.deep.equal([
      "moving_mean",
      "moving_variance",
    ]);
  });

  it("refuses by name what it does not know, holds code, or cannot compute", () => {
    const alone = (node: Node) => ({ class_name: "Sequential", config: { name: "s", layers: [image, node] } });
    expect(refusalOf(alone(layer("Lambda", "trick")))).to.include("does not run: Lambda “trick” (it holds code)");
    expect(refusalOf(alone(layer("MyLayer", "own")))).to.include("does not know: MyLayer “own”");
    expect(refusalOf(alone(layer("Conv2D", "c", { ...conv, groups: 2 })))).to.include("has 2 groups");
    expect(refusalOf(alone(layer("Conv2D", "c", { ...conv, data_format: "channels_first" })))).to.include(
      "channels first",
    );
    expect(refusalOf(alone(layer("Dense", "d", { units: 1, activation: "my_activation" })))).to.include(
      "my_activation",
    );
    expect(refusalOf({ ...alone(image), class_name: "SubclassedModel" })).to.include("SubclassedModel");
  });
});
