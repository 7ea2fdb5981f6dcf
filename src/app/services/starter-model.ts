/** The model that Tamis comes with, so that it classifies at once. */
import { type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Backbone } from "../../domain/experiment/backbone.ts";
import type { Model } from "../../domain/model/model.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { getSetting, putSetting } from "../../storage/settings.ts";
import { sha256 } from "./sha256.ts";

export const starterModelId = "starter";

/** Relative to the document: Tamis runs from any folder of any host. */
const starterAddress = "./starter/tamis-starter.zip";

/**
 * Installs the starter model where this build comes with one that was not installed before: at the first start, and when a new version of
 * Tamis brings another one. A starter model that was deleted stays deleted until then.
 * @returns the model where it was installed now, else null
 */
export async function installStarter(engine: Pick<Engine, "importModel">): Promise<Outcome<Model | null>> {
  const zip = await fetchStarter();
  if (!zip) return succeeded(null);
  const digest = await sha256(zip);
  if ((await getSetting("starterDigest")) === digest) return succeeded(null);
  const outcome = await engine.importModel([{ path: "tamis-starter.zip", file: zip }], {
    origin: "starter",
    id: starterModelId,
  });
  if (outcome.ok) await putSetting("starterDigest", digest);
  return outcome;
}

/** What the starter model is built on, for networks of one's own to be built on; it was never trained on anybody's scans. */
export function starterBackbone(engine: Pick<Engine, "importBackbone">): Promise<Outcome<Backbone>> {
  return engine.importBackbone({ name: "Tamis starter", source: { kind: "model", modelId: starterModelId } });
}

/** Null where there is none, or no network to get it through: then it is tried again at the next start. */
async function fetchStarter(): Promise<Blob | null> {
  try {
    const response = await fetch(starterAddress);
    if (!response.ok) return null;
    const blob = await response.blob();
    // A host may answer a missing file with a page.
    return (await blob.slice(0, 2).text()) === "PK" ? blob : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
