/** Reads thumbnails a window at a time: a grid asks for each of its pictures alone, and dozens of transactions a frame would make scrolling slow. */

type ReadMany = (scope: string, itemIds: readonly string[]) => Promise<(Blob | undefined)[]>;

interface Window {
  readonly itemIds: string[];
  readonly pictures: Promise<(Blob | undefined)[]>;
}

export class ThumbnailReader {
  readonly #readMany: ReadMany;
  /** What is asked for now, by scope; read as soon as whoever asks is done asking. */
  readonly #windows = new Map<string, Window>();

  constructor(readMany: ReadMany) {
    this.#readMany = readMany;
  }

  async read(scope: string, itemId: string): Promise<Blob | undefined> {
    const window = this.#windows.get(scope) ?? this.#open(scope);
    const place = window.itemIds.push(itemId) - 1;
    return (await window.pictures)[place];
  }

  #open(scope: string): Window {
    const itemIds: string[] = [];
    // A task, not a microtask: each picture of a frame asks from a callback of its own.
    const pictures = new Promise<void>((fulfil) => setTimeout(fulfil)).then(() => {
      this.#windows.delete(scope);
      return this.#readMany(scope, itemIds);
    });
    const window = { itemIds, pictures };
    this.#windows.set(scope, window);
    return window;
  }
}
