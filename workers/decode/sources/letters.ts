/** Which letters of a drawing's text a font does not have: a drawing that lacks some of its words must not pass for whole. */
import { Bytes } from "../formats/bytes.ts";

/** Told at most, one after the other. */
const mostTold = 8;

/** Letters outside of the font, each once, in the order of the drawing. @param font TrueType */
export function lettersMissing(svg: Uint8Array, font: Uint8Array): readonly string[] {
  const letters = new Set(textOf(new TextDecoder().decode(svg)));
  if (letters.size === 0) return [];
  const has = coverageOf(new Bytes(font));
  return [...letters].filter((letter) => !isUnseen(letter) && !has(letter.codePointAt(0)!));
}

export function describeMissing(letters: readonly string[]): string | null {
  if (letters.length === 0) return null;
  const more = letters.length > mostTold ? ", …" : "";
  return `Its text has letters that Tamis has no font for, which are not drawn: ${letters.slice(0, mostTold).join(", ")}${more}`;
}

/** White space, controls and marks that have no shape of their own. */
function isUnseen(letter: string): boolean {
  return /[\s\p{Cc}\p{Cf}]/u.test(letter);
}

/** What stands in text elements, tags left out and references resolved. */
function textOf(svg: string): string {
  const elements = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<((?:\w+:)?text)[\s>][\s\S]*?<\/\1\s*>/g) ?? [];
  return elements
    .map((element) =>
      element
        .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, "$1")
        .replace(/<[^>]*>/g, "")
        .replace(/&#(x[\da-f]+|\d+);/gi, (_, number: string) => fromReference(number))
        .replace(/&\w+;/g, ""),
    )
    .join("");
}

function fromReference(number: string): string {
  const code = /^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number(number);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

/** Whether a code point has a glyph, by the font's `cmap` table (OpenType 1.9, formats 4 and 12). */
function coverageOf(font: Bytes): (code: number) => boolean {
  const ranges: [first: number, last: number][] = [];
  const tables = font.u16(4);
  for (let i = 0; i < tables; i++) {
    if (!font.startsWith("cmap", 12 + i * 16)) continue;
    const start = font.u32(12 + i * 16 + 8);
    const subtables = font.u16(start + 2);
    for (let k = 0; k < subtables; k++) readSubtable(font, start + font.u32(start + 4 + k * 8 + 4), ranges);
  }
  return (code) => ranges.some(([first, last]) => code >= first && code <= last);
}

function readSubtable(font: Bytes, at: number, into: [first: number, last: number][]): void {
  const format = font.u16(at);
  if (format === 4) {
    const segments = font.u16(at + 6) / 2;
    for (let i = 0; i < segments; i++) {
      const last = font.u16(at + 14 + i * 2);
      const first = font.u16(at + 16 + segments * 2 + i * 2);
      // The last segment is a mark of the end.
      if (first !== 0xffff) into.push([first, last]);
    }
  } else if (format === 12) {
    const groups = font.u32(at + 12);
    for (let i = 0; i < groups; i++) into.push([font.u32(at + 16 + i * 12), font.u32(at + 20 + i * 12)]);
  }
}
