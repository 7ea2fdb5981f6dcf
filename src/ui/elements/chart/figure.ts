/** Charts of an evaluation, drawn with Observable Plot. */
import * as Plot from "@observablehq/plot";
import { formatShare } from "../../text/format.ts";

interface Point {
  readonly x: number;
  readonly y: number;
  /** What a pointer on it is told; empty: the coordinates. */
  readonly title?: string;
}

/** Shares on both axes. */
export interface Chart {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Largest of the axes; 1 where not given. */
  readonly xEnd?: number;
  readonly yEnd?: number;
  readonly line: readonly Point[];
  /** A step from point to point, as a precision-recall curve has it. */
  readonly steps?: boolean;
  /** Draws the points of the line too. */
  readonly dots?: boolean;
  /** From corner to corner, to compare with. */
  readonly diagonal?: boolean;
  /** Where the threshold, or what was chosen, is. */
  readonly mark?: Point | null;
}

/** Points that a line of this width cannot show apart are left out. */
const pointsShown = 400;

function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= pointsShown) return points;
  const stride = (points.length - 1) / (pointsShown - 1);
  return Array.from({ length: pointsShown }, (_, i) => points[Math.round(i * stride)]!);
}

/** @param width in CSS pixels */
export function drawChart(chart: Chart, width: number): Element {
  const { xLabel, yLabel, xEnd = 1, yEnd = 1, diagonal = false, steps = false, dots = false, mark = null } = chart;
  const points = thinned(chart.line);
  const titleOf = (point: Point): string =>
    point.title ?? `${xLabel}\u2002${formatShare(point.x, 1)}\n${yLabel}\u2002${formatShare(point.y, 1)}`;
  const digits = (end: number): number => (end < 0.1 ? 1 : 0);
  const color = "var(--series-training)";
  const plot = Plot.plot({
    width,
    height: Math.round(Math.min(300, Math.max(210, width * 0.72))),
    marginLeft: 52,
    marginBottom: 38,
    marginTop: 22,
    marginRight: 16,
    x: {
      domain: [0, xEnd],
      label: xLabel,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: 5,
      tickFormat: (value: number) => formatShare(value, digits(xEnd)),
    },
    y: {
      domain: [0, yEnd],
      label: yLabel,
      labelArrow: "none",
      grid: true,
      ticks: 5,
      tickFormat: (value: number) => formatShare(value, digits(yEnd)),
    },
    marks: [
      ...(diagonal
        ? [
            Plot.line(
              [
                [0, 0],
                [1, 1],
              ],
              { stroke: "currentColor", strokeOpacity: 0.45, strokeDasharray: "3 4" },
            ),
          ]
        : []),
      Plot.line(points, { x: "x", y: "y", stroke: color, strokeWidth: 2.25, curve: steps ? "step-after" : "linear" }),
      ...(dots ? [Plot.dot(points, { x: "x", y: "y", r: 3.5, fill: color })] : []),
      ...(mark
        ? [
            Plot.dot([mark], {
              x: "x",
              y: "y",
              r: 6,
              fill: "var(--surface)",
              stroke: "var(--series-validation)",
              strokeWidth: 2.5,
            }),
          ]
        : []),
      Plot.tip(
        mark ? [...points, mark] : points,
        Plot.pointer({ x: "x", y: "y", fill: "var(--surface-raised)", stroke: "var(--line-strong)", title: titleOf }),
      ),
    ],
  });
  // A <style> in the figure would break the Content-Security-Policy once it is on the page; figure-controller.ts has its rules.
  for (const style of plot.querySelectorAll("style")) style.remove();
  return plot;
}
