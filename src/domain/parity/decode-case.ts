/** What an awkward file must become, in the words of the reference's `decode` group, and whether it did. */
import type { Comparison } from "./compare.ts";
import { UnsupportedCaseError } from "./reference-case.ts";

const expectations = ["picture", "picture-or-error", "damaged", "error", "refused"] as const;
type Expectation = (typeof expectations)[number];

/** Side of the small pictures that are compared, made by area averaging. */
export const decodeCaseSide = 32;

export interface DecodeCase {
  readonly name: string;
  readonly group: string;
  /** The file that is decoded, by its name. */
  readonly file: string;
  readonly expect: Expectation;
  /** `32 × 32 × 3` bytes a page; empty where no picture is expected. */
  readonly pages: readonly Uint8Array[];
  /** Mean of |actual − expected| that a page may have. */
  readonly meanAbsolute: number;
}

/** What the decoders answered, its pages as `32 × 32 × 3` bytes. */
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
    readonly attributes: { readonly file: string; readonly expect: Expectation; readonly pages?: number };
    readonly outputs: Readonly<Record<string, { readonly file: string }>>;
    readonly tolerance?: { readonly mean_absolute: number };
  };
  const { file, expect, pages = 0 } = attributes;
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
  return { name, group, file, expect, pages: pictures, meanAbsolute: tolerance?.mean_absolute ?? 0 };
}

/** Whether the answer is one that the case allows. */
export function compareDecoded({ expect, pages, meanAbsolute }: DecodeCase, answer: DecodeCaseAnswer): Comparison {
  const saysWhy = !answer.ok && answer.detail !== "";
  if (answer.ok && (expect === "picture" || (expect === "picture-or-error" && answer.damage === null)))
    return comparePages(answer, pages, meanAbsolute);
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
  { pages, damage }: Extract<DecodeCaseAnswer, { ok: true }>,
  expected: readonly Uint8Array[],
  meanAbsolute: number,
): Comparison {
  const errors = expected.map((page, i) => meanError(page, pages[i]));
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
