/** Finds images of a dataset that show the same: by their digests, by their fingerprints, and where those are alike by their thumbnails. */
import type { DuplicateEvent, DuplicateRequest } from "../../src/contract/decode.ts";
import { failed, failureOf, type Outcome, succeeded } from "../../src/contract/outcome.ts";
import { Groups } from "../../src/domain/dataset/groups.ts";
import type { KnownDuplicates } from "../../src/domain/dataset/leakage.ts";
import {
  CandidateSearch,
  compareFinely,
  type FinePicture,
  finePicture,
  fineSide,
} from "../../src/domain/vetting/near-duplicates.ts";
import type { StoredFingerprint } from "../../src/storage/schema.ts";
import { getThumbnail } from "../../src/storage/thumbnails.ts";
import { listFingerprints, putDuplicates } from "../../src/storage/vetting.ts";

/** Finer pictures that stay in memory: 80 KB each. */
const mostPictures = 512;
/** Between two events, in milliseconds; as often, the worker looks whether it was cancelled. */
const eventInterval = 100;

export async function findDuplicates(
  { datasetId }: DuplicateRequest,
  onEvent: (event: DuplicateEvent) => void,
  signal: AbortSignal,
): Promise<Outcome<KnownDuplicates>> {
  try {
    const fingerprints = await listFingerprints(datasetId);
    const exact = exactGroups(fingerprints);
    const found = await nearGroups(datasetId, fingerprints, exact, onEvent, signal);
    if (!found) return failed("cancelled", "Cancelled.");
    const duplicates = { exact, ...found };
    await putDuplicates({ datasetId, images: fingerprints.length, ...duplicates });
    return succeeded(duplicates);
  } catch (error) {
    return failureOf(error);
  }
}

/** Pages of the same file content, page by page. */
function exactGroups(fingerprints: readonly StoredFingerprint[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { imageId, sha256 } of fingerprints) {
    if (sha256 === null) continue;
    const page = /#\d+$/.exec(imageId)?.[0] ?? "";
    const group = groups.get(sha256 + page);
    if (group) group.push(imageId);
    else groups.set(sha256 + page, [imageId]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Null where it was cancelled. */
async function nearGroups(
  datasetId: string,
  fingerprints: readonly StoredFingerprint[],
  exact: readonly (readonly string[])[],
  onEvent: (event: DuplicateEvent) => void,
  signal: AbortSignal,
): Promise<{ near: string[][]; alike: string[][] } | null> {
  const groups = new Groups();
  for (const group of exact) groups.join(group);
  const doubtful: (readonly [string, string])[] = [];
  // Of the same bytes one is looked at: the others show the same.
  const looked = fingerprints.filter(({ imageId }) => groups.rootOf(imageId) === imageId);
  const search = new CandidateSearch(looked.map(({ grey }) => grey));
  const pictures = new FinePictures(datasetId);
  let last = performance.now();
  for (const [first, { imageId }] of looked.entries()) {
    for (const candidate of search.candidatesOf(first)) {
      const other = looked[candidate.second]!.imageId;
      if (groups.rootOf(imageId) === groups.rootOf(other)) continue;
      const [a, b] = await Promise.all([pictures.of(imageId), pictures.of(other)]);
      const likeness = a && b ? compareFinely(a, b, candidate) : "different";
      if (likeness === "same") groups.join([imageId, other]);
      if (likeness === "alike") doubtful.push([imageId, other]);
    }
    if (performance.now() - last < eventInterval) continue;
    last = performance.now();
    onEvent({ done: first + 1, total: looked.length });
    // Lets a cancellation in.
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return null;
  }
  if (signal.aborted) return null;
  onEvent({ done: looked.length, total: looked.length });
  const near = membersOf(groups, fingerprints);
  for (const pair of doubtful) groups.join(pair);
  return { near, alike: membersOf(groups, fingerprints) };
}

/** Groups of several images. */
function membersOf(groups: Groups, fingerprints: readonly StoredFingerprint[]): string[][] {
  const members = new Map<string, string[]>();
  for (const { imageId } of fingerprints) {
    const root = groups.rootOf(imageId);
    const group = members.get(root);
    if (group) group.push(imageId);
    else members.set(root, [imageId]);
  }
  return [...members.values()].filter((group) => group.length > 1);
}

/** Thumbnails as finer pictures, the ones used last kept. */
class FinePictures {
  readonly #datasetId: string;
  readonly #kept = new Map<string, FinePicture | null>();
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(datasetId: string) {
    this.#datasetId = datasetId;
    const canvas = new OffscreenCanvas(fineSide, fineSide);
    this.#context = canvas.getContext("2d", { alpha: false, willReadFrequently: true })!;
    this.#context.imageSmoothingQuality = "high";
  }

  /** Null where there is no thumbnail. */
  async of(imageId: string): Promise<FinePicture | null> {
    let picture = this.#kept.get(imageId);
    this.#kept.delete(imageId);
    picture ??= await this.#read(imageId);
    this.#kept.set(imageId, picture);
    if (this.#kept.size > mostPictures) this.#kept.delete(this.#kept.keys().next().value!);
    return picture;
  }

  async #read(imageId: string): Promise<FinePicture | null> {
    const thumbnail = await getThumbnail(this.#datasetId, imageId);
    if (!thumbnail) return null;
    const bitmap = await createImageBitmap(thumbnail);
    this.#context.drawImage(bitmap, 0, 0, fineSide, fineSide);
    bitmap.close();
    const { data } = this.#context.getImageData(0, 0, fineSide, fineSide);
    const grey = new Float32Array(fineSide * fineSide);
    for (let i = 0, at = 0; i < grey.length; i++, at += 4) {
      grey[i] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    }
    return finePicture(grey);
  }
}
