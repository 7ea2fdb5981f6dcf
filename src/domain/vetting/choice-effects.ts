/** What people's choices make of the classes. */
import type { VettedImage } from "./choices.ts";

export interface ClassEffect {
  readonly className: string;
  /** Images that lie in the class's folders. */
  readonly found: number;
  /** Of images that would be trained as this class, those that are left out. */
  readonly leftOut: number;
  readonly movedIn: number;
  readonly movedOut: number;
  /** `found − movedOut + movedIn − leftOut`: images that take part. */
  readonly trained: number;
}

/** One for each class, in the order of `classNames`. */
export function choiceEffects(classNames: readonly string[], images: readonly VettedImage[]): ClassEffect[] {
  const effects = new Map(
    classNames.map((className) => [className, { found: 0, leftOut: 0, movedIn: 0, movedOut: 0, trained: 0 }]),
  );
  for (const { image, folderClass, choice } of images) {
    const from = effects.get(folderClass);
    const to = effects.get(image.className);
    if (!from || !to) continue;
    from.found += 1;
    if (from !== to) {
      from.movedOut += 1;
      to.movedIn += 1;
    }
    if (choice?.verdict === "left-out") to.leftOut += 1;
    else to.trained += 1;
  }
  return [...effects].map(([className, effect]) => ({ className, ...effect }));
}
