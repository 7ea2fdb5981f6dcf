/** Writing CSV (RFC 4180): comma, CRLF, quotes where they are needed, doubled inside. */

export type CsvField = string | number | boolean | null;

/**
 * One record a row, each ended by CRLF. `null` is an empty field.
 *
 * A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets an apostrophe before it, as OWASP
 * advises: file names come from strangers. JSON carries such a text unchanged, for programs that need it exactly.
 */
export function toCsv(rows: readonly (readonly CsvField[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}

function csvField(field: CsvField): string {
  if (field === null) return "";
  if (typeof field !== "string") return String(field);
  const text = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
