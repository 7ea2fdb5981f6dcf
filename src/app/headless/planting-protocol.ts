/** What `bench duplicates` is asked and answers, in JSON's names. */

export interface PlantingRequest {
  /** Key of a picked folder. */
  readonly data: string;
  /** Images that are copied in each way, no image in two ways. */
  readonly plant: number;
  readonly seed: number;
}

export interface PlantedPair {
  /** How the copy was made. */
  readonly kind: string;
  readonly original: string;
  readonly copy: string;
}

export interface PlantingReport {
  readonly task: "duplicates";
  readonly seed: number;
  /** Imported, copies included. */
  readonly images: number;
  readonly seconds_searching: number;
  /** By the way that the copies were made. */
  readonly kinds: Readonly<
    Record<string, { readonly planted: number; readonly found: number; readonly recall: number }>
  >;
  readonly missed: readonly PlantedPair[];
  /** Groups that hold several images of the folder itself, not of the same bytes: true twins, or false alarms. A person has to look. */
  readonly unplanted_groups: readonly (readonly string[])[];
  readonly unplanted_images: number;
  /** Of the folder's own images. */
  readonly unplanted_share: number;
  /** Planted pairs that lie in two parts of the default split, by the split's seed. */
  readonly straddling: Readonly<Record<string, number>>;
}
