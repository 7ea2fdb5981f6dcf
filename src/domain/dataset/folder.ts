/** Turning what was picked or dropped into classes: folders and archives as one tree, in which some folders name a class. */
import { compareByCodePoint, comparePathsLikeKeras } from "./listing.ts";

export interface FolderContents<F> {
  /** In Keras' order, also those whose files all turn out unreadable. */
  readonly classNames: readonly string[];
  /** In Keras' order; paths begin with their class, and no two are the same. */
  readonly files: readonly { readonly path: string; readonly className: string; readonly file: F }[];
  /** Files that lie beside the class folders and so have no class, by their path as picked. */
  readonly withoutClass: readonly string[];
  /** Hidden files and those of file managers, which are left out. */
  readonly system: readonly SystemFiles[];
}

/** A file that nobody put there to be looked at, or many of one kind: there may be one beside each image. */
export interface SystemFiles {
  /** As picked: of a file; of a hidden folder, ending in `/`; or ending in `._*`, for what macOS keeps beside the files of a folder. */
  readonly path: string;
  readonly files: number;
}

/** Written by file managers, in lower case. */
const systemFiles = new Set(["desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r"]);
const systemFolders = new Set(["__macosx", "$recycle.bin", "system volume information"]);

/** A folder of this name holds deliveries, not a class. */
const containerName =
  /^(?:archives?|data|datasets?|images?|scans?|lots?|parts?|parties?|batch(?:es)?|livraisons?|deliver(?:y|ies)|dossiers?|folders?|exports?|disks?|volumes?|vol|train(?:ing)?|test|val(?:idation)?)?[\s._-]*\d*$/i;
const archiveEnding = /\.zip$/i;

/**
 * - Hidden files and folders (their name begins with a dot) and those of file managers are left out and told. (Keras takes `__MACOSX` for a class,
 *   and its `._a.jpg` for pictures.)
 * - Folders that only wrap others are stripped: `dev/Photo/a.jpg` is `Photo/a.jpg`. A wrapper is the only folder there is, and it holds at least
 *   two folders, or one and no file beside it.
 * - What is left on top are the classes; but an archive, or a folder named as deliveries are (`archive 1`), that holds folders and no file is looked
 *   into, as is one that holds folders of a known class. An archive of files alone is a class of its own name.
 * - A file belongs to the nearest folder above it that has the name of a class. Folders below a class that have not, belong to it.
 * @param picked paths with `/` between parts, in any order; an archive is a folder whose name ends in `.zip`
 * @param knownClasses of a dataset that the files are to go into
 */
export function arrangeFolder<F>(
  picked: readonly { readonly path: string; readonly file: F }[],
  knownClasses: readonly string[] = [],
): FolderContents<F> {
  const system = new Map<string, number>();
  const visible = picked.filter(({ path }) => {
    const hidden = systemPathOf(path);
    if (hidden !== null) system.set(hidden, (system.get(hidden) ?? 0) + 1);
    return hidden === null;
  });
  const split = visible.map(({ path }) => path.split("/"));
  const depth = wrapperDepth(split);
  const known = new Set(knownClasses);
  const tops = classFolders(
    split.map((parts) => parts.slice(depth)),
    known,
  );
  const names = new Set([...known, ...tops.values()]);
  const files: { path: string; className: string; file: F }[] = [];
  const withoutClass: string[] = [];
  const used = new Set<string>();
  for (const [index, { path, file }] of visible.entries()) {
    const placed = place(split[index]!.slice(depth), tops, names);
    if (!placed) {
      withoutClass.push(path);
      continue;
    }
    const { className, above, below } = placed;
    const short = [className, ...below].join("/");
    // The same name in another archive.
    const unique = used.has(short) ? [className, ...above, ...below].join("/") : short;
    used.add(unique);
    files.push({ path: unique, className, file });
  }
  files.sort((a, b) => comparePathsLikeKeras(a.path, b.path));
  return {
    classNames: [...new Set(files.map((file) => file.className))].sort(compareByCodePoint),
    files,
    withoutClass: withoutClass.sort(compareByCodePoint),
    system: [...system].map(([path, files]) => ({ path, files })),
  };
}

/** What a hidden or system file is listed as; null for any other file. */
function systemPathOf(path: string): string | null {
  const parts = path.split("/");
  const folder = parts.slice(0, -1).findIndex((part) => part.startsWith(".") || systemFolders.has(part.toLowerCase()));
  if (folder >= 0) return `${parts.slice(0, folder + 1).join("/")}/`;
  const name = parts.at(-1) ?? "";
  if (name.startsWith("._")) return [...parts.slice(0, -1), "._*"].join("/");
  return name.startsWith(".") || systemFiles.has(name.toLowerCase()) ? path : null;
}

/** How many outermost folders only wrap others. */
function wrapperDepth(paths: readonly (readonly string[])[]): number {
  for (let depth = 0; ; depth++) {
    const inside = paths.filter((parts) => parts.length > depth + 1);
    const folders = new Set(inside.map((parts) => parts[depth]));
    const inner = inside.filter((parts) => parts.length > depth + 2);
    const innerFolders = new Set(inner.map((parts) => parts[depth + 1]));
    const hasLooseFiles = inner.length < inside.length;
    const isWrapper = folders.size === 1 && (innerFolders.size > 1 || (innerFolders.size === 1 && !hasLooseFiles));
    if (!isWrapper) return depth;
  }
}

/** The folders that are classes, by their path, with the name of their class. */
function classFolders(paths: readonly (readonly string[])[], known: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  const groups = new Map<string, string[][]>();
  for (const [top, ...rest] of paths) {
    if (rest.length === 0) continue;
    const group = groups.get(top!) ?? [];
    groups.set(top!, group);
    group.push(rest);
  }
  for (const [top, inside] of groups) {
    const folders = new Set(inside.filter((parts) => parts.length > 1).map(([name]) => name!));
    const hasFiles = inside.some((parts) => parts.length === 1);
    const isContainer =
      !known.has(top) &&
      folders.size > 0 &&
      ([...folders].some((name) => known.has(name)) ||
        (!hasFiles && (archiveEnding.test(top) || containerName.test(top))));
    if (!isContainer) found.set(top, top.replace(archiveEnding, ""));
    else for (const [path, name] of classFolders(inside, known)) found.set(`${top}/${path}`, name);
  }
  return found;
}

interface Placed {
  readonly className: string;
  /** Folders around the class. */
  readonly above: readonly string[];
  readonly below: readonly string[];
}

function place(parts: readonly string[], tops: ReadonlyMap<string, string>, names: ReadonlySet<string>): Placed | null {
  const folders = parts.slice(0, -1);
  const top = folders.findIndex((_, index) => tops.has(folders.slice(0, index + 1).join("/")));
  if (top < 0) return null;
  const own = tops.get(folders.slice(0, top + 1).join("/"))!;
  const nearest = folders.slice(top + 1).findLast((folder) => names.has(folder)) ?? own;
  // `Painting/Painting/a.jpg` keeps both, as Keras has it.
  const start = nearest === own ? top : folders.indexOf(nearest, top + 1);
  return { className: nearest, above: folders.slice(0, start), below: parts.slice(start + 1) };
}
