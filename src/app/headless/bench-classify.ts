/** Measures the classification of a folder as one batch: everything that the classify screen's service does for it. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { compareByCodePoint } from "../../domain/dataset/listing.ts";
import { capturesToCsv } from "../../domain/text/capture-list.ts";
import type { EngineClient } from "../../runtime/engine-client.ts";
import type { PickedFile } from "../../ui/services/picked-files.ts";
import type { Services } from "../services/services.ts";
import { starterModelId } from "../services/starter-model.ts";
import type { Inputs } from "./inputs.ts";
import type { BenchReport, BenchRequest, ResumedBatch } from "./protocol.ts";
import { watchProgress } from "./watch.ts";

/** Classified before the clock starts: the model is loaded, the decoders are up. */
const warmupFiles = 8;

function pageBytes(): number {
  return (performance as Performance & { memory?: { readonly usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0;
}

export async function benchClassify(
  services: Services,
  engine: EngineClient,
  inputs: Inputs,
  request: BenchRequest,
): Promise<Outcome<BenchReport>> {
  const { models, classification } = services;
  if (request.data === null) return failed("bad-input", "--data is missing.");
  const started = await engine.start(request.backend);
  if (!started.ok) return started;
  if (request.starter) {
    await services.installStarter();
    await models.setDefault(starterModelId);
  } else {
    const imported = await models.importFiles(inputs.files("files"));
    if (!imported.ok) return imported;
    await models.setDefault(imported.value.id);
  }
  const files = filesOf(inputs, request.data, request.files);
  const warm = await classification.classify(files.slice(0, warmupFiles), { source: "folder", name: "warm-up" });
  if (!warm.ok) return warm;

  const memory: number[] = [];
  const unreport = watchProgress("classifying", classification.progress);
  const unwatch = classification.progress.subscribe(() => {
    const { done = 0, total = 1 } = classification.progress.value ?? {};
    if (memory.length === 0 && done >= total / 4) memory.push(pageBytes());
  });
  const begin = performance.now();
  const outcome = await classification.classify(files, { source: "folder", name: "all" });
  const milliseconds = performance.now() - begin;
  unwatch();
  unreport();
  if (!outcome.ok) return outcome;
  const { heapBytes } = await engine.memory();
  const model = models.models.value.find(({ id }) => id === models.defaultModelId.value);
  return succeeded({
    task: request.task,
    milliseconds,
    images: outcome.value.pages,
    unreadable: outcome.value.unreadable,
    images_per_second: (1000 * outcome.value.pages) / milliseconds,
    page_bytes: [...memory, pageBytes()],
    gflop_per_second: null,
    parameters: model?.metadata.parameters ?? null,
    peak_heap_bytes: heapBytes,
    backend: started.value.name,
    threads: started.value.threads,
    simd: started.value.simd,
    ...(model ? { preset: model.metadata.preset, size: model.metadata.preprocessing.inputSize } : {}),
  });
}

/** Goes on with the batch of a killed tab, as somebody does who picks its folder again. */
export async function goOn(
  { classification }: Services,
  engine: EngineClient,
  inputs: Inputs,
  request: BenchRequest,
): Promise<Outcome<ResumedBatch>> {
  const batch = classification.openBatch.value;
  if (request.data === null || batch?.status !== "interrupted") {
    return failed("not-found", "There is no interrupted batch.");
  }
  const started = await engine.start(request.backend);
  if (!started.ok) return started;
  const outcome = await classification.resume(batch.id, filesOf(inputs, request.data, null));
  if (!outcome.ok) return outcome;
  return succeeded({ csv: capturesToCsv(classification.captures.value), doneBefore: batch.doneFiles });
}

function filesOf(inputs: Inputs, data: string, most: number | null): PickedFile[] {
  const all = [...inputs.folder(data).files].sort((a, b) => compareByCodePoint(a.path, b.path));
  return all.slice(0, most ?? all.length);
}
