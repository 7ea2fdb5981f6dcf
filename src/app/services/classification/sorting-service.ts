/** Copies or moves a batch's files into folders, or into a zip. Nothing that is there is ever written over. */
import { failureOf, type Outcome, succeeded } from "../../../contract/outcome.ts";
import { alternativeName, type SortedFile } from "../../../domain/capture/sorting.ts";
import { sortingLogToCsv, type SortingLogRow } from "../../../domain/text/sorting-log.ts";
import type { Progress } from "../../../ui/services/progress.ts";
import type { SortingReport, SortingService } from "../../../ui/services/sorting-service.ts";
import { isAllowed } from "../folder-handles.ts";
import { ProgressMeter } from "../progress-meter.ts";
import type { Originals } from "./originals.ts";
import { sameBytes } from "./same-bytes.ts";

const logName = "tamis-log.csv";

export class Sorting implements SortingService {
  readonly #originals: Originals;

  constructor(originals: Originals) {
    this.#originals = originals;
  }

  async canMove(batchId: string): Promise<boolean> {
    return this.#originals.hasFolder(batchId);
  }

  async takenNames(plan: readonly SortedFile[], target: FileSystemDirectoryHandle): Promise<number> {
    const folders = new Folders(target);
    let taken = 0;
    for (const { target: path } of plan) {
      const { folder, name } = await folders.find(path);
      if (folder && (await existing(folder, name))) taken += 1;
    }
    return taken;
  }

  async sortInto(
    batchId: string,
    plan: readonly SortedFile[],
    target: FileSystemDirectoryHandle,
    { moves }: { readonly moves: boolean },
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<SortingReport>> {
    const meter = new ProgressMeter();
    const folders = new Folders(target);
    const log: SortingLogRow[] = [];
    /** Names that another file of this plan took: the same content under the same name is still two files. */
    const taken = new Set<string>();
    try {
      const source = moves ? await this.#originals.folder(batchId) : undefined;
      const mayRemove = source !== undefined && (await isAllowed(source, "readwrite", true));
      for (const [index, planned] of plan.entries()) {
        onProgress(meter.measure(index, plan.length));
        signal.throwIfAborted();
        const row = await this.#place(batchId, planned, folders, taken);
        const isThere = row.outcome === "copied" || row.outcome === "already-there";
        const isMoved = mayRemove && isThere && (await removeSource(source, planned.file));
        log.push(isMoved ? { ...row, outcome: "moved" } : row);
      }
      onProgress(meter.measure(plan.length, plan.length));
      return succeeded(await finish(target, log));
    } catch (error) {
      if (log.length > 0) await finish(target, log).catch(() => undefined);
      return failureOf(error);
    }
  }

  async zip(
    batchId: string,
    plan: readonly SortedFile[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<{ readonly file: File; readonly report: SortingReport }>> {
    const { ZippedFolders } = await import("./zipped-folders.ts");
    const meter = new ProgressMeter();
    const log: SortingLogRow[] = [];
    try {
      const zip = await ZippedFolders.open();
      for (const [index, { file: path, target }] of plan.entries()) {
        onProgress(meter.measure(index, plan.length));
        signal.throwIfAborted();
        const file = await this.#originals.find(batchId, path);
        const written = file ? await zip.add(target, file) : "";
        log.push({ file: path, target: written, outcome: file ? "copied" : "missing" });
      }
      const file = await zip.close(logName, sortingLogToCsv(log));
      return succeeded({ file, report: reportOf(log) });
    } catch (error) {
      return failureOf(error);
    }
  }

  async #place(
    batchId: string,
    { file: path, target }: SortedFile,
    folders: Folders,
    taken: Set<string>,
  ): Promise<SortingLogRow> {
    const file = await this.#originals.find(batchId, path, true);
    if (!file) return { file: path, target: "", outcome: "missing" };
    const { folder, name } = await folders.make(target);
    const above = target.slice(0, target.length - name.length);
    for (let attempt = 1; ; attempt++) {
      const candidate = alternativeName(name, attempt);
      const placed = above + candidate;
      if (taken.has(placed.toLowerCase())) continue;
      const known = await existing(folder, candidate);
      // What an interrupted copy leaves: a name without a byte in it.
      const isFree = known === null || (known.size === 0 && file.size > 0);
      if (!isFree && !(await sameBytes(known, file))) continue;
      taken.add(placed.toLowerCase());
      if (!isFree) return { file: path, target: placed, outcome: "already-there" };
      await write(folder, candidate, file);
      return { file: path, target: placed, outcome: "copied" };
    }
  }
}

/** Folders below a target, each opened once. */
class Folders {
  readonly #root: FileSystemDirectoryHandle;
  readonly #open = new Map<string, FileSystemDirectoryHandle>();

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  /** The folder that a path lies in, made where it is not there. */
  async make(path: string): Promise<{ readonly folder: FileSystemDirectoryHandle; readonly name: string }> {
    const parts = path.split("/");
    const name = parts.pop()!;
    let folder = this.#root;
    for (let depth = 1; depth <= parts.length; depth++) {
      const key = parts.slice(0, depth).join("/");
      const known = this.#open.get(key);
      folder = known ?? (await folder.getDirectoryHandle(parts[depth - 1]!, { create: true }));
      this.#open.set(key, folder);
    }
    return { folder, name };
  }

  /** The same without making anything; the folder is null where it is not there. */
  async find(path: string): Promise<{ readonly folder: FileSystemDirectoryHandle | null; readonly name: string }> {
    const parts = path.split("/");
    const name = parts.pop()!;
    let folder = this.#root;
    for (const part of parts) {
      const inner = await orNull(folder.getDirectoryHandle(part));
      if (!inner) return { folder: null, name };
      folder = inner;
    }
    return { folder, name };
  }
}

/** Null where there is nothing of the name; a folder of that name is as taken as a file. */
async function existing(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return null;
    if (error instanceof DOMException && error.name === "TypeMismatchError") return new File(["a folder"], name);
    throw error;
  }
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DOMException && ["NotFoundError", "TypeMismatchError"].includes(error.name)) return null;
    throw error;
  }
}

/** @throws where the copy is not as long as the file: then it is taken away again */
async function write(folder: FileSystemDirectoryHandle, name: string, file: File): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  try {
    await writable.write(file);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined);
    await folder.removeEntry(name).catch(() => undefined);
    throw error;
  }
}

/** Whether the original could be taken away; where not, it stays beside its copy. */
async function removeSource(root: FileSystemDirectoryHandle, path: string): Promise<boolean> {
  const below = path.startsWith(`${root.name}/`) ? path.slice(root.name.length + 1) : path;
  try {
    const { folder, name } = await new Folders(root).find(below);
    await folder?.removeEntry(name);
    return folder !== null;
  } catch {
    return false;
  }
}

async function finish(target: FileSystemDirectoryHandle, log: readonly SortingLogRow[]): Promise<SortingReport> {
  let attempt = 1;
  while (await existing(target, alternativeName(logName, attempt))) attempt += 1;
  const name = alternativeName(logName, attempt);
  await write(target, name, new File([sortingLogToCsv(log)], name, { type: "text/csv" }));
  return reportOf(log);
}

function reportOf(log: readonly SortingLogRow[]): SortingReport {
  const count = (outcome: SortingLogRow["outcome"]): number => log.filter((row) => row.outcome === outcome).length;
  return {
    copied: count("copied"),
    moved: count("moved"),
    alreadyThere: count("already-there"),
    missing: log.filter((row) => row.outcome === "missing").map(({ file }) => file),
  };
}
