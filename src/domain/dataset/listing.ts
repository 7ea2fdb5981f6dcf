/** Classes and files in the order of Keras' `image_dataset_from_directory` (3.15), which decides what its split draws. */

/** What Keras lists; it looks at the end of the lower-case name, so a file called `.jpg` counts too. */
export const kerasExtensions = [".bmp", ".gif", ".jpeg", ".jpg", ".png"] as const;

/** True where Keras' directory loader would list a file of this name or path. */
export function isListedByKeras(path: string): boolean {
  const name = path.toLowerCase();
  return kerasExtensions.some((extension) => name.endsWith(extension));
}

/** By Unicode code point, as Python sorts: JavaScript's own order, by UTF-16 unit, differs above U+FFFF. */
export function compareByCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA === unitB) continue;
    // A surrogate stands for a code point above every unit that is none.
    const surrogateA = unitA >= 0xd800 && unitA <= 0xdfff;
    const surrogateB = unitB >= 0xd800 && unitB <= 0xdfff;
    if (surrogateA !== surrogateB) return surrogateA ? 1 : -1;
    return unitA - unitB;
  }
  return a.length - b.length;
}

/** Keras' order of two paths below the dataset's folder: by class, then by folder as one string, then by name. */
export function comparePathsLikeKeras(a: string, b: string): number {
  return (
    compareByCodePoint(classOf(a), classOf(b)) ||
    compareByCodePoint(folderOf(a), folderOf(b)) ||
    compareByCodePoint(a, b)
  );
}

/** The top-level folder of a path; empty for a file in the root. */
export function classOf(path: string): string {
  const cut = path.indexOf("/");
  return cut < 0 ? "" : path.slice(0, cut);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export interface KerasListing {
  /** Top-level folders that do not begin with a dot, those without images too. */
  readonly classNames: readonly string[];
  /** Paths, class after class. */
  readonly files: readonly string[];
  /** Index in `classNames` of each file. */
  readonly labels: readonly number[];
}

/**
 * What Keras would list of a folder that holds these files.
 * @param paths relative to the folder, `/` between parts, in any order; files in the root are ignored.
 */
export function kerasListing(paths: readonly string[]): KerasListing {
  const inClasses = paths.filter((path) => path.includes("/") && !path.startsWith("."));
  const classNames = [...new Set(inClasses.map(classOf))].sort(compareByCodePoint);
  const files = inClasses.filter(isListedByKeras).sort(comparePathsLikeKeras);
  const indexOf = new Map(classNames.map((name, index) => [name, index]));
  return { classNames, files, labels: files.map((path) => indexOf.get(classOf(path))!) };
}
