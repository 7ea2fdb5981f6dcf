/** What the reader of a format finds out. */
import type { ModelFormat, ModelMetadata, Preprocessing } from "../../../src/domain/model/model.ts";
import type { StoredNetwork } from "../models/artifacts.ts";

/** What a file says about itself; null where it is silent. */
export interface ReadModel {
  readonly format: ModelFormat;
  readonly stored: StoredNetwork;
  readonly name: string | null;
  readonly labels: readonly string[] | null;
  readonly imageSize: number | null;
  readonly scaling: Pick<Preprocessing, "scale" | "offset"> | null;
  /** Of a Tamis bundle, which leaves nothing to ask. */
  readonly metadata: ModelMetadata | null;
}
