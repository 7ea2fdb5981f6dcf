/** From what was picked to the files of an import: archives listed, classes found. */
import type { ImportFile, SourceFile } from "../../contract/decode.ts";
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Finding } from "../../domain/dataset/dataset.ts";
import { arrangeFolder } from "../../domain/dataset/folder.ts";
import { compareByCodePoint, comparePathsLikeKeras } from "../../domain/dataset/listing.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import type { PickedFolder } from "../../ui/services/picked-files.ts";

/** A file that is not imported, before it belongs to a dataset. */
export type LeftOut = Omit<Finding, "datasetId">;

export interface Gathered {
  readonly classNames: readonly string[];
  readonly files: readonly ImportFile[];
  readonly leftOut: readonly LeftOut[];
}

export interface GatheringOptions {
  readonly knownClasses: readonly string[];
  /** The class of files that lie in no class folder; null leaves them out. */
  readonly looseClass: string | null;
  /** Told how many files were found so far. */
  readonly onFound: (files: number) => void;
}

interface TreeFile {
  readonly path: string;
  readonly file: SourceFile;
}

const archiveEnding = /\.zip$/i;

/** @returns `bad-input` where an archive cannot be read, or nothing has a class */
export async function gather(
  folder: PickedFolder,
  decoders: Decoders,
  { knownClasses, looseClass, onFound }: GatheringOptions,
  signal: AbortSignal,
): Promise<Outcome<Gathered>> {
  const tree: TreeFile[] = [];
  const leftOut: LeftOut[] = [];
  for (const { path, file } of folder.files) {
    if (!archiveEnding.test(path)) {
      tree.push({ path, file });
      continue;
    }
    const before = tree.length;
    const listed = await decoders.listArchive(file, (entries) => onFound(before + entries), signal);
    if (!listed.ok) return listed;
    for (const entry of listed.value.entries) tree.push({ path: `${path}/${entry.path}`, file: entry.file });
    for (const problem of listed.value.problems)
      leftOut.push({ ...problem, path: `${path}/${problem.path}`, className: "" });
    onFound(tree.length);
  }
  const { classNames, files, withoutClass, system } = arrangeFolder(tree, knownClasses);
  for (const { path, files: count } of system)
    leftOut.push({ path, className: "", reason: "system-file", detail: count === 1 ? "One file." : `${count} files.` });
  const all = [...files];
  if (looseClass === null) {
    for (const path of withoutClass)
      leftOut.push({ path, className: "", reason: "without-class", detail: "The file lies in no class folder." });
  } else {
    const byPath = new Map(tree.map((item) => [item.path, item.file]));
    for (const path of withoutClass)
      all.push({ path: `${looseClass}/${path}`, className: looseClass, file: byPath.get(path)! });
    all.sort((a, b) => comparePathsLikeKeras(a.path, b.path));
  }
  if (all.length === 0) {
    return failed(
      "bad-input",
      `“${folder.name}” holds no folder with files in it.`,
      "Choose a folder or an archive that holds one folder of images for each class.",
    );
  }
  const names =
    looseClass === null || withoutClass.length === 0 ? classNames : [...new Set([...classNames, looseClass])];
  return succeeded({ classNames: [...names].sort(compareByCodePoint), files: all, leftOut });
}
