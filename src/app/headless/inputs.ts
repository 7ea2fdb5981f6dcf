/** Files that the command line put into the page's inputs, kept until a command uses them. */
import { compareByCodePoint } from "../../domain/dataset/listing.ts";
import type { PickedFile, PickedFolder } from "../../ui/services/picked-files.ts";

export class Inputs {
  readonly #folders = new Map<string, PickedFolder>();
  readonly #captures: PickedFile[] = [];

  get captures(): readonly PickedFile[] {
    return this.#captures;
  }

  /** Keeps the folder input's files, at their paths below the folder. */
  keepFolder(key: string, name: string): number {
    const files = filesOf("folder").map((file) => ({ path: pathBelow(file), file }));
    this.#folders.set(key, { name, files, handles: [] });
    return files.length;
  }

  folder(key: string): PickedFolder {
    const folder = this.#folders.get(key);
    if (!folder) throw new Error(`No folder was kept as ${key}.`);
    return folder;
  }

  /** @param names of the files in order; for a folder, its own name, which goes before the paths below it */
  addCaptures(from: "folder" | "files", names: readonly string[] | string): number {
    const files = filesOf(from);
    // Browsers list a folder in no particular order.
    if (from === "folder") files.sort((a, b) => compareByCodePoint(a.webkitRelativePath, b.webkitRelativePath));
    for (const [index, file] of files.entries()) {
      const path = typeof names === "string" ? `${names}/${pathBelow(file)}` : (names[index] ?? file.name);
      this.#captures.push({ path, file });
    }
    return files.length;
  }

  /** What is in one of the inputs, by name. */
  files(from: "folder" | "files"): readonly PickedFile[] {
    return filesOf(from).map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  }
}

function filesOf(id: "folder" | "files"): File[] {
  const input = document.querySelector<HTMLInputElement>(`#${id}`);
  if (!input?.files) throw new Error(`The page has no input “${id}”.`);
  return [...input.files];
}

/** Without the folder's own name, which the browser puts first. */
function pathBelow(file: File): string {
  return file.webkitRelativePath.split("/").slice(1).join("/");
}
