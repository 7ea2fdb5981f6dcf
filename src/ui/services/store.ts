/** A value that changes, and tells. The app implements what lies in this folder and hands it down through contexts.ts; elements never reach past it. */
export interface Store<T> {
  readonly value: T;
  /** Calls back after every change until the returned function is called. */
  subscribe(listener: () => void): () => void;
}
