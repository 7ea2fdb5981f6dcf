import type { Outcome } from "../../contract/outcome.ts";
import type { KnownDuplicates } from "../../domain/dataset/leakage.ts";
import type { ChoiceHistory } from "../../domain/vetting/choice-history.ts";
import type { VettedImage } from "../../domain/vetting/choices.ts";
import type { Choices } from "../../domain/vetting/decisions.ts";
import type { Progress } from "./progress.ts";
import type { Store } from "./store.ts";

/** A dataset's images, what was decided about them, and what is known of them. */
export interface DatasetVetting {
  /** Also those left out. */
  readonly images: readonly VettedImage[];
  /** Null where nobody looked for duplicates. */
  readonly duplicates: KnownDuplicates | null;
  /** Images that no search for duplicates has looked at: it was cancelled, or came later than the last one. */
  readonly unsearched: number;
  /** By image id; images of an old import have none. */
  readonly colourfulness: ReadonlyMap<string, number>;
}

/** What is wrong with annotated images, and what people decided about them. */
export interface VettingService {
  /** The search for duplicates that runs in this tab, if one does. It begins by itself after an import. */
  readonly searching: Store<(Progress & { readonly datasetId: string }) | null>;
  of(datasetId: string): Promise<DatasetVetting>;
  /**
   * Decides about images; null takes a decision back. Counts, splits and training follow.
   * @returns what undoes it
   */
  choose(datasetId: string, choices: Choices): Promise<() => Promise<void>>;
  /** What was decided in this tab, by dataset. */
  readonly histories: Store<ReadonlyMap<string, ChoiceHistory>>;
  /** Undoes the last step of a dataset's history; nothing where there is none. */
  undo(datasetId: string): Promise<void>;
  redo(datasetId: string): Promise<void>;
  /** Looks for duplicates (again). */
  search(datasetId: string): Promise<Outcome<KnownDuplicates>>;
  cancelSearch(): void;
}
