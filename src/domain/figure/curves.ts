/** The notebook's pair of panels, accuracy and loss, for one run or several laid over each other, as an SVG that stands by itself. */
import type { EpochValues } from "../run/run.ts";
import type { Texts, Writer } from "../text/writer.ts";
import { tag, textTag } from "./svg.ts";

export interface CurveSeries {
  readonly name: string;
  readonly history: readonly EpochValues[];
}

/** Colours that people with any colour vision tell apart (Okabe and Ito, 2008), the light ones darkened for white paper. */
export const seriesColours = [
  "#0072b2",
  "#d55e00",
  "#007a5a",
  "#a34d7f",
  "#8a6d00",
  "#3a3a3a",
  "#2b8fc7",
  "#7a4b00",
] as const;

export function colourOf(index: number): string {
  return seriesColours[index % seriesColours.length]!;
}

const panel = { width: 420, height: 250, left: 46, right: 12, top: 26, bottom: 34 } as const;
const ink = "#1c1b19";
const softInk = "#57534b";
const gridInk = "#dedbd3";

const texts = {
  accuracy: { en: "Accuracy", fr: "Exactitude" },
  loss: { en: "Loss", fr: "Perte" },
  epoch: { en: "Epoch", fr: "Époque" },
  training: { en: "training", fr: "entraînement" },
  validation: { en: "validation", fr: "validation" },
} as const satisfies Record<string, Texts>;

interface Scale {
  readonly x: (epoch: number) => number;
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
  readonly epochs: number;
}

/** Training as a solid line, validation as a dashed one; each run has a colour. */
export function drawCurves(series: readonly CurveSeries[], writer: Writer): string {
  const width = 2 * panel.width;
  const legend = legendOf(series, writer, width);
  const body =
    drawPanel(series, "accuracy", 0, writer) +
    drawPanel(series, "loss", panel.width, writer) +
    tag("g", { transform: `translate(0 ${panel.height})` }, legend.content);
  const height = panel.height + legend.height;
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": `${writer.say(texts.accuracy)}, ${writer.say(texts.loss).toLowerCase()}`,
    "font-family": "system-ui, sans-serif",
    "font-size": 11,
  };
  return tag("svg", attributes, body);
}

function drawPanel(series: readonly CurveSeries[], kind: "accuracy" | "loss", offset: number, writer: Writer): string {
  const scale = scaleOf(series, kind);
  const write = (value: number) => (kind === "accuracy" ? writer.share(value, 0) : writer.number(value, 2));
  const grid = scale.ticks.map((value) => {
    const y = scale.y(value);
    const line = { x1: panel.left, y1: y, x2: panel.width - panel.right, y2: y, stroke: gridInk };
    return tag("line", line) + textTag(panel.left - 6, y + 4, write(value), { "text-anchor": "end", fill: softInk });
  });
  const step = Math.max(1, Math.ceil(scale.epochs / 10));
  const epochs = Array.from({ length: Math.floor((scale.epochs - 1) / step) + 1 }, (_, index) => 1 + index * step);
  const axis = epochs.map((epoch) =>
    textTag(scale.x(epoch), panel.height - panel.bottom + 15, String(epoch), {
      "text-anchor": "middle",
      fill: softInk,
    }),
  );
  const title = textTag(panel.left, 15, writer.say(texts[kind]), { fill: ink, "font-weight": 600 });
  const middle = (panel.left + panel.width - panel.right) / 2;
  const below = textTag(middle, panel.height - 4, writer.say(texts.epoch), { "text-anchor": "middle", fill: softInk });
  const lines = series.map(({ history }, index) => {
    const colour = colourOf(index);
    return (
      curve(history, ({ accuracy, loss }) => (kind === "accuracy" ? accuracy : loss), scale, colour, false) +
      curve(history, (v) => (kind === "accuracy" ? v.validationAccuracy : v.validationLoss), scale, colour, true)
    );
  });
  return tag("g", { transform: `translate(${offset} 0)` }, [...grid, ...axis, title, below, ...lines].join(""));
}

function curve(
  history: readonly EpochValues[],
  valueOf: (values: EpochValues) => number,
  { x, y }: Scale,
  colour: string,
  isDashed: boolean,
): string {
  const points = history.filter((values) => Number.isFinite(valueOf(values)));
  const path = points.map((values) => `${x(values.epoch).toFixed(1)},${y(valueOf(values)).toFixed(1)}`).join(" ");
  const dashes = isDashed ? { "stroke-dasharray": "5 3" } : {};
  const line = tag("polyline", { points: path, fill: "none", stroke: colour, "stroke-width": 1.8, ...dashes });
  const fill = isDashed ? "#ffffff" : colour;
  const dots = points.map((values) =>
    tag("circle", { cx: x(values.epoch), cy: y(valueOf(values)), r: 2, fill, stroke: colour }),
  );
  return line + (points.length <= 40 ? dots.join("") : "");
}

function scaleOf(series: readonly CurveSeries[], kind: "accuracy" | "loss"): Scale {
  const epochs = Math.max(2, ...series.flatMap(({ history }) => history.map(({ epoch }) => epoch)));
  const values = series
    .flatMap(({ history }) => history)
    .flatMap((v) => (kind === "accuracy" ? [v.accuracy, v.validationAccuracy] : [v.loss, v.validationLoss]))
    .filter(Number.isFinite);
  const low = kind === "accuracy" ? Math.max(0, Math.floor(Math.min(0.6, ...values) * 10 - 0.5) / 10) : 0;
  const high = kind === "accuracy" ? 1 : Math.max(0.1, ...values);
  const step = niceStep((high - low) / 5);
  const end = kind === "accuracy" ? 1 : Math.ceil(high / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round((end - low) / step) + 1 }, (_, index) => low + index * step);
  const inner = { width: panel.width - panel.left - panel.right, height: panel.height - panel.top - panel.bottom };
  return {
    x: (epoch) => panel.left + ((epoch - 1) / (epochs - 1)) * inner.width,
    y: (value) => panel.top + (1 - (value - low) / (end - low)) * inner.height,
    ticks: ticks.filter((value) => value <= end + 1e-9),
    epochs,
  };
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5].find((factor) => factor * power >= step - 1e-12) ?? 10);
}

function legendOf(series: readonly CurveSeries[], writer: Writer, width: number) {
  const kinds = [
    { text: writer.say(texts.training), colour: softInk, isDashed: false },
    { text: writer.say(texts.validation), colour: softInk, isDashed: true },
  ];
  const runs =
    series.length > 1
      ? series.map(({ name }, index) => ({ text: name, colour: colourOf(index), isDashed: false }))
      : [];
  let [x, y] = [panel.left, 16];
  const entries = [...kinds, ...runs].map(({ text, colour, isDashed }) => {
    const length = 38 + 6.2 * text.length;
    if (x + length > width - panel.right) [x, y] = [panel.left, y + 16];
    const dashes = isDashed ? { "stroke-dasharray": "5 3" } : {};
    const sample = tag("line", {
      x1: x,
      y1: y - 4,
      x2: x + 20,
      y2: y - 4,
      stroke: colour,
      "stroke-width": 2,
      ...dashes,
    });
    const entry = sample + textTag(x + 25, y, text, { fill: ink });
    x += length;
    return entry;
  });
  return { content: entries.join(""), height: y + 10 };
}
