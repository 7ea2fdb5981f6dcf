/** What a network can be built on: features of a picture that are not trained along. */

/** A stored backbone: from RGB numbers, 0 to 255, in a square of any size, to its last feature map, pooled. */
export interface Backbone {
  /** Follows from its weights: the same file gives the same backbone. */
  readonly id: string;
  readonly name: string;
  /** Numbers that it says of a picture. */
  readonly features: number;
  readonly parameters: number;
  /** Of the squares that it was made for, in pixels; null where it does not say. */
  readonly inputSize: number | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What goes into a network for a byte of 0 and for one of 255. */
export type PixelRange = readonly [low: number, high: number];

/** What an experiment does with a backbone. `network`: null until one is chosen. */
export type BackboneUse =
  /**
   * It is the first part of the network and stays as it is, with dictionaries beside it or in its place; the experiment's layers come after it and see
   * features only. Those of every training image are computed once: of each of the experiment's views, as it is and mirrored, and of `crops` views that
   * the augmentation makes.
   */
  | {
      readonly role: "features";
      readonly network: Backbone | null;
      readonly dictionaries?: readonly Dictionary[];
      readonly crops: number;
    }
  /**
   * On every training view the network also learns to say what the backbone says of it: from what goes into the output layer, a linear map has to
   * give the backbone's features. Map and backbone are left out of the model. Without a backbone the network learns from the labels alone.
   */
  | { readonly role: "teacher"; readonly network: Backbone | null; readonly weight: number };

/**
 * Words that are fitted to training images before training, and fixed then; a picture is described by how much of each it has, on average over all of its
 * places. `pooling`: side of the squares of pixels that are averaged before (1: none); `strides`: pixels from one place to the next.
 */
export type Dictionary = ColourDictionary | PatchDictionary;

/** A place belongs to each colour c with softmax(sharpness · (2 x·c − |c|²)), x from −1 to 1: a soft histogram. */
export interface ColourDictionary {
  readonly type: "colours";
  readonly words: number;
  readonly pooling: number;
  readonly strides: number;
  readonly sharpness: number;
}

/** A patch without its mean, divided by its deviation, along its principal components, answers to each word with relu(response − 1). */
export interface PatchDictionary {
  readonly type: "patches";
  readonly words: number;
  readonly pooling: number;
  readonly strides: number;
  readonly patchSize: number;
  /** Principal components of a patch that are looked at. */
  readonly components: number;
}

/** The backbone that a network is built on, if it is built on one. */
export function featureBackbone(use: BackboneUse | null | undefined): Backbone | null {
  return use?.role === "features" ? use.network : null;
}

/** Whether a backbone has to be chosen before a network can be built. */
export function needsBackbone(use: BackboneUse | null | undefined): boolean {
  return use?.role === "features" && use.network === null && dictionariesOf(use).length === 0;
}

export function dictionariesOf(use: BackboneUse | null | undefined): readonly Dictionary[] {
  return use?.role === "features" ? (use.dictionaries ?? []) : [];
}

/** What comes before the layers of a network that sees features only. */
export interface FixedFeatures {
  readonly features: number;
  readonly parameters: number;
  /** Floating-point operations of one picture through the dictionaries; what a backbone computes is not known. */
  readonly operations: number;
}

/**
 * Null where the layers see the picture itself.
 * @throws RangeError where the picture is smaller than a patch
 */
export function fixedFeatures(use: BackboneUse | null | undefined, inputSize: number): FixedFeatures | null {
  const network = featureBackbone(use);
  const dictionaries = dictionariesOf(use);
  if (!network && dictionaries.length === 0) return null;
  const sum = { features: network?.features ?? 0, parameters: network?.parameters ?? 0, operations: 0 };
  for (const dictionary of dictionaries) {
    const weights = dictionaryWeights(dictionary);
    sum.features += dictionary.words;
    sum.parameters += weights.kernels + weights.biases;
    sum.operations += 2 * weights.kernels * places(dictionary, inputSize);
  }
  return sum;
}

function dictionaryWeights(dictionary: Dictionary): { readonly kernels: number; readonly biases: number } {
  const { words } = dictionary;
  if (dictionary.type === "colours") return { kernels: 3 * words, biases: words };
  const channels = dictionary.components + 1;
  return { kernels: dictionary.patchSize ** 2 * 3 * channels + channels * words, biases: words };
}

function places(dictionary: Dictionary, inputSize: number): number {
  const { pooling, strides } = dictionary;
  const size = dictionary.type === "patches" ? dictionary.patchSize : 1;
  const side = Math.floor((Math.floor(inputSize / pooling) - size) / strides) + 1;
  if (side < 1) throw new RangeError("The picture is smaller than the patches that it is looked at by.");
  return side * side;
}
