/** How many of `images` each class has, in the order of `classNames`. */
export function classCountsOf(
  classNames: readonly string[],
  images: readonly { readonly className: string }[],
): number[] {
  const counts = new Map(classNames.map((name) => [name, 0]));
  for (const { className } of images) counts.set(className, (counts.get(className) ?? 0) + 1);
  return classNames.map((name) => counts.get(name) ?? 0);
}
