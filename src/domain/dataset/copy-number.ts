/** Paths of files that came later to where another one was: both are kept, the later one under a number. */

/** @param copy from 2 */
export function withCopyNumber(path: string, copy: number): string {
  return path.replace(/(\.[^./]*)?$/, ` (${copy})$1`);
}

export function withoutCopyNumber(path: string): string {
  return path.replace(/ \(\d+\)(?=\.[^./]*$|$)/, "");
}
