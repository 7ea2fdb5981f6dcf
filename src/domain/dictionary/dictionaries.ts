/**
 * Dictionaries of small patches and of colours, fitted to training images before a network learns: how often each word occurs tells the texture of
 * a picture, whatever it shows. Everything that uses them is convolutions, a normalisation and pooling.
 */
import type { ColourDictionary, PatchDictionary } from "../experiment/backbone.ts";
import type { SeededRandom } from "../random/seeded-random.ts";
import { kMeans } from "./k-means.ts";
import { principalComponents } from "./principal-components.ts";

/** More iterations move the words by less than other images would. */
const iterations = 12;

/** Keeps directions of hardly any variance from being blown up by whitening; in units of a patch's own deviation. */
const whiteningFloor = 0.1;

/** A patch that deviates less than this (four steps of 255, of values from −1 to 1) is flat: noise must not look like texture. */
export const flatDeviation = 4 / 255;

/** Weights of the layers that a patch dictionary is made of. */
export interface FittedPatches {
  /** Convolution without bias: [patchSize, patchSize, 3, components + 1]. What it puts out sums to zero over its channels. */
  readonly projection: Float32Array<ArrayBuffer>;
  /** Convolution of one pixel after the normalisation over channels: [1, 1, components + 1, words]; relu(response − 1) follows. */
  readonly words: Float32Array<ArrayBuffer>;
}

/** The normalisation's epsilon: the variance of a flat patch in the projection's channels. */
export function patchEpsilon({ patchSize, components }: PatchDictionary): number {
  return (flatDeviation ** 2 * patchSize ** 2 * 3) / (components + 1);
}

/**
 * Patches without their mean, divided by their deviation, whitened along their principal components, clustered on the unit sphere (Coates and Ng, 2012,
 * “Learning feature representations with k-means”).
 * @param patches [n × patchSize²·3], values from −1 to 1
 */
export function fitPatches(patches: Float32Array, settings: PatchDictionary, random: SeededRandom): FittedPatches {
  const { patchSize, components, words } = settings;
  const width = patchSize ** 2 * 3;
  const centred = withoutMeans(patches, width);
  const axes = principalComponents(centred, width, components);
  const projected = normalized(project(centred, width, axes, components), components, width);
  const scales = deviations(projected, components).map((deviation) => 1 / (deviation + whiteningFloor));
  const centres = kMeans(
    onSphere(projected, components, scales),
    components,
    { clusters: words, iterations, isSpherical: true },
    random,
  );
  const basis = zeroSumBasis(components);
  const channels = components + 1;
  const projection = new Float32Array(width * channels);
  for (let pixel = 0; pixel < width; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let axis = 0; axis < components; axis++) {
        sum += axes[axis * width + pixel]! * basis[channel * components + axis]!;
      }
      projection[pixel * channels + channel] = sum;
    }
  }
  // The network's normalisation divides by the deviation over channels, and not over a patch's numbers.
  const ratio = Math.sqrt(width / channels);
  const kernel = new Float32Array(channels * words);
  for (let channel = 0; channel < channels; channel++) {
    for (let word = 0; word < words; word++) {
      let sum = 0;
      for (let axis = 0; axis < components; axis++) {
        sum += basis[channel * components + axis]! * scales[axis]! * centres[word * components + axis]!;
      }
      kernel[channel * words + word] = ratio * sum;
    }
  }
  return { projection, words: kernel };
}

/** Weights of the convolution of one pixel whose softmax says how near a colour is to each word: sharpness · (2 x·c − |c|²). */
export interface FittedColours {
  /** [1, 1, 3, words] */
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly bias: Float32Array<ArrayBuffer>;
}

/** @param colours [n × 3], values from −1 to 1 */
export function fitColours(colours: Float32Array, settings: ColourDictionary, random: SeededRandom): FittedColours {
  const { words, sharpness } = settings;
  const centres = kMeans(colours, 3, { clusters: words, iterations, isSpherical: false }, random);
  const kernel = new Float32Array(3 * words);
  const bias = new Float32Array(words);
  for (let word = 0; word < words; word++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = centres[word * 3 + channel]!;
      kernel[channel * words + word] = 2 * sharpness * value;
      bias[word]! -= sharpness * value * value;
    }
  }
  return { kernel, bias };
}

function withoutMeans(rows: Float32Array, width: number): Float32Array {
  const centred = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at += width) {
    let mean = 0;
    for (let i = 0; i < width; i++) mean += rows[at + i]! / width;
    for (let i = 0; i < width; i++) centred[at + i] = rows[at + i]! - mean;
  }
  return centred;
}

function project(rows: Float32Array, width: number, axes: Float64Array, components: number): Float32Array {
  const count = rows.length / width;
  const projected = new Float32Array(count * components);
  for (let row = 0; row < count; row++) {
    for (let axis = 0; axis < components; axis++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += rows[row * width + i]! * axes[axis * width + i]!;
      projected[row * components + axis] = sum;
    }
  }
  return projected;
}

/** Each row divided by the deviation of its patch of `width` numbers, with a floor under it. */
function normalized(rows: Float32Array, components: number, width: number): Float32Array {
  const result = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at += components) {
    let square = 0;
    for (let i = 0; i < components; i++) square += rows[at + i]! ** 2;
    const deviation = Math.sqrt(square / width + flatDeviation ** 2);
    for (let i = 0; i < components; i++) result[at + i] = rows[at + i]! / deviation;
  }
  return result;
}

function deviations(rows: Float32Array, width: number): Float64Array {
  const count = rows.length / width;
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let at = 0; at < rows.length; at += width) {
    for (let i = 0; i < width; i++) {
      means[i]! += rows[at + i]! / count;
      squares[i]! += rows[at + i]! ** 2 / count;
    }
  }
  return means.map((mean, i) => Math.sqrt(Math.max(0, squares[i]! - mean * mean)));
}

/** Whitened rows of length 1; those of flat patches, which have no direction, are left out. */
function onSphere(rows: Float32Array, width: number, scales: Float64Array): Float32Array {
  const sphere = new Float32Array(rows.length);
  let end = 0;
  for (let at = 0; at < rows.length; at += width) {
    let square = 0;
    for (let i = 0; i < width; i++) square += (rows[at + i]! * scales[i]!) ** 2;
    if (square < 1e-6) continue;
    const length = Math.sqrt(square);
    for (let i = 0; i < width; i++) sphere[end + i] = (rows[at + i]! * scales[i]!) / length;
    end += width;
  }
  if (end > 0) return sphere.subarray(0, end);
  // All that there is to see is flat: one direction will do.
  return Float32Array.from({ length: width }, (_, i) => (i === 0 ? 1 : 0));
}

/**
 * An orthonormal basis of the vectors of n + 1 numbers that sum to zero (Helmert), [(n + 1) × n]: coordinates in it keep their length, and a
 * normalisation over channels, which subtracts their mean, leaves them alone.
 */
function zeroSumBasis(n: number): Float64Array {
  const basis = new Float64Array((n + 1) * n);
  for (let column = 0; column < n; column++) {
    const scale = 1 / Math.sqrt((column + 1) * (column + 2));
    for (let row = 0; row <= column; row++) basis[row * n + column] = scale;
    basis[(column + 1) * n + column] = -(column + 1) * scale;
  }
  return basis;
}
