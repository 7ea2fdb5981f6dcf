/** Finds images of a dataset that show the same: by their digests, by their fingerprints, and where those are alike by their thumbnails. */
import type { DuplicateEvent, DuplicateRequest } from "../../src/contract/decode.ts";
import { failed, failureOf, type Outcome, succeeded } from "../../src/contract/outcome.ts";
import { Groups } from "../../src/domain/dataset/groups.ts";
import type { KnownDuplicates } from "../../src/domain/dataset/leakage.ts";
import { equalPictures } from "../../src/domain/vetting/equal-pictures.ts";
import { CandidateSearch, compareFinely, type SearchedImage } from "../../src/domain/vetting/near-duplicates.ts";
import { listImages } from "../../src/storage/datasets.ts";
import { putDuplicates, readFingerprints } from "../../src/storage/vetting.ts";
import { FinePictures } from "./fine-pictures.ts";

/** Between two events, in milliseconds; as often, the worker looks whether it was cancelled. */
const eventInterval = 100;

interface KnownImage extends SearchedImage {
  readonly imageId: string;
  readonly sha256: string | null;
}

export async function findDuplicates(
  { datasetId }: DuplicateRequest,
  onEvent: (event: DuplicateEvent) => void,
  signal: AbortSignal,
): Promise<Outcome<KnownDuplicates>> {
  try {
    const images = await readImages(datasetId);
    const exact = exactGroups(images);
    const found = await nearGroups(datasetId, images, exact, onEvent, signal);
    if (!found) return failed("cancelled", "Cancelled.");
    const duplicates = { exact, ...found };
    await putDuplicates({ datasetId, images: images.length, ...duplicates });
    return succeeded(duplicates);
  } catch (error) {
    return failureOf(error);
  }
}

/** Those that have a fingerprint. */
async function readImages(datasetId: string): Promise<KnownImage[]> {
  const sizes = new Map(
    (await listImages(datasetId)).map(({ imageId, width, height }) => [imageId, { width, height }] as const),
  );
  const images: KnownImage[] = [];
  for await (const fingerprints of readFingerprints(datasetId)) {
    for (const { imageId, sha256, grey } of fingerprints) {
      const { width, height } = sizes.get(imageId) ?? { width: 1, height: 1 };
      images.push({ imageId, sha256, grey, width, height });
    }
  }
  return images;
}

/** Pages of the same file content, page by page. */
function exactGroups(images: readonly KnownImage[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { imageId, sha256 } of images) {
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
  images: readonly KnownImage[],
  exact: readonly (readonly string[])[],
  onEvent: (event: DuplicateEvent) => void,
  signal: AbortSignal,
): Promise<{ near: string[][]; alike: string[][] } | null> {
  const groups = new Groups();
  for (const group of exact) groups.join(group);
  for (const group of equalPictures(images.map(({ grey }) => grey))) groups.join(group.map((i) => images[i]!.imageId));
  const doubtful: (readonly [string, string])[] = [];
  // Of equal pictures one is looked at: the others show the same. In a dataset of copies that is one of many.
  const looked = images.filter(({ imageId }) => groups.rootOf(imageId) === imageId);
  const search = new CandidateSearch(looked);
  const pictures = new FinePictures(datasetId);
  let last = performance.now();
  for (const [first, { imageId }] of looked.entries()) {
    const isKnown = (second: number) => groups.rootOf(looked[second]!.imageId) === groups.rootOf(imageId);
    for (const candidate of search.candidatesOf(first, isKnown)) {
      // One of those before it may have brought them together.
      if (isKnown(candidate.second)) continue;
      const other = looked[candidate.second]!.imageId;
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
  const near = membersOf(groups, images);
  for (const pair of doubtful) groups.join(pair);
  return { near, alike: membersOf(groups, images) };
}

/** Groups of several images. */
function membersOf(groups: Groups, images: readonly KnownImage[]): string[][] {
  const members = new Map<string, string[]>();
  for (const { imageId } of images) {
    const root = groups.rootOf(imageId);
    const group = members.get(root);
    if (group) group.push(imageId);
    else members.set(root, [imageId]);
  }
  return [...members.values()].filter((group) => group.length > 1);
}
