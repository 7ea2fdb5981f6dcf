/** Images of a dataset, as an import would list them. */
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";

/** @param path `Class/name.jpg` */
export function someImage(path: string, change: Partial<DatasetImage> = {}): DatasetImage {
  return {
    datasetId: "d1",
    imageId: path,
    path,
    page: 0,
    className: path.split("/")[0]!,
    width: 800,
    height: 600,
    byteLength: 90_000,
    lastModified: 0,
    mediaType: "image/jpeg",
    ...change,
  };
}
