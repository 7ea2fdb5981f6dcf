import { type Aspect, aspects, type Resampling, resamplings } from "../image/pixel-format.ts";
import { resize } from "../image/resize.ts";
import { type ReferenceCase, type ReferenceValue, UnsupportedCaseError } from "./reference-case.ts";

/** `image` resized to `attributes.size` = [height, width] by `method` and `aspect`, not rounded. */
export function runResizeCase({ attributes, inputs }: ReferenceCase): Readonly<Record<string, ReferenceValue>> {
  const { image } = inputs;
  if (image?.kind !== "array" || !(image.data instanceof Uint8Array) || image.shape[2] !== 3) {
    throw new UnsupportedCaseError("The image is not [height, width, 3] bytes.");
  }
  const [height, width] = attributes.size as [number, number];
  const { method, aspect } = attributes;
  if (!isOneOf<Resampling>(method, resamplings) || !isOneOf<Aspect>(aspect, aspects)) {
    throw new UnsupportedCaseError(`Tamis does not resize by ${String(method)} and ${String(aspect)}.`);
  }
  const source = { width: image.shape[1]!, height: image.shape[0]!, channels: 3, data: image.data } as const;
  const data = resize(source, { width, height, resampling: method, aspect });
  return { image: { kind: "array", shape: [height, width, 3], data } };
}

function isOneOf<T extends string>(value: unknown, known: readonly T[]): value is T {
  return known.some((item) => item === value);
}
