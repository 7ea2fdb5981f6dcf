/** The files of a model bundle, and zip.js as this worker may use it. */
import { configure } from "@zip.js/zip.js/lib/zip-core-native.js";

export const modelFile = "model.json";
export const weightsFile = "weights.bin";
export const metadataFile = "metadata.json";

// The engine is a worker already, and the content security policy lets no script come from a blob.
configure({ useWebWorkers: false, useCompressionStream: true });

export {
  BlobReader,
  BlobWriter,
  TextReader,
  Uint8ArrayReader,
  ZipReader,
  ZipWriter,
} from "@zip.js/zip.js/lib/zip-core-native.js";
