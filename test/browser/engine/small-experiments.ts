/** The presets, small enough to train in a test. */
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { withOverrides } from "../../../src/domain/experiment/overrides.ts";
import { baseline, residual } from "../../../src/domain/experiment/presets.ts";

/** The notebook's network and its training. */
export const smallBaseline: Experiment = withOverrides(baseline, { size: 16, epochs: 3, batchSize: 8 });

const blocks = residual.layers.filter((layer) => layer.type === "residual-block");

/** The residual recipe whole (crops, sampling, averages, early size, two views), on a network with one block. */
export const smallResidual: Experiment = withOverrides(
  { ...residual, layers: residual.layers.filter((layer) => !blocks.slice(1).includes(layer as never)) },
  { size: 28, epochs: 3, batchSize: 12, samplesPerEpoch: 48 },
);
