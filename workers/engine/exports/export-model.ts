/** A model on its way out, in one of the formats that others read. */
import type { ExportOptions } from "../../../src/contract/engine.ts";
import type { Model } from "../../../src/domain/model/model.ts";
import { cardOf } from "../bundle/card.ts";
import { writeBundle } from "../bundle/write.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { quantized } from "./quantize.ts";

/** @throws EngineError `bad-input` where the format cannot hold this network, saying why */
export async function exported(
  model: Model,
  stored: StoredNetwork,
  { format, precision }: ExportOptions,
): Promise<Blob> {
  const { metadata } = model;
  switch (format) {
    case "tamis":
      return writeBundle(await cardOf(model), stored.kind === "onnx" ? stored : await quantized(stored, precision));
    case "keras": {
      const { writeKeras } = await import("./keras.ts");
      return writeKeras(metadata, stored);
    }
    case "onnx": {
      const { writeOnnx } = await import("./onnx.ts");
      return writeOnnx(metadata, stored);
    }
    case "cluster": {
      const { writeClusterJob } = await import("./cluster/cluster.ts");
      return writeClusterJob(metadata, stored);
    }
  }
}
