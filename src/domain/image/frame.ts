/** Which part of the source goes to which part of the target: the three ways to treat the aspect ratio, as Keras has them. */
import type { Aspect } from "./pixel-format.ts";

/** A rectangle in whole pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** Of the source; nothing else of it is looked at. */
  readonly source: Rectangle;
  /** Of the target; what lies outside is black. */
  readonly target: Rectangle;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * - `stretch`: everything to everything;
 * - `crop`: the largest central window of the target's aspect ratio (Keras' `crop_to_aspect_ratio`);
 * - `pad`: everything, to the largest central window of the source's aspect ratio (Keras' `pad_to_aspect_ratio`).
 */
export function frameOf(source: Size, target: Size, aspect: Aspect): Frame {
  const everything = { left: 0, top: 0, width: source.width, height: source.height };
  const filled = { left: 0, top: 0, width: target.width, height: target.height };
  if (aspect === "crop") return { source: cropWindow(source, target), target: filled };
  if (aspect === "pad") return { source: everything, target: padWindow(source, target) };
  return { source: everything, target: filled };
}

function cropWindow(source: Size, target: Size): Rectangle {
  const clamp = (value: number, most: number) => Math.max(1, Math.min(most, Math.trunc(value)));
  const height = clamp((source.width * target.height) / target.width, source.height);
  const width = clamp((source.height * target.width) / target.height, source.width);
  return {
    left: Math.trunc((source.width - width) / 2),
    top: Math.trunc((source.height - height) / 2),
    width,
    height,
  };
}

/**
 * Every step in float32, as TensorFlow's `resize_with_pad`: w / (w / 180) can come out just under 180, which leaves a column black, and other
 * widths would be hit in double precision.
 */
function padWindow(source: Size, target: Size): Rectangle {
  const f = Math.fround;
  const ratio = Math.max(f(source.width / target.width), f(source.height / target.height));
  const width = f(source.width / ratio);
  const height = f(source.height / ratio);
  return {
    left: Math.max(0, Math.floor(f(f(target.width - width) / 2))),
    top: Math.max(0, Math.floor(f(f(target.height - height) / 2))),
    // TensorFlow fails where an extreme shape leaves no pixel; one is kept here.
    width: Math.max(1, Math.min(target.width, Math.floor(width))),
    height: Math.max(1, Math.min(target.height, Math.floor(height))),
  };
}
