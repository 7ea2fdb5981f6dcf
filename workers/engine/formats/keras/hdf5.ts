/** HDF5 files through h5wasm, which is loaded when a file needs it. */
import { File as HdfFile, FS, type Group, ready } from "h5wasm";
import { reasonOf, refused } from "../refusal.ts";

let opened = 0;

/**
 * @param name for messages
 * @throws EngineError `bad-model` where it is no HDF5 file
 */
export async function withHdf5<T>(name: string, bytes: Uint8Array, work: (root: Hdf5Group) => T): Promise<T> {
  await ready;
  const path = `model-${opened++}.h5`;
  FS!.writeFile(path, bytes);
  try {
    let file: HdfFile;
    try {
      file = new HdfFile(path, "r");
    } catch (error) {
      throw refused(`${name} is no HDF5 file, or it is damaged (${reasonOf(error)}).`);
    }
    try {
      return work(new Hdf5Group(file, name));
    } finally {
      file.close();
    }
  } finally {
    FS!.unlink(path);
  }
}

export interface Hdf5Array {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A group with what the readers of Keras files ask for. */
export class Hdf5Group {
  readonly #group: Group;
  readonly #file: string;

  constructor(group: Group, file: string) {
    this.#group = group;
    this.#file = file;
  }

  get names(): readonly string[] {
    return this.#group.keys();
  }

  group(path: string): Hdf5Group | null {
    const found = this.#group.get(path);
    return found && "keys" in found ? new Hdf5Group(found, this.#file) : null;
  }

  /** A text attribute; null where there is none. */
  text(name: string): string | null {
    const value = this.#group.attrs[name]?.value;
    return typeof value === "string" ? value : null;
  }

  /** A list of texts, which Keras writes in pieces (`name0`, `name1`, …) where it is long; null where there is none. */
  texts(name: string): readonly string[] | null {
    const { attrs } = this.#group;
    const whole = attrs[name];
    if (whole) return listOf(whole.value);
    const pieces: string[] = [];
    for (let piece = 0; attrs[`${name}${piece}`]; piece++) pieces.push(...listOf(attrs[`${name}${piece}`]!.value));
    return pieces.length === 0 ? null : pieces;
  }

  /** The numbers of a dataset; null where there is none. */
  array(path: string): Hdf5Array | null {
    const found = this.#group.get(path);
    if (!found || !("shape" in found) || "keys" in found) return null;
    const { shape, value } = found;
    if (typeof value === "number") return { shape: shape ?? [], values: Float32Array.of(value) };
    if (
      !ArrayBuffer.isView(value) ||
      value instanceof DataView ||
      value instanceof BigInt64Array ||
      value instanceof BigUint64Array
    ) {
      throw refused(`${path} in ${this.#file} holds no numbers that a network can use.`);
    }
    return { shape: shape ?? [], values: Float32Array.from(value as Float32Array) };
  }
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : typeof value === "string" ? [value] : [];
}

/** A new file with these datasets; groups are made on the way to them. */
export async function writtenHdf5(arrays: ReadonlyMap<string, Hdf5Array>): Promise<Uint8Array<ArrayBuffer>> {
  await ready;
  const path = `model-${opened++}.h5`;
  const file = new HdfFile(path, "w");
  try {
    for (const [name, { shape, values }] of arrays) {
      const folders = name.split("/").slice(0, -1);
      let group: Group = file;
      for (const folder of folders) {
        const known = group.get(folder);
        group = known && "keys" in known ? known : group.create_group(folder);
      }
      group.create_dataset({ name: name.split("/").at(-1)!, data: values, shape: [...shape], dtype: "<f4" });
    }
    file.close();
    return FS!.readFile(path) as Uint8Array<ArrayBuffer>;
  } finally {
    FS!.unlink(path);
  }
}
