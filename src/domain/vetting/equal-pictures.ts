/** Images whose fingerprints are the same byte for byte: copies that were decoded to the same pixels. */

/** Grey values between the darkest and the lightest: a picture with less is an empty page, and says nothing. */
const leastContrast = 16;

/** @param greys of images; @returns groups of their indices, from two on; images of one group show the same */
export function equalPictures(greys: readonly Uint8Array[]): number[][] {
  const byHash = new Map<number, number[][]>();
  for (const [index, grey] of greys.entries()) {
    if (contrastOf(grey) < leastContrast) continue;
    const hash = hashOf(grey);
    const groups = byHash.get(hash) ?? [];
    byHash.set(hash, groups);
    const group = groups.find(([first]) => isEqual(greys[first!]!, grey));
    if (group) group.push(index);
    else groups.push([index]);
  }
  return [...byHash.values()].flat().filter((group) => group.length > 1);
}

function contrastOf(grey: Uint8Array): number {
  let least = 255;
  let most = 0;
  for (const value of grey) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return most - least;
}

/** FNV-1a (Fowler, Noll and Vo), 32 bits. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((value, i) => value === b[i]);
}
