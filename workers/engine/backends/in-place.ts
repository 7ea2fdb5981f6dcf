/** Which tensors change in the memory that they have, which tfjs knows nothing of: it takes a tensor's data id for its values. */
const changing = new WeakSet<object>();

/** To be called by whatever writes into a tensor's memory. */
export function noteChange(tensor: { readonly dataId: object }): void {
  changing.add(tensor.dataId);
}

/** Whether something that was prepared from this tensor's values may be out of date. */
export function changesInPlace(tensor: { readonly dataId: object }): boolean {
  return changing.has(tensor.dataId);
}
