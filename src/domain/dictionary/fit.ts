/** Fits dictionaries to views of training images. Plain numbers, so that every device and backend fits the same. */
import type { Dictionary } from "../experiment/backbone.ts";
import type { SeededRandom } from "../random/seeded-random.ts";
import { fitColours, fitPatches } from "./dictionaries.ts";

/** Patches of each view, at random places. */
const patchesOfView = 24;

/** A dictionary with the weights of its convolutions. */
export interface FittedDictionary {
  readonly dictionary: Dictionary;
  /** Colours: kernel and bias. Patches: kernel of the projection, kernel and bias of the words. */
  readonly weights: readonly Float32Array<ArrayBuffer>[];
}

export class DictionaryFit {
  readonly #dictionaries: readonly Dictionary[];
  readonly #random: SeededRandom;
  readonly #patches: Float32Array[][];

  constructor(dictionaries: readonly Dictionary[], random: SeededRandom) {
    this.#dictionaries = dictionaries;
    this.#random = random;
    this.#patches = dictionaries.map(() => []);
  }

  /** @param view [size, size, 3], 0 to 255 */
  add(view: Float32Array, size: number): void {
    for (const [place, dictionary] of this.#dictionaries.entries()) {
      const patchSize = dictionary.type === "patches" ? dictionary.patchSize : 1;
      this.#patches[place]!.push(this.#cut(pooled(view, size, dictionary.pooling), patchSize));
    }
  }

  /** To be called once, after some hundred views. */
  fit(): FittedDictionary[] {
    return this.#dictionaries.map((dictionary, place) => {
      const patches = joined(this.#patches[place]!);
      if (dictionary.type === "colours") {
        const { kernel, bias } = fitColours(patches, dictionary, this.#random);
        return { dictionary, weights: [kernel, bias] };
      }
      const { projection, words } = fitPatches(patches, dictionary, this.#random);
      return { dictionary, weights: [projection, words, new Float32Array(dictionary.words).fill(-1)] };
    });
  }

  #cut({ values, side }: Picture, patchSize: number): Float32Array {
    const width = patchSize * 3;
    const patches = new Float32Array(patchesOfView * patchSize * width);
    let end = 0;
    for (let patch = 0; patch < patchesOfView; patch++) {
      const top = this.#random.int(side - patchSize + 1);
      const left = this.#random.int(side - patchSize + 1);
      for (let row = top; row < top + patchSize; row++) {
        const at = (row * side + left) * 3;
        patches.set(values.subarray(at, at + width), end);
        end += width;
      }
    }
    return patches;
  }
}

interface Picture {
  /** [side, side, 3], −1 to 1 */
  readonly values: Float32Array;
  readonly side: number;
}

/** Means of squares of `pooling` pixels; what is left over at the right and the bottom is left out, as Keras' average pooling does. */
function pooled(view: Float32Array, size: number, pooling: number): Picture {
  const side = Math.floor(size / pooling);
  const values = new Float32Array(side * side * 3).fill(-1);
  const share = 1 / (127.5 * pooling * pooling);
  for (let y = 0; y < side * pooling; y++) {
    for (let x = 0; x < side * pooling; x++) {
      const to = (Math.floor(y / pooling) * side + Math.floor(x / pooling)) * 3;
      const from = (y * size + x) * 3;
      for (let channel = 0; channel < 3; channel++) values[to + channel]! += share * view[from + channel]!;
    }
  }
  return { values, side };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
