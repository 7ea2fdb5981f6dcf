/** Moving floats, and dividing work. */

/** Copies floats; short runs are common, so no call to memory.copy. */
@inline
export function copyFloats(to: usize, from: usize, count: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), v128.load(from + (<usize>i << 2)));
  }
  for (; i < count; i++) f32.store(to + (<usize>i << 2), f32.load(from + (<usize>i << 2)));
}

@inline
export function zeroFloats(to: usize, count: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const zero = f32x4.splat(0);
    for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), zero);
  }
  for (; i < count; i++) f32.store(to + (<usize>i << 2), 0);
}

/** Where part p of `parts` of `count` things begins, in whole steps. */
@inline
export function share(count: i32, step: i32, part: i32, parts: i32): i32 {
  const steps = (count + step - 1) / step;
  return min(<i32>((<i64>steps * part) / parts) * step, count);
}
