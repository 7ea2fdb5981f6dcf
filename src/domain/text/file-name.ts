/** File names that every operating system takes. */

/** Well under the 255 bytes that file systems take, with room for an ending and a number. */
const mostCharacters = 80;

/** Names that Windows keeps for devices, with or without an ending. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The name without what Windows, macOS or Linux refuse (`/ \ : * ? " < > |`, control characters, leading dots, trailing dots and spaces), and not
 * too long.
 * @param otherwise taken where nothing is left
 */
export function safeFileName(name: string, otherwise: string): string {
  const plain = name
    .normalize("NFC")
    .replace(/[/\\:*?"<>|]+/g, "-")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "")
    .replace(/\s+/gu, " ");
  const cut = Array.from(plain).slice(0, mostCharacters).join("");
  const trimmed = cut.replace(/^[. ]+|[. ]+$/g, "");
  if (trimmed === "") return otherwise;
  return reserved.test(trimmed) ? `${trimmed}_`.replace(/^([^.]*)\.(.*)_$/, "$1_.$2") : trimmed;
}
