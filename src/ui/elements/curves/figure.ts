/** The notebook's pair of panels, drawn with Observable Plot. Loaded when the first curve is shown: the first screen needs no figure. */
import * as Plot from "@observablehq/plot";
import type { EpochValues } from "../../../domain/run/run.ts";
import { formatNumber, formatShare } from "../../text/format.ts";

/** A run's curves. */
export interface PanelSeries {
  readonly history: readonly EpochValues[];
  /** CSS colours of the solid line (training) and the dashed one (validation). */
  readonly training: string;
  readonly validation: string;
}

export interface Panel {
  readonly kind: "accuracy" | "loss";
  readonly series: readonly PanelSeries[];
  /** Epochs that the axis is long enough for. */
  readonly epochs: number;
  /** The epoch that is pointed at; null for none. */
  readonly epoch: number | null;
  /** In CSS pixels. */
  readonly width: number;
  /** What the horizontal axis is called. */
  readonly label: string;
}

interface Point {
  readonly epoch: number;
  readonly value: number;
}

const margins = { left: 48, right: 20, top: 12, bottom: 36 } as const;
/** Longer curves are lines alone: their points would run into each other. */
const mostDots = 60;

function lastEpochOf(epochs: number): number {
  return Math.max(2, epochs);
}

/** The epoch nearest to a place in a panel. @param x from the panel's left edge, in CSS pixels */
export function epochAt(x: number, { width, epochs }: Pick<Panel, "width" | "epochs">): number {
  const share = (x - margins.left) / (width - margins.left - margins.right);
  return Math.min(epochs, Math.max(1, Math.round(1 + share * (lastEpochOf(epochs) - 1))));
}

/** One panel as SVG: training as solid lines, validation as dashed ones, a rule at the epoch that is pointed at. */
export function drawPanel(panel: Panel): Element {
  const { kind, series, epoch, width, label } = panel;
  const lastEpoch = lastEpochOf(panel.epochs);
  const ticks = Math.min(lastEpoch - 1, Math.max(2, Math.floor(width / 60)));
  const curves = series.flatMap(({ history, training, validation }) => [
    { points: pointsOf(history, kind === "loss" ? "loss" : "accuracy"), colour: training, isDashed: false },
    {
      points: pointsOf(history, kind === "loss" ? "validationLoss" : "validationAccuracy"),
      colour: validation,
      isDashed: true,
    },
  ]);
  const points = curves.flatMap((curve) => curve.points);
  const marks = curves.flatMap(({ points: data, colour, isDashed }) => {
    const dots = data.length <= mostDots ? data : data.filter((point) => point.epoch === epoch);
    return [
      Plot.line(data, {
        x: "epoch",
        y: "value",
        stroke: colour,
        strokeWidth: series.length > 1 ? 1.75 : 2.25,
        ...(isDashed ? { strokeDasharray: "6 4" } : {}),
      }),
      Plot.dot(dots, {
        x: "epoch",
        y: "value",
        r: (point: Point) => (point.epoch === epoch ? 4.5 : series.length > 1 ? 2 : 2.75),
        fill: isDashed ? "var(--surface)" : colour,
        stroke: colour,
        strokeWidth: 1.5,
      }),
    ];
  });
  const plot = Plot.plot({
    width,
    height: Math.round(Math.min(300, Math.max(200, width * 0.58))),
    marginLeft: margins.left,
    marginRight: margins.right,
    marginBottom: margins.bottom,
    marginTop: margins.top,
    x: {
      domain: [1, lastEpoch],
      label,
      labelAnchor: "center",
      labelArrow: "none",
      ticks,
      tickFormat: (value: number) => (Number.isInteger(value) ? formatNumber(value) : ""),
    },
    y: {
      ...(kind === "accuracy" ? { domain: [accuracyFloor(points), 1] } : { zero: true, nice: true }),
      label: null,
      grid: true,
      ticks: 5,
      tickFormat: (value: number) => (kind === "loss" ? formatNumber(value, 2) : formatShare(value)),
    },
    r: { type: "identity" },
    marks: [
      ...(epoch === null ? [] : [Plot.ruleX([epoch], { stroke: "currentColor", strokeOpacity: 0.45 })]),
      ...marks,
    ],
  });
  // A <style> in the figure would break the Content-Security-Policy once it is on the page; curves.ts has its rules.
  for (const style of plot.querySelectorAll("style")) style.remove();
  return plot;
}

function pointsOf(
  history: readonly EpochValues[],
  value: "accuracy" | "loss" | "validationAccuracy" | "validationLoss",
): Point[] {
  return history
    .map((values) => ({ epoch: values.epoch, value: values[value] }))
    .filter((point) => Number.isFinite(point.value));
}

/** The lowest tenth that still shows every point, at most one half: differences near the top stay visible. */
function accuracyFloor(points: readonly Point[]): number {
  const lowest = Math.min(0.6, ...points.map((point) => point.value));
  return Math.max(0, Math.floor(lowest * 10 - 0.5) / 10);
}
