import {
  type Fill,
  flipTransform,
  rotationTransform,
  type Transform,
  transformPicture,
  zoomTransform,
} from "../augment/affine.ts";
import {
  type ReferenceArray,
  type ReferenceCase,
  type ReferenceValue,
  UnsupportedCaseError,
} from "./reference-case.ts";

type Outputs = Readonly<Record<string, ReferenceValue>>;

/** One of Keras' layers, with what it drew for each image. */
type Step =
  | { readonly kind: "flip"; readonly mode: string; readonly flipped: readonly boolean[] }
  | { readonly kind: "rotation"; readonly fill_mode: Fill; readonly angle_degrees: readonly number[] }
  | {
      readonly kind: "zoom";
      readonly fill_mode: Fill;
      readonly height_zoom: readonly number[];
      readonly width_zoom: readonly number[];
    };

function arrayOf({ inputs }: ReferenceCase, name: string): ReferenceArray {
  const value = inputs[name];
  if (value?.kind !== "array") throw new UnsupportedCaseError(`The input ${name} is missing.`);
  return value;
}

/** What one step does to one image. */
function transformOf(step: Step, image: number, width: number, height: number): { transform: Transform; fill: Fill } {
  switch (step.kind) {
    case "flip": {
      const { mode, flipped } = step;
      if (!["horizontal", "vertical", "horizontal_and_vertical"].includes(mode)) {
        throw new UnsupportedCaseError(`Tamis does not flip by ${mode}.`);
      }
      const is = (axis: string): boolean => mode.includes(axis) && flipped[image]!;
      return { transform: flipTransform(is("horizontal"), is("vertical"), width, height), fill: "nearest" };
    }
    case "rotation":
      return { transform: rotationTransform(step.angle_degrees[image]!, width, height), fill: fillOf(step) };
    case "zoom": {
      const transform = zoomTransform(step.height_zoom[image]!, step.width_zoom[image]!, width, height);
      return { transform, fill: fillOf(step) };
    }
    default:
      throw new UnsupportedCaseError(`Tamis has no augmentation ${JSON.stringify(step)}.`);
  }
}

function fillOf({ fill_mode: fill }: { readonly fill_mode: Fill }): Fill {
  if (fill === "nearest" || fill === "reflect" || fill === "constant") return fill;
  throw new UnsupportedCaseError(`Tamis does not fill by ${String(fill)}.`);
}

/** `image` [images, height, width, 3] through `attributes.steps`, one resampling each. */
export function runAugmentCase(reference: ReferenceCase): Outputs {
  const { shape, data } = arrayOf(reference, "image");
  const [images, height, width] = shape as [number, number, number, number];
  let pictures = Float32Array.from(data);
  for (const step of reference.attributes.steps as readonly Step[]) {
    const next = new Float32Array(pictures.length);
    for (let image = 0; image < images; image++) {
      const offset = image * height * width * 3;
      const { transform, fill } = transformOf(step, image, width, height);
      transformPicture(pictures, offset, next, offset, width, height, transform, fill);
    }
    pictures = next;
  }
  return { image: { kind: "array", shape, data: pictures } };
}

/** The `transforms` of each drawn angle or zoom. */
export function runMatrixCase(reference: ReferenceCase): Outputs {
  const { kind, width, height } = reference.attributes as { kind: string; width: number; height: number };
  const rows: Transform[] = [];
  if (kind === "matrix-rotation") {
    for (const angle of arrayOf(reference, "angle_degrees").data) rows.push(rotationTransform(angle, width, height));
  } else {
    const widths = arrayOf(reference, "width_zoom").data;
    for (const [i, zoom] of arrayOf(reference, "height_zoom").data.entries()) {
      rows.push(zoomTransform(zoom, widths[i]!, width, height));
    }
  }
  const data = Float32Array.from(rows.flatMap((row) => [...row, 0, 0]));
  return { transforms: { kind: "array", shape: [rows.length, 8], data } };
}
