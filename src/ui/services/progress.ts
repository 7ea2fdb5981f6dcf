/** How far a long task is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Items a second, over the last seconds; null until measured. */
  readonly rate: number | null;
  /** Null until measured. */
  readonly secondsLeft: number | null;
}
