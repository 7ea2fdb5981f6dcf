/** A network that somebody trained on many pictures before: its features are used as they are. */

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
   * It is the first part of the network and stays as it is; the experiment's layers come after it and see features only. Those of every training
   * image are computed once: of each of the experiment's views, as it is and mirrored, and of `crops` views that the augmentation makes.
   */
  | { readonly role: "features"; readonly network: Backbone | null; readonly crops: number }
  /**
   * On every training view the network also learns to say what the backbone says of it: from what goes into the output layer, a linear map has to
   * give the backbone's features. Map and backbone are left out of the model. Without a backbone the network learns from the labels alone.
   */
  | { readonly role: "teacher"; readonly network: Backbone | null; readonly weight: number };

/** The backbone that a network is built on, if it is built on one. */
export function featureBackbone(use: BackboneUse | null | undefined): Backbone | null {
  return use?.role === "features" ? use.network : null;
}
