/** A map as a picture: perceptually even colours, so that as large a step looks as large everywhere. */
import type { HeatMap } from "../../../domain/explanation/heat-map.ts";
import { evidenceAt, type EvidenceSide, mostEvidence } from "../../../domain/explanation/place.ts";

/** Viridis at even steps (S. van der Walt and N. Smith, 2015; public domain): even in lightness, and told apart by the colour-blind. */
const stops = [
  [68, 1, 84],
  [71, 45, 123],
  [59, 82, 139],
  [44, 114, 142],
  [33, 145, 140],
  [40, 174, 128],
  [94, 201, 98],
  [173, 220, 48],
  [253, 231, 37],
] as const;

/** Where the network does not look. */
const unseen = [128, 128, 128] as const;

/** Longer side of the drawing in pixels; the screen scales the rest. */
const drawnSide = 512;

/** @param share from 0 to 1 */
export function colourAt(share: number): readonly [number, number, number] {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[index]!, stops[index + 1]!];
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * (place - index));
  return [mix(0), mix(1), mix(2)];
}

/** The same colours for a legend, as a CSS gradient from left to right. */
export const legendGradient = `linear-gradient(to right, ${stops.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;

/** Draws what speaks for a side: 0 in the darkest colour, the most of either side in the brightest, in the picture's proportions. */
export function drawHeatMap(canvas: HTMLCanvasElement, map: HeatMap, side: EvidenceSide): void {
  const { columns, rows, values, aspect } = map;
  const most = mostEvidence(map, side).either;
  const pixels = new ImageData(columns, rows);
  for (const [i, value] of values.entries()) {
    const colour = Number.isNaN(value) ? unseen : colourAt(most === 0 ? 0 : evidenceAt(value, side) / most);
    pixels.data.set([...colour, 255], i * 4);
  }
  const small = document.createElement("canvas");
  small.width = columns;
  small.height = rows;
  small.getContext("2d")!.putImageData(pixels, 0, 0);
  canvas.width = Math.max(1, Math.round(drawnSide * Math.min(1, aspect)));
  canvas.height = Math.max(1, Math.round(drawnSide / Math.max(1, aspect)));
  const context = canvas.getContext("2d")!;
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}
