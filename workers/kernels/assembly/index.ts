/**
 * The kernels that tfjs' WASM backend lacks or does slowly. They work in the backend's own memory, so they own no static data and no
 * stack there: everything they need comes in by pointer. Each job takes (arguments, part, parts, thread): it does that part of the
 * work, with the scratch of that thread. Parts of a job are independent, so threads take them in any order and the result is the
 * same; a sequence of jobs is the caller's business (workers/engine/backends/wasm).
 */
export * from "./scalar";
export { winogradConvolve, winogradFilters } from "./winograd";
export { winogradFilterGradient, winogradFilterGradientEnd } from "./winograd-gradient";
