/** Teachable Machine's `metadata.json`: the labels, and which kind of project it was. */
import * as v from "valibot";
import { refused } from "./refusal.ts";

const metadata = v.object({
  packageName: v.pipe(v.string(), v.startsWith("@teachablemachine/")),
  modelName: v.optional(v.pipe(v.string(), v.maxLength(1000))),
  labels: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1000))), v.minLength(1), v.maxLength(10_000)),
  imageSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096)), 224),
});

/** What its image models take: x / 127.5 − 1 (`@teachablemachine/image`, `capture` in tf.ts). */
export const teachableMachineScaling = { scale: 1 / 127.5, offset: -1 } as const;

/** Null where the `metadata.json` is somebody else's. */
export function readTeachableMachine(
  json: unknown,
): { readonly name: string; readonly labels: readonly string[]; readonly imageSize: number } | null {
  const parsed = v.safeParse(metadata, json);
  if (!parsed.success) return null;
  const { packageName, modelName, labels, imageSize } = parsed.output;
  if (packageName !== "@teachablemachine/image") {
    const kind = packageName.slice("@teachablemachine/".length);
    throw refused(
      `metadata.json says that this is a Teachable Machine ${kind} model; Tamis classifies images.`,
      "Export an image project from Teachable Machine, as TensorFlow.js or Keras.",
    );
  }
  return { name: modelName ?? "Teachable Machine", labels, imageSize };
}
