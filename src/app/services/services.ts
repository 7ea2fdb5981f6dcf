/** Composes the services: for the app and for the headless page alike. */
import type { Decoders } from "../../runtime/decode-pool.ts";
import { DecodePool } from "../../runtime/decode-pool.ts";
import { type Engine, EngineClient } from "../../runtime/engine-client.ts";
import { Classification } from "./classification/classification-service.ts";
import { Comparisons } from "./comparison/comparison-service.ts";
import { Datasets } from "./dataset-service.ts";
import { Explanations } from "./explanation-service.ts";
import { Models } from "./model-service.ts";
import { failureOf } from "../../contract/outcome.ts";
import { listBackbones } from "../../storage/backbones.ts";
import { getSetting } from "../../storage/settings.ts";
import { installStarter, starterBackbone } from "./starter-model.ts";
import { Tabs } from "./tabs.ts";
import { Training } from "./training-service.ts";
import { Vetting } from "./vetting-service.ts";

/** The workers, or what stands in for them in a test. */
export interface Runtime {
  readonly engine: Engine;
  readonly decoders: Decoders;
}

export interface Services {
  readonly datasets: Datasets;
  readonly vetting: Vetting;
  readonly training: Training;
  readonly comparisons: Comparisons;
  readonly models: Models;
  readonly classification: Classification;
  readonly explanations: Explanations;
  readonly runtime: Runtime;
  /** Reads what is stored and puts in order what a closed tab left; to be called once, before anything is shown. */
  load(): Promise<void>;
  /** Installs the starter model where it is new; loads the engine in its worker only then. */
  installStarter(): Promise<void>;
}

/** The real workers; none of them starts before it is needed. */
export function createRuntime(): Runtime {
  const decoders = new DecodePool();
  return { decoders, engine: new EngineClient(decoders) };
}

/** @param onStorage called when much was stored or deleted */
export function createServices(runtime: Runtime, tabs = new Tabs(), onStorage: () => void = () => undefined): Services {
  const { engine, decoders } = runtime;
  const datasets = new Datasets({ decoders, tabs, onStorage });
  const vetting = new Vetting({ decoders, datasets });
  const models = new Models(engine, tabs, datasets);
  const onModel = (): void => {
    void models.changed();
    onStorage();
  };
  const training = new Training({ engine, pixels: datasets, tabs, onModel });
  const comparisons = new Comparisons({ training, models, tabs });
  const classification = new Classification(runtime, models.defaultModelId, tabs);
  const explanations = new Explanations({
    engine,
    pixels: datasets,
    original: (capture) => classification.original(capture),
  });
  const useStarterBackbone = async (): Promise<void> => {
    const backbone = await starterBackbone(engine);
    // A starter model that was deleted has none to offer.
    if (backbone.ok) training.useBackbone(backbone.value);
  };
  return {
    datasets,
    vetting,
    training,
    comparisons,
    models,
    classification,
    explanations,
    runtime,
    async load() {
      await Promise.all([datasets.load(), training.load(), models.load(), comparisons.load(), classification.load()]);
      training.useBackbone((await listBackbones())[0] ?? null);
      const isFirstStart = (await getSetting("starterDigest")) === undefined;
      models.awaitsStarter.set(isFirstStart && models.models.value.length === 0);
    },
    async installStarter() {
      const outcome = await installStarter(engine).catch(failureOf);
      if (outcome.ok && outcome.value) await models.changed();
      models.awaitsStarter.set(false);
      // Tried again at the next start; until then, models that are trained or imported do.
      if (!outcome.ok) console.warn(`The starter model could not be installed: ${outcome.message}`);
      else if (outcome.value || (await listBackbones()).length === 0) await useStarterBackbone();
    },
  };
}
