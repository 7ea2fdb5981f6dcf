/** An import that is under way, or was when its tab ended: what it needs to go on. What of it is stored is in the images and findings. */
import type { PixelFormat } from "../image/pixel-format.ts";
import type { Dataset } from "./dataset.ts";

export interface UnfinishedImport {
  readonly datasetId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The dataset that it makes; null where it adds to one that is there. */
  readonly draft: Pick<Dataset, "name" | "positiveClass"> | null;
  /** As the person knows what was picked. */
  readonly sourceName: string;
  readonly pixels: PixelFormat;
  /** The class of files that lie in no class folder, where the person named one. */
  readonly looseClass: string | null;
  /** Files in all, those stored before it began included. */
  readonly total: number;
}
