/** What commands ask for in common: an experiment, images to work on, a judgement of a model. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Dataset } from "../../domain/dataset/dataset.ts";
import { guessPositiveClass } from "../../domain/dataset/positive-class.ts";
import { defaultSplit, notebookSplit, type SplitPlan } from "../../domain/dataset/split-types.ts";
import { needsBackbone } from "../../domain/experiment/backbone.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { withOverrides } from "../../domain/experiment/overrides.ts";
import { baseline, presetNamed, presets, regularized } from "../../domain/experiment/presets.ts";
import type { PixelFormat } from "../../domain/image/pixel-format.ts";
import type { PickedFolder } from "../../ui/services/picked-files.ts";
import type { Datasets } from "../services/dataset-service.ts";
import { judge, type JudgingTask, type ModelEvaluation } from "../services/judging.ts";
import { starterBackbone } from "../services/starter-model.ts";
import type { Services } from "../services/services.ts";
import { withConfig } from "./config.ts";
import type { Inputs } from "./inputs.ts";
import type { RequestedBackbone, SplitRequest, TrainRequest } from "./protocol.ts";
import { report, watchProgress } from "./watch.ts";

/** The preset that was asked for, with all changes. */
export function experimentOf({
  preset,
  overrides,
  config,
}: Pick<TrainRequest, "preset" | "overrides" | "config">): Outcome<Experiment> {
  const experiment = presetNamed(preset);
  if (!experiment) {
    const names = presets.map((known) => known.preset).join(", ");
    return failed("bad-input", `There is no preset “${preset}”.`, `Choose one of: ${names}.`);
  }
  return withConfig(withOverrides(experiment, overrides), config);
}

/**
 * The split that was asked for. The notebook's networks are split as the notebook splits, since they are there to be compared with it; all others
 * the default way.
 */
export function splitPlanOf(request: SplitRequest, experiment: Experiment): SplitPlan {
  const isNotebook = experiment.preset === baseline.preset || regularized.some((p) => p.preset === experiment.preset);
  const kind = request.kind ?? (isNotebook ? "keras" : "stratified");
  const seed = request.seed ?? experiment.seed;
  if (kind === "keras") {
    return { kind, validationShare: request.validationShare ?? notebookSplit.validationShare, seed };
  }
  return {
    kind,
    validationShare: request.validationShare ?? defaultSplit.validationShare,
    testShare: request.testShare ?? defaultSplit.testShare,
    seed,
    bySource: request.bySource,
  };
}

/** The experiment on, or with, the backbone that was asked for; where it needs one and none was, on the starter model's own. */
export async function withBackbone(
  experiment: Experiment,
  asked: RequestedBackbone | null,
  services: Pick<Services, "runtime" | "installStarter">,
  inputs: Inputs,
): Promise<Outcome<Experiment>> {
  const { backbone } = experiment;
  if (asked === null && !needsBackbone(backbone)) return succeeded(experiment);
  if (!backbone) {
    return failed(
      "bad-input",
      `The preset “${experiment.preset}” does nothing with a backbone.`,
      "Choose the preset features, compact or residual.",
    );
  }
  const { engine } = services.runtime;
  if (asked === null) await services.installStarter();
  const imported = await (asked === null
    ? starterBackbone(engine)
    : engine.importBackbone({
        name: asked.name,
        source: { kind: "files", files: inputs.folder(asked.files).files, range: asked.range },
      }));
  return imported.ok ? succeeded({ ...experiment, backbone: { ...backbone, network: imported.value } }) : imported;
}

/** Imports a picked folder, with the positive class that was asked for, or else the one that the names tell. */
export async function importData(
  datasets: Datasets,
  folder: PickedFolder,
  pixels: PixelFormat,
  positive: string | null,
): Promise<Outcome<Dataset>> {
  const unwatch = watchProgress("importing", datasets.importing);
  const outcome = await datasets.importFolder(folder, {}, pixels);
  unwatch();
  if (!outcome.ok) return outcome;
  const { id, classNames, positiveClass } = outcome.value;
  const known = `The classes are ${classNames.join(", ")}.`;
  if (positive === null) {
    if (guessPositiveClass(classNames) !== null) return outcome;
    return failed(
      "bad-input",
      `No class is a photo by its name. ${known}`,
      "Name the class of the photos by --positive.",
    );
  }
  if (!classNames.includes(positive)) {
    return failed("bad-input", `There is no class “${positive}”. ${known}`, "Name one of them by --positive.");
  }
  if (positive === positiveClass) return outcome;
  await datasets.setPositiveClass(id, positive);
  return succeeded({ ...outcome.value, positiveClass: positive });
}

/** Judges a model to the end, telling how far it is. */
export function judgeAndReport(
  { runtime, datasets }: Pick<Services, "runtime" | "datasets">,
  task: JudgingTask,
): Promise<Outcome<ModelEvaluation>> {
  const parts = { engine: runtime.engine, pixels: datasets };
  return judge(task, parts, (progress) => report("judging", progress), new AbortController().signal);
}
