/**
 * The kernels that tfjs' WASM backend lacks or does slowly. They work in the backend's own memory, so they own no static data and no
 * stack there: everything they need comes in by pointer. Each job takes (arguments, thread, threads) and does that thread's part;
 * a sequence of jobs is the caller's business (workers/engine/backends/wasm).
 */
export { pack, multiplyTall, multiplyFlat, productScratch, flatRows } from "./products";
export { convolve, filterGradient } from "./convolution";
export { adam, sumParts } from "./elementwise";
export { maxPoolGradient, averagePoolGradient, depthwiseFilterGradient, depthwiseInputGradient } from "./windows";
