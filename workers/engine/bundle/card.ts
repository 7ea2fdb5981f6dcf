/** The card that goes with an exported model: what it is for, what it learnt from, what was measured, and what decided for it. */
import { analyse } from "../../../src/domain/analysis/analyse.ts";
import { writeCard } from "../../../src/domain/model/card.ts";
import type { MeasuredPart } from "../../../src/domain/model/measured.ts";
import { measuredPart } from "../../../src/domain/run/measure.ts";
import type { Model, ModelMetadata } from "../../../src/domain/model/model.ts";
import { judgedImages, type JudgedPart } from "../../../src/domain/run/predictions.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { languages, Writer } from "../../../src/domain/text/writer.ts";
import { listDecisions } from "../../../src/storage/decisions.ts";
import { getPredictions } from "../../../src/storage/predictions.ts";
import { getRun, listRuns } from "../../../src/storage/runs.ts";

export interface Card {
  /** With what was measured. */
  readonly metadata: ModelMetadata;
  /** Markdown by file name. */
  readonly texts: ReadonlyMap<string, string>;
}

const fileNames = { en: "README.md", fr: "LISEZMOI.md" } as const;

/** The same card for the same model, whenever it is written. */
export async function cardOf({ id, runId, metadata }: Model): Promise<Card> {
  const stored = runId === null ? undefined : await getRun(runId);
  const run = stored?.modelId === id ? stored : null;
  const judged = run ? await judgedParts(run, metadata) : [];
  const { threshold } = metadata;
  const measured: readonly MeasuredPart[] = run
    ? judged.map((one) => measuredPart(one, threshold, run.classNames))
    : (metadata.measured ?? []);
  const validation = judged.find(({ part }) => part === "validation");
  const findings = run
    ? analyse({
        run,
        judged: validation ? { ...validation, threshold } : null,
        validationPositives: null,
        others: (await listRuns()).filter(({ datasetId }) => datasetId === run.datasetId),
      })
    : [];
  const decision = (run && (await listDecisions()).find((one) => one.runId === run.id)) ?? null;
  const contents = { metadata, run, findings, measured, decision };
  return {
    metadata: measured.length > 0 ? { ...metadata, measured } : metadata,
    texts: new Map(languages.map((language) => [fileNames[language], writeCard(contents, new Writer(language))])),
  };
}

/** What was judged with the weights that the model has now; nothing is computed for it. */
async function judgedParts(run: Run, { calibration }: ModelMetadata) {
  const parts: readonly JudgedPart[] = ["validation", "test"];
  const stored = await Promise.all(parts.map((part) => getPredictions(run.id, part)));
  return stored.flatMap((predictions) =>
    predictions?.epochs === run.history.length ? [judgedImages(run, predictions, calibration)] : [],
  );
}
