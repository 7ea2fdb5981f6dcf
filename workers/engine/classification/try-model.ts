/** What a model says of a few files when they are prepared in other ways than its own. */
import type { PredictionEvent, Trial, TrialRequest } from "../../../src/contract/engine.ts";
import { outputWidth } from "../../../src/domain/model/output.ts";
import { Forward, meanOf } from "../evaluation/forward.ts";
import { predictionBatch } from "../evaluation/predict.ts";
import { withAdapters } from "../models/adapters.ts";
import type { LoadedModel } from "../models/loaded-models.ts";
import type { StretchedPicture } from "../stream/views.ts";
import { letMessagesIn } from "../yield.ts";
import type { Decoders } from "./decoders.ts";

/** @throws AbortError */
export async function tryModel(
  { info, bare }: LoadedModel,
  decoders: Decoders,
  { files, candidates }: TrialRequest,
  onEvent: (event: PredictionEvent) => void,
  signal: AbortSignal,
): Promise<Trial> {
  const [first] = candidates;
  if (!first) return { pictures: [], outputs: [] };
  const pictures: (StretchedPicture | null)[] = [];
  const total = files.length * (1 + candidates.length);
  let done = 0;
  const tell = (more: number): void => onEvent({ done: (done += more), total });
  for (const file of files) {
    const decoded = await decoders.decode({ file, pixels: first.pixels, thumbnailSize: 0 }, signal);
    pictures.push(decoded.ok ? decoded.pages[0]! : null);
    tell(1);
  }
  const readable = pictures.filter((picture) => picture !== null);
  const outputs: Float32Array[] = [];
  for (const preprocessing of candidates) {
    const forward = new Forward(withAdapters(bare, { ...info.metadata, preprocessing }), preprocessing);
    const width = outputWidth(info.metadata.output);
    const all = new Float32Array(readable.length * width);
    for (let begin = 0; begin < readable.length; begin += predictionBatch) {
      await letMessagesIn();
      signal.throwIfAborted();
      const rows = await forward.run(readable.slice(begin, begin + predictionBatch));
      for (const [place, views] of rows.entries()) all.set(meanOf(views), (begin + place) * width);
    }
    outputs.push(all);
    tell(files.length);
  }
  return { pictures: pictures.map((picture) => picture?.rgb ?? null), outputs };
}
