/** Turning what was picked or dropped into classes: one folder per class. */
import { classOf, compareByCodePoint, comparePathsLikeKeras } from "./listing.ts";

export interface FolderContents<F> {
  /** In Keras' order, also those whose files all turn out unreadable. */
  readonly classNames: readonly string[];
  /** In Keras' order; paths begin with their class. */
  readonly files: readonly { readonly path: string; readonly className: string; readonly file: F }[];
  /** Files that lie beside the class folders and so have no class, by their path as picked. */
  readonly withoutClass: readonly string[];
  /** How many hidden and system files were left out. */
  readonly hiddenCount: number;
}

/** Written by file managers, in lower case. */
const systemFiles = new Set(["desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r"]);
const systemFolders = new Set(["__macosx", "$recycle.bin", "system volume information"]);

/**
 * - Hidden files and folders (their name begins with a dot) and those of file managers are left out and counted. (Keras takes `__MACOSX` for a
 *   class, and its `._a.jpg` for pictures.)
 * - Folders that only wrap others are stripped: `dev/Photo/a.jpg` is `Photo/a.jpg`. A wrapper is the only folder there is, and it holds at least
 *   two folders, or one and no file beside it.
 * - Folders below a class belong to it.
 * @param picked paths with `/` between parts, in any order
 */
export function arrangeFolder<F>(picked: readonly { readonly path: string; readonly file: F }[]): FolderContents<F> {
  const visible = picked.filter(({ path }) => !isHidden(path));
  const depth = wrapperDepth(visible.map(({ path }) => path.split("/")));
  const files: { path: string; className: string; file: F }[] = [];
  const withoutClass: string[] = [];
  for (const { path, file } of visible) {
    const inner = path.split("/").slice(depth).join("/");
    const className = classOf(inner);
    if (className === "") withoutClass.push(path);
    else files.push({ path: inner, className, file });
  }
  files.sort((a, b) => comparePathsLikeKeras(a.path, b.path));
  return {
    classNames: [...new Set(files.map((file) => file.className))].sort(compareByCodePoint),
    files,
    withoutClass: withoutClass.sort(compareByCodePoint),
    hiddenCount: picked.length - visible.length,
  };
}

function isHidden(path: string): boolean {
  const parts = path.split("/").map((part) => part.toLowerCase());
  const name = parts.pop() ?? "";
  return name.startsWith(".") || systemFiles.has(name) || parts.some((p) => p.startsWith(".") || systemFolders.has(p));
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
