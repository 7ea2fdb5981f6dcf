/**
 * A network drawn in the style of LeCun's figure of LeNet (1998), as NN-SVG draws it: feature maps as stacked sheets, to scale, with their size
 * below; lines from the window that a layer looks at to the point that it makes of it; dense layers as bars.
 */
import type { Layer } from "../experiment/experiment.ts";
import type { FixedLayer, SummaryRow } from "../experiment/network-size.ts";
import type { Texts, Writer } from "../text/writer.ts";
import { tag, textTag } from "./svg.ts";

export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** What is drawn: maps, or a vector. */
interface Stage {
  readonly shape: readonly number[];
  readonly label: string;
  /** Of the window that the layer after this one looks through, in pixels of this stage; 0 where it looks at everything. */
  readonly window: number;
  /** What leads from this stage to the next, by name. */
  readonly arrow: string;
  readonly isBlock: boolean;
}

/** Side of the largest map, in units of the drawing. */
const largestSide = 150;
const smallestSide = 8;
/** Sheets of a stack are this far apart. */
const sheetOffset = 4;
const mostSheets = 14;
const gap = 62;
const barWidth = 16;
const top = 46;
const fills = ["#dbe9ec", "#c3dbe0", "#a9ccd4"] as const;
const ink = "#1c1b19";
const softInk = "#57534b";
const accent = "#0f5c70";

/** @param inputSize side of the picture that the network sees */
export function drawNetwork(rows: readonly SummaryRow[], inputSize: number, writer: Writer): Drawing {
  const stages = stagesOf(rows, inputSize, writer);
  const scale = largestSide / Math.max(...stages.map(({ shape }) => (shape.length === 3 ? shape[0]! : 1)));
  const pieces: string[] = [];
  let x = 10;
  let bottom = 0;
  let before: { readonly box: Box; readonly stage: Stage } | null = null;
  for (const [index, stage] of stages.entries()) {
    const box = boxOf(stage, scale, x);
    if (before) pieces.push(connection(before.box, before.stage, box, stage, scale));
    pieces.push(stage.shape.length === 3 ? stack(box, stage, index) : bar(box, stage));
    pieces.push(...labels(box, stage));
    bottom = Math.max(bottom, box.bottom);
    x = box.right + (stage.shape.length === 3 ? gap : gap + 10);
    before = { box, stage };
  }
  const [width, height] = [Math.ceil(x + 10), Math.ceil(bottom + 52)];
  const title = writer.say({ en: "Architecture of the network", fr: "Architecture du réseau" });
  const svg = tag(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": title,
      "font-family": "system-ui, sans-serif",
      "font-size": 11,
    },
    pieces.join(""),
  );
  return { svg, width, height };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Side of a sheet, or height of a bar. */
  readonly side: number;
  readonly sheets: number;
}

function boxOf({ shape }: Stage, scale: number, left: number): Box {
  if (shape.length === 3) {
    const side = Math.max(smallestSide, shape[0]! * scale);
    // One sheet stands for several maps where there are many, more of them for more maps.
    const sheets = Math.max(1, Math.min(mostSheets, Math.round(Math.sqrt(shape[2]!) * 1.6)));
    const spread = (sheets - 1) * sheetOffset;
    const y = top + largestSide / 2 - (side + spread) / 2;
    return { left, right: left + side + spread, top: y, bottom: y + side + spread, side, sheets };
  }
  // A vector's length goes with the logarithm: thousands of numbers and a single one stand side by side.
  const side = 14 + 30 * Math.log10(Math.max(1, shape[0]!));
  const y = top + largestSide / 2 - side / 2;
  return { left, right: left + barWidth, top: y, bottom: y + side, side, sheets: 1 };
}

function stack({ left, top: y, side, sheets }: Box, { isBlock }: Stage, index: number): string {
  const drawn: string[] = [];
  for (let sheet = 0; sheet < sheets; sheet++) {
    const offset = sheet * sheetOffset;
    drawn.push(
      tag("rect", {
        x: left + offset,
        y: y + offset,
        width: side,
        height: side,
        fill: fills[(sheet + index) % 2]!,
        stroke: isBlock ? accent : ink,
        "stroke-width": isBlock ? 1 : 0.6,
      }),
    );
  }
  return drawn.join("");
}

function bar({ left, top: y, side }: Box, { shape }: Stage): string {
  const frame = tag("rect", {
    x: left,
    y,
    width: barWidth,
    height: side,
    fill: fills[2],
    stroke: ink,
    "stroke-width": 0.6,
  });
  const cells = Math.min(shape[0]!, Math.floor(side / 7));
  const lines = Array.from({ length: Math.max(0, cells - 1) }, (_, index) => {
    const at = y + (side * (index + 1)) / cells;
    return tag("line", { x1: left, y1: at, x2: left + barWidth, y2: at, stroke: ink, "stroke-width": 0.3 });
  });
  return frame + lines.join("");
}

