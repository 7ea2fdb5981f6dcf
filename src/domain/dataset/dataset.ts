/** The words for annotated images. A dataset holds images; each keeps the original class that its folder gave it. */

export interface Dataset {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Original classes in Keras' order (by Unicode code point), also those without a readable image. */
  readonly classNames: readonly string[];
  /** The original class that counts as positive ("photo"); every other one is negative. */
  readonly positiveClass: string;
  /** How many images each original class has, in the order of `classNames`. */
  readonly classCounts: readonly number[];
  /** Files that are not in it, but those that a file manager wrote. */
  readonly findingCount: number;
  /** Keys of the pixel formats for which every image is in the cache (see `pixelFormatKey`). */
  readonly cachedFormats: readonly string[];
}

/** One image of a dataset: one page of one file. */
export interface DatasetImage {
  readonly datasetId: string;
  /** Unique in the dataset: the file's path below the dataset's folder with `/` between parts, `#2` after it for its second page. */
  readonly imageId: string;
  readonly path: string;
  /** From 0. */
  readonly page: number;
  readonly className: string;
  /** Size as decoded, after EXIF orientation, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the file, in bytes. */
  readonly byteLength: number;
  /** Of the file, in milliseconds since 1970: with path and length it tells whether a file was imported before. */
  readonly lastModified: number;
  /** MIME type told from the content, for example `image/jpeg`. */
  readonly mediaType: string;
}

/** Why a file is not in the dataset. The interface turns the reason into words. */
export const findingReasons = [
  "empty",
  "not-an-image",
  "unsupported-format",
  "damaged",
  "too-large",
  "unreadable",
  "encrypted",
  "unsafe-path",
  "without-class",
  "already-there",
  "system-file",
] as const;
export type FindingReason = (typeof findingReasons)[number];

export interface Finding {
  readonly datasetId: string;
  readonly path: string;
  readonly className: string;
  readonly reason: FindingReason;
  /** What the decoder said, for the curious; English. */
  readonly detail: string;
}

/** The imageId of a page of a file. Guards stored data: do not change without a migration. */
export function imageIdOf(path: string, page: number): string {
  return page === 0 ? path : `${path}#${page + 1}`;
}

/**
 * Where an image comes from: what stands before `__` in its file name, or the folder it lies in below its class.
 * Images of one source resemble each other, so sampling and honest splits look at it.
 */
export function sourceOf(path: string): string {
  const parts = path.split("/");
  const name = parts.at(-1) ?? path;
  const cut = name.indexOf("__");
  return cut > 0 ? name.slice(0, cut) : parts.slice(0, -1).join("/");
}

/** The same, or `null` where neither the name nor a folder below the class tells. */
export function knownSourceOf(path: string): string | null {
  const parts = path.split("/");
  return parts.length > 2 || (parts.at(-1) ?? "").indexOf("__") > 0 ? sourceOf(path) : null;
}
