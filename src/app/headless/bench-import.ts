/** Measures an import, and goes on with one whose tab was killed. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Services } from "../services/services.ts";
import type { Inputs } from "./inputs.ts";
import type { BenchReport, BenchRequest, ResumedImport } from "./protocol.ts";
import { experimentOf, importData } from "./requests.ts";
import { watchProgress } from "./watch.ts";

/** Into an empty cache: the page's profile is new. */
export async function benchImport(
  { datasets }: Services,
  inputs: Inputs,
  request: BenchRequest,
): Promise<Outcome<BenchReport>> {
  if (request.data === null) return failed("bad-input", "--data is missing.");
  const experiment = experimentOf(request);
  if (!experiment.ok) return experiment;
  const begin = performance.now();
  const imported = await importData(datasets, inputs.folder(request.data), experiment.value.pixels, null);
  if (!imported.ok) return imported;
  const milliseconds = performance.now() - begin;
  const images = imageCountOf(imported.value);
  return succeeded({
    task: request.task,
    gflop_per_second: null,
    parameters: null,
    peak_heap_bytes: null,
    backend: null,
    simd: null,
    milliseconds,
    images,
    images_per_second: (1000 * images) / milliseconds,
    size: experiment.value.pixels.width,
    threads: navigator.hardwareConcurrency,
  });
}

/** Goes on as somebody does who picks the folder again. */
export async function goOnImport(
  { datasets }: Services,
  inputs: Inputs,
  request: BenchRequest,
): Promise<Outcome<ResumedImport>> {
  const [unfinished] = datasets.interrupted.value;
  if (request.data === null || !unfinished) return failed("not-found", "No import is unfinished.");
  const unwatch = watchProgress("importing", datasets.importing);
  const outcome = await datasets.resumeImport(unfinished.datasetId, inputs.folder(request.data));
  unwatch();
  if (!outcome.ok) return outcome;
  const { id, findingCount } = outcome.value;
  return succeeded({
    id,
    storedBefore: unfinished.stored,
    images: imageCountOf(outcome.value),
    findings: findingCount,
  });
}

function imageCountOf({ classCounts }: { readonly classCounts: readonly number[] }): number {
  return classCounts.reduce((sum, count) => sum + count, 0);
}
