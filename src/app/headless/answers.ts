/** The command line's answers to what an imported model leaves open. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Preprocessing } from "../../domain/model/model.ts";
import { getModel } from "../../storage/models.ts";
import type { ModelService } from "../../ui/services/model-service.ts";

/** Network input = byte · scale + offset. */
const scalings: Readonly<Record<string, Pick<Preprocessing, "scale" | "offset">>> = {
  unit: { scale: 1 / 255, offset: 0 },
  signed: { scale: 1 / 127.5, offset: -1 },
  raw: { scale: 1, offset: 0 },
};

/** @returns what was assumed where the model asks and the command line does not say */
export async function answerModel(
  models: Pick<ModelService, "answer">,
  modelId: string,
  { photo, pixels }: { readonly photo: string | null; readonly pixels: string | null },
): Promise<Outcome<readonly string[]>> {
  const model = await getModel(modelId);
  if (!model) return failed("not-found", "The model is not there.");
  const { questions = [], metadata } = model;
  const { labels } = metadata.output;
  const positive = photo === null ? metadata.output.positive : labels.indexOf(photo);
  if (positive < 0) {
    return failed("bad-input", `The model has no output “${photo}”.`, `It has ${labels.slice(0, 20).join(", ")}.`);
  }
  const preprocessing = pixels === null ? metadata.preprocessing : { ...metadata.preprocessing, ...scalings[pixels] };
  const assumed: string[] = [];
  if (photo === null && questions.includes("output")) {
    assumed.push(`The model does not say which output is the photo: “${labels[positive]}” is assumed (--photo LABEL).`);
  }
  if (pixels === null && questions.includes("preprocessing")) {
    assumed.push("The model does not say how pixels are scaled: from 0 to 1 is assumed (--pixels unit|signed|raw).");
  }
  if (photo !== null || pixels !== null || questions.length > 0) {
    await models.answer(modelId, { positive, labels, preprocessing });
  }
  return succeeded(assumed);
}
