/**
 * The gradient of the notebook's first dense kernel is as large as the kernel, 253 MiB, and is read once, by Adam. Where the caller says so, such
 * gradients are not computed: they are remembered as the product that they are, and Adam computes them block by block as it goes.
 */
import {
  clone,
  dispose,
  engine,
  getBackend,
  keep,
  type Tensor,
  type Tensor2D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";

/** leftᵀ · right */
export interface DeferredProduct {
  readonly left: Tensor2D;
  readonly right: Tensor2D;
}

/** From this many weights on (16 MiB) a pass through memory is worth saving. */
const fewestWeights = 4 * 1024 * 1024;
/** A block of rows must fit into scratch. */
const mostColumns = 512;

/** What a backend says to whoever reads the stand-in of a deferred gradient. */
export const noTensor = "a deferred gradient is no tensor to compute with: give it to applyAdam";

/** Makes a tensor without memory, which throws `noTensor` where it is read. */
type MakePlace = (shape: number[]) => TensorInfo;

const places = new Map<string, MakePlace>();

/** To be called by a backend whose Adam computes deferred gradients, when it starts. */
export function registerDeferral(backendName: string, makePlace: MakePlace): void {
  places.set(backendName, makePlace);
}

const deferred = new Map<object, DeferredProduct>();
let isDeferring = false;

/**
 * Runs `compute`, in which gradients of large dense kernels are deferred. They can be given to applyAdam and disposed, nothing else; using one
 * as a tensor throws. What the last call deferred and nobody applied is forgotten.
 */
export function withDeferredGradients<T>(compute: () => T): T {
  for (const product of deferred.values()) dispose([product.left, product.right]);
  deferred.clear();
  isDeferring = true;
  try {
    return compute();
  } finally {
    isDeferring = false;
  }
}

/** A stand-in for leftᵀ · right, or undefined where the product is to be computed at once. */
export function deferProduct(left: Tensor2D, right: Tensor2D): Tensor2D | undefined {
  const makePlace = places.get(getBackend());
  const [rows, columns] = [left.shape[1], right.shape[1]];
  if (!isDeferring || makePlace === undefined) return undefined;
  if (rows * columns < fewestWeights || columns > mostColumns) return undefined;
  const place = makePlace([rows, columns]);
  deferred.set(place.dataId, { left: keep(clone(left)), right: keep(clone(right)) });
  return engine().makeTensorFromTensorInfo(place) as Tensor2D;
}

/** What a gradient stands for; the caller disposes both factors. Undefined for one that was computed. */
export function takeDeferred(gradient: Tensor): DeferredProduct | undefined {
  const product = deferred.get(gradient.dataId);
  deferred.delete(gradient.dataId);
  return product;
}
