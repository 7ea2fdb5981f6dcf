/** EXIF (CIPA DC-008): whether a picture is to be shown as it is stored. */
import type { Bytes } from "./bytes.ts";

const orientationTag = 0x0112;
const upright = 1;
/** No orientation, in bytes of EXIF that say nothing. */
const unknown = 0;

/**
 * Whether the EXIF data that begin at `start` (with the TIFF header) may ask for the picture to be turned or mirrored: surely not where their first directory
 * says so or has no such entry, otherwise perhaps.
 */
export function mayBeTurned(bytes: Bytes, start: number): boolean {
  const isLittle = bytes.startsWith("II*\0", start);
  if (!isLittle && !bytes.startsWith("MM\0*", start)) return true;
  const u16 = (at: number): number => (isLittle ? bytes.u16le(at) : bytes.u16(at));
  const directory = start + (isLittle ? bytes.u32le(start + 4) : bytes.u32(start + 4));
  const entries = u16(directory);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > bytes.length) return true;
    const orientation = u16(at) === orientationTag ? u16(at + 8) : unknown;
    if (orientation !== unknown && orientation !== upright) return true;
  }
  return false;
}
