/** What chance is used for. Each has a stream of its own, so that a change to one leaves what the others draw. */
export const RandomStream = {
  weights: 1,
  order: 2,
  augmentation: 3,
  dropout: 4,
  lesson: 5,
  dictionaries: 6,
} as const;

/** The stream of one epoch (from 0), so that an epoch's draws do not hang on how many numbers those before it used. */
export function epochStream(stream: number, epoch: number): number {
  return stream + 16 * (epoch + 1);
}
