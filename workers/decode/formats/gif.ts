/** GIF (89a): blocks up to the end of the first frame, the only one that is looked at. */
import type { Bytes } from "./bytes.ts";
import { cutOff, header, type Header } from "./header.ts";

const extension = 0x21;
const imageDescriptor = 0x2c;

/** Bytes of a colour table, from the packed field that announces it. */
function tableLength(packed: number): number {
  return packed & 0x80 ? 3 << ((packed & 7) + 1) : 0;
}

/** The declared size covers the first frame too, where it reaches beyond the screen: a decoder may allocate for it. */
export function readGif(bytes: Bytes): Header {
  let width = bytes.u16le(6);
  let height = bytes.u16le(8);
  let at = 13 + tableLength(bytes.u8(10));
  while (at < bytes.length) {
    const block = bytes.u8(at);
    if (block === extension) {
      at = endOfSubBlocks(bytes, at + 2);
    } else if (block === imageDescriptor) {
      width = Math.max(width, bytes.u16le(at + 1) + bytes.u16le(at + 5));
      height = Math.max(height, bytes.u16le(at + 3) + bytes.u16le(at + 7));
      const end = endOfSubBlocks(bytes, at + 11 + tableLength(bytes.u8(at + 9)));
      return header(width, height, end > bytes.length ? cutOff("within its first frame") : null);
    } else {
      break;
    }
  }
  return header(width, height, at > bytes.length ? cutOff("before its first frame") : "The file holds no frame.");
}

/** Where the sub-blocks that begin at `start` end; beyond the file's end where they are cut off. */
function endOfSubBlocks(bytes: Bytes, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const length = bytes.u8(at);
    at += 1 + length;
    if (length === 0) return at;
  }
  return bytes.length + 1;
}
