/** The notebook's pair of panels, drawn with Observable Plot. */
import * as Plot from "@observablehq/plot";
import type { EpochValues } from "../../../domain/run/run.ts";
import { formatFixed, formatNumber, formatShare } from "../../text/format.ts";

/** The words in a panel, in the interface's language. */
export interface PanelWords {
  readonly epoch: string;
  readonly training: string;
  readonly validation: string;
}

export interface Panel {
  readonly kind: "accuracy" | "loss";
  readonly history: readonly EpochValues[];
  /** Epochs that the axis is long enough for. */
  readonly epochs: number;
  /** In CSS pixels. */
  readonly width: number;
  readonly words: PanelWords;
}

interface Point {
  readonly epoch: number;
  readonly value: number;
  readonly series: string;
}

function pointsOf({ kind, history, words }: Panel): Point[] {
  return history.flatMap((values) => {
    const { epoch } = values;
    const training = kind === "loss" ? values.loss : values.accuracy;
    const validation = kind === "loss" ? values.validationLoss : values.validationAccuracy;
    return [
      { epoch, value: training, series: words.training },
      { epoch, value: validation, series: words.validation },
    ].filter((point) => Number.isFinite(point.value));
  });
}

/** One panel as SVG: training as a solid line, validation as a dashed one, the values of the nearest epoch beside the pointer. */
export function drawPanel(panel: Panel): Element {
  const { kind, words } = panel;
  const points = pointsOf(panel);
  const write = (value: number): string => (kind === "loss" ? formatFixed(value, 3) : formatShare(value, 1));
  const lastEpoch = Math.max(2, panel.epochs);
  const ticks = Math.min(lastEpoch - 1, Math.max(2, Math.floor(panel.width / 60)));
  const lines = [words.training, words.validation].map((series) => {
    const isValidation = series === words.validation;
    const color = isValidation ? "var(--series-validation)" : "var(--series-training)";
    const data = points.filter((point) => point.series === series);
    return [
      Plot.line(data, {
        x: "epoch",
        y: "value",
        stroke: color,
        strokeWidth: 2.25,
        ...(isValidation ? { strokeDasharray: "6 4" } : {}),
      }),
      Plot.dot(data, {
        x: "epoch",
        y: "value",
        r: 2.75,
        fill: isValidation ? "var(--surface)" : color,
        stroke: color,
        strokeWidth: 1.5,
      }),
    ];
  });
  const plot = Plot.plot({
    width: panel.width,
    height: Math.round(Math.min(300, Math.max(200, panel.width * 0.58))),
    marginLeft: 48,
    marginBottom: 36,
    marginTop: 12,
    x: {
      domain: [1, lastEpoch],
      label: words.epoch,
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
    marks: [
      Plot.ruleX(points, Plot.pointerX({ x: "epoch", stroke: "currentColor", strokeOpacity: 0.35 })),
      ...lines.flat(),
      Plot.tip(
        points,
        Plot.pointerX({
          x: "epoch",
          y: "value",
          fill: "var(--surface-raised)",
          stroke: "var(--line-strong)",
          title: (point: Point) =>
            [
              `${words.epoch} ${formatNumber(point.epoch)}`,
              ...points
                .filter((other) => other.epoch === point.epoch)
                .map((other) => `${other.series}\u2002${write(other.value)}`),
            ].join("\n"),
        }),
      ),
    ],
  });
  // A <style> in the figure would break the Content-Security-Policy once it is on the page; figure-controller.ts has its rules.
  for (const style of plot.querySelectorAll("style")) style.remove();
  return plot;
}

/** The lowest tenth that still shows every point, at most one half: differences near the top stay visible. */
function accuracyFloor(points: readonly Point[]): number {
  const lowest = Math.min(0.6, ...points.map((point) => point.value));
  return Math.max(0, Math.floor(lowest * 10 - 0.5) / 10);
}
