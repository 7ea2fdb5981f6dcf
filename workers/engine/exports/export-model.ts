/** A model on its way out, in one of the formats that others read. */
import type { ExportOptions } from "../../../src/contract/engine.ts";
import type { ModelMetadata } from "../../../src/domain/model/model.ts";
import { writeBundle } from "../bundle/write.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { quantized } from "./quantize.ts";

/** @throws EngineError `bad-input` where the format cannot hold this network, saying why */
export async function exported(
  metadata: ModelMetadata,
  stored: StoredNetwork,
  { format, precision }: ExportOptions,
): Promise<Blob> {
  switch (format) {
    case "tamis":
      return writeBundle(metadata, stored.kind === "onnx" ? stored : await quantized(stored, precision));
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
