/** The sorting, loaded when somebody sorts: the first screen does without. */
import type { SortingService } from "../../../ui/services/sorting-service.ts";
import type { Originals } from "./originals.ts";

export class LazySorting implements SortingService {
  readonly #originals: Originals;
  #loading: Promise<SortingService> | null = null;

  constructor(originals: Originals) {
    this.#originals = originals;
  }

  async canMove(...args: Parameters<SortingService["canMove"]>) {
    return (await this.#load()).canMove(...args);
  }

  async takenNames(...args: Parameters<SortingService["takenNames"]>) {
    return (await this.#load()).takenNames(...args);
  }

  async sortInto(...args: Parameters<SortingService["sortInto"]>) {
    return (await this.#load()).sortInto(...args);
  }

  async zip(...args: Parameters<SortingService["zip"]>) {
    return (await this.#load()).zip(...args);
  }

  #load(): Promise<SortingService> {
    this.#loading ??= import("./sorting-service.ts").then(
      ({ Sorting }) => new Sorting(this.#originals),
      (error: unknown) => {
        this.#loading = null;
        throw error;
      },
    );
    return this.#loading;
  }
}
