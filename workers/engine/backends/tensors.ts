/** tfjs as the engine uses it: the core with every gradient and chained operation, and no backend. */
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";

import { registerKerasGradients } from "./gradients.ts";
import { registerFusedGradients } from "./layer-kernels.ts";

registerKerasGradients();
registerFusedGradients();

export * from "@tensorflow/tfjs-core";
