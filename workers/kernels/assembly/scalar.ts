/** Every kernel that works without vectors: all of them but Winograd's way. */
export { pack, multiplyAdam, multiplyTall, multiplyFlat, productScratch } from "./products";
export { convolve, filterGradient } from "./convolution";
export { adam, penaltySums, sumSlices } from "./elementwise";
export { maxPool, maxPoolGradient, averagePoolGradient, depthwiseFilterGradient, depthwiseInputGradient } from "./windows";
export { activationGradient, addClamped, columnSums, groupSums } from "./channels";
export { affine, columnSquares, normalizationGradient, normalizationSums } from "./normalization";