/** From the window on the front sheet to a point of the next stage; from everything to a bar. */
function connection(from: Box, stage: Stage, to: Box, next: Stage, scale: number): string {
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    tag("line", { x1, y1, x2, y2, stroke: softInk, "stroke-width": 0.6 });
  if (stage.shape.length !== 3 || next.shape.length !== 3 || stage.window === 0) {
    return line(from.right, from.top, to.left, to.top) + line(from.right, from.bottom, to.left, to.bottom);
  }
  const offset = (from.sheets - 1) * sheetOffset;
  const size = Math.min(from.side, Math.max(4, stage.window * scale));
  const x = from.left + offset + from.side * 0.62;
  const y = from.top + offset + from.side * 0.3;
  const window = tag("rect", { x, y, width: size, height: size, fill: "none", stroke: accent, "stroke-width": 1 });
  const target = { x: to.left + to.side * 0.4, y: to.top + to.side * 0.45 };
  return window + line(x + size, y, target.x, target.y) + line(x + size, y + size, target.x, target.y);
}

function labels(box: Box, { shape, label, arrow }: Stage): string[] {
  const middle = (box.left + box.right) / 2;
  const size = shape.length === 3 ? `${shape[2]}@${shape[0]}×${shape[1]}` : String(shape[0]);
  const centred = { "text-anchor": "middle" } as const;
  const below = [
    textTag(middle, box.bottom + 16, size, { ...centred, fill: ink, "font-weight": 600 }),
    ...(label === "" ? [] : [textTag(middle, box.bottom + 30, label, { ...centred, fill: softInk })]),
  ];
  const words = arrow.split("\n");
  const right = box.right + gap / 2;
  // Names of neighbours stand on two levels, where they cannot meet.
  return [
    ...below,
    ...words.map((word, line) => textTag(right, 12 + 12 * line, word, { ...centred, fill: accent, "font-size": 10 })),
  ];
}

const words = {
  input: { en: "input", fr: "entrée" },
  global: { en: "global\naverage", fr: "moyenne\nglobale" },
  flatten: { en: "flatten", fr: "mise à plat" },
  dense: { en: "dense", fr: "dense" },
  output: { en: "output", fr: "sortie" },
  block: { en: "residual", fr: "résiduel" },
  dictionaries: { en: "dictionaries", fr: "dictionnaires" },
} as const satisfies Record<string, Texts>;

/** Only what changes the shape is a stage; rescaling, normalisation, activation and dropout belong to the layer before them. */
function stagesOf(rows: readonly SummaryRow[], inputSize: number, writer: Writer): Stage[] {
  const stages: Stage[] = [
    {
      shape: [inputSize, inputSize, 3],
      label: writer.say(words.input),
      window: 0,
      arrow: "",
      isBlock: false,
    },
  ];
  for (const { layer, outputShape } of rows) {
    const step = layer === null ? { window: 0, name: writer.say(words.output) } : stepOf(layer, writer);
    if (!step) continue;
    const previous = stages.at(-1)!;
    stages[stages.length - 1] = { ...previous, window: step.window, arrow: step.name };
    const isBlock = layer?.type === "residual-block";
    stages.push({ shape: outputShape, label: "", window: 0, arrow: "", isBlock });
  }
  return stages;
}

/** In pixels of the picture. */
function widestPatch({ dictionaries }: FixedLayer): number {
  return Math.max(0, ...dictionaries.map((it) => (it.type === "patches" ? it.patchSize * it.pooling : it.pooling)));
}

function stepOf(layer: Layer | FixedLayer, writer: Writer): { readonly window: number; readonly name: string } | null {
  switch (layer.type) {
    case "conv2d": {
      const stride = layer.strides > 1 ? ` /${layer.strides}` : "";
      return { window: layer.kernelSize, name: `conv\n${layer.kernelSize}×${layer.kernelSize}${stride}` };
    }
    case "fixed-features":
      return { window: widestPatch(layer), name: writer.say(words.dictionaries) };
    case "depthwise-conv2d":
      return { window: layer.kernelSize, name: `depthwise\n${layer.kernelSize}×${layer.kernelSize}` };
    case "max-pooling":
      return { window: layer.poolSize, name: `max-pool\n${layer.poolSize}×${layer.poolSize}` };
    case "average-pooling":
      return { window: layer.poolSize, name: `avg-pool\n${layer.poolSize}×${layer.poolSize}` };
    case "global-average-pooling":
      return { window: 0, name: writer.say(words.global) };
    case "flatten":
      return { window: 0, name: writer.say(words.flatten) };
    case "dense":
      return { window: 0, name: writer.say(words.dense) };
    case "residual-block":
      return {
        window: 3,
        name: `${writer.say(words.block)}\n3×3, 3×3${layer.strides > 1 ? ` /${layer.strides}` : ""}`,
      };
    case "rescaling":
    case "batch-normalization":
    case "activation":
    case "dropout":
      return null;
  }
}
