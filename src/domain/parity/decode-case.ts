/** What an awkward file must become, in the words of the reference's `decode` group, and whether it did. */
import type { Comparison } from "./compare.ts";
import { UnsupportedCaseError } from "./reference-case.ts";

const expectations = ["picture", "picture-or-error", "damaged", "error", "refused"] as const;
type Expectation = (typeof expectations)[number];

/** Side of the small pictures that are compared, made by area averaging where they are smaller than the page. */
const decodeCaseSide = 32;

export interface DecodeCase {
  readonly name: string;
  readonly group: string;
  /** The file that is decoded, by its name. */
  readonly file: string;
  readonly expect: Expectation;
  /** `32 × 32 × 3` bytes a page; empty where no picture is expected. */
  readonly pages: readonly Uint8Array[];
  /** What pages are to be averaged to: 32, or a page's own length where it is shorter. */
  readonly averaged: { readonly width: number; readonly height: number };
  /** Mean of |actual − expected| that a page may have. */
  readonly meanAbsolute: number;
}

/** What the decoders answered, its pages as `averaged.width × averaged.height × 3` bytes. */
export type DecodeCaseAnswer =
  | { readonly ok: true; readonly pages: readonly Uint8Array[]; readonly damage: string | null }
  | { readonly ok: false; readonly reason: string; readonly detail: string };

/**
 * @param json of `case.json`
 * @param readFile reads a file named in it
 * @throws UnsupportedCaseError where it expects something that is not known here
 */
export function readDecodeCase(json: unknown, readFile: (path: string) => Uint8Array): DecodeCase {
  const { name, group, attributes, outputs, tolerance } = json as {
    readonly name: string;
    readonly group: string;
    readonly attributes: {
      readonly file: string;
      readonly expect: Expectation;
      readonly pages?: number;
      readonly sizes?: readonly (readonly [width: number, height: number])[];
    };
    readonly outputs: Readonly<Record<string, { readonly file: string }>>;
    readonly tolerance?: { readonly mean_absolute: number };
  };
  const { file, expect, pages = 0, sizes = [] } = attributes;
  if (!expectations.includes(expect)) throw new UnsupportedCaseError(`"${expect as string}" is not known.`);
  const pictures = Array.from({ length: pages }, (_, page) => {
    const output = outputs[`page${page}`];
    const bytes = output ? readFile(output.file) : null;
    if (bytes?.length !== decodeCaseSide ** 2 * 3) throw new UnsupportedCaseError(`Page ${page} is missing.`);
    return bytes;
  });
  const needsPictures = expect === "picture" || expect === "picture-or-error";
  if (needsPictures && (pictures.length === 0 || typeof tolerance?.mean_absolute !== "number"))
    throw new UnsupportedCaseError("The case expects a picture and has none, or no tolerance.");
  const [width = decodeCaseSide, height = decodeCaseSide] = sizes[0] ?? [];
  const averaged = { width: Math.min(decodeCaseSide, width), height: Math.min(decodeCaseSide, height) };
  return { name, group, file, expect, pages: pictures, averaged, meanAbsolute: tolerance?.mean_absolute ?? 0 };
}

/** Whether the answer is one that the case allows. */
export function compareDecoded(reference: DecodeCase, answer: DecodeCaseAnswer): Comparison {
  const { expect } = reference;
  const saysWhy = !answer.ok && answer.detail !== "";
  if (answer.ok && (expect === "picture" || (expect === "picture-or-error" && answer.damage === null)))
    return comparePages(reference, answer);
  const isAllowed =
    (expect === "picture-or-error" && (answer.ok || saysWhy)) ||
    (expect === "damaged" && (answer.ok ? answer.damage !== null : saysWhy)) ||
    (expect === "error" && saysWhy) ||
    (expect === "refused" && saysWhy && answer.reason === "too-large");
  return { passed: isAllowed, largestError: 0, largestShare: 0, problem: isAllowed ? null : describe(answer) };
}

function describe(answer: DecodeCaseAnswer): string {
  if (!answer.ok) return `${answer.reason}: ${answer.detail || "no reason is given"}`;
  return `${answer.pages.length} pages, ${answer.damage ?? "without a word of damage"}`;
}

function comparePages(
  { pages: expected, averaged, meanAbsolute }: DecodeCase,
  { pages, damage }: Extract<DecodeCaseAnswer, { ok: true }>,
): Comparison {
  const errors = expected.map((page, i) => meanError(page, enlarged(pages[i], averaged)));
  const largestError = Math.max(...errors);
  const worst = errors.indexOf(largestError);
  let problem = damage;
  if (largestError > meanAbsolute) problem = `page ${worst + 1} differs by ${largestError.toFixed(1)} on average`;
  if (pages.length !== expected.length) problem = `${pages.length} pages instead of ${expected.length}`;
  return { passed: problem === null, largestError, largestShare: largestError / meanAbsolute, problem };
}

function meanError(expected: Uint8Array, actual: Uint8Array | undefined): number {
  if (actual?.length !== expected.length) return 255;
  let sum = 0;
  for (let i = 0; i < expected.length; i++) sum += Math.abs(actual[i]! - expected[i]!);
  return sum / expected.length;
}

/** To 32 × 32 as the reference does it (Pillow's `BOX`): each pixel is the one under its centre. */
function enlarged(page: Uint8Array | undefined, { width, height }: DecodeCase["averaged"]): Uint8Array | undefined {
  if (page?.length !== width * height * 3) return undefined;
  const large = new Uint8Array(decodeCaseSide ** 2 * 3);
  for (let y = 0, out = 0; y < decodeCaseSide; y++) {
    const row = Math.floor(((y + 0.5) * height) / decodeCaseSide) * width;
    for (let x = 0; x < decodeCaseSide; x++, out += 3) {
      const at = (row + Math.floor(((x + 0.5) * width) / decodeCaseSide)) * 3;
      large.set(page.subarray(at, at + 3), out);
    }
  }
  return large;
}
