/** Comparing what was computed with what was expected; strict about everything but the last digits of numbers. */
import { type ExpectedOutput, type ReferenceValue, takeSlices, type Tolerance } from "./reference-case.ts";

export interface Comparison {
  readonly passed: boolean;
  /** Largest |actual − expected| of all numbers compared. */
  readonly largestError: number;
  /** Largest error as a share of what is tolerated for its number: passes up to 1; 0 where nothing differs. */
  readonly largestShare: number;
  /** The first difference, in English; `null` where it passed. */
  readonly problem: string | null;
}

/** Collects over all numbers of one comparison. */
interface Tally {
  readonly tolerance: Tolerance;
  largestError: number;
  largestShare: number;
  problem: string | null;
}

/** Compares every output by its name; one that is missing or too many does not pass. */
export function compareOutputs(
  actual: Readonly<Record<string, ReferenceValue>>,
  expected: Readonly<Record<string, ExpectedOutput>>,
): Comparison {
  let largestError = 0;
  let largestShare = 0;
  const problems: string[] = [];
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const want = expected[name];
    const got = actual[name];
    if (!want || !got) {
      problems.push(`${name}: ${want ? "was not computed" : "was not asked for"}`);
      continue;
    }
    const { value, tolerance, take } = want;
    const actualPart = take && got.kind === "array" ? takeSlices(got, take) : got;
    const comparison = compare(actualPart, value, tolerance);
    largestError = Math.max(largestError, comparison.largestError);
    largestShare = Math.max(largestShare, comparison.largestShare);
    if (comparison.problem) problems.push(`${name}: ${comparison.problem}`);
  }
  if (Object.keys(expected).length === 0) problems.push("the case expects nothing");
  return { passed: problems.length === 0, largestError, largestShare, problem: problems[0] ?? null };
}

export function compare(actual: ReferenceValue, expected: ReferenceValue, tolerance: Tolerance): Comparison {
  const tally: Tally = { tolerance, largestError: 0, largestShare: 0, problem: null };
  if (actual.kind === "array" && expected.kind === "array") {
    if (actual.shape.join() !== expected.shape.join()) {
      fault(tally, `shape [${actual.shape.join()}] instead of [${expected.shape.join()}]`);
    } else if (actual.data.length !== expected.data.length) {
      fault(tally, `${actual.data.length} numbers instead of ${expected.data.length}`);
    } else {
      for (let i = 0; i < expected.data.length; i++) {
        compareNumbers(actual.data[i]!, expected.data[i]!, () => `[${positionOf(i, expected.shape).join()}]`, tally);
      }
    }
  } else if (actual.kind === "json" && expected.kind === "json") {
    compareJson(actual.value, expected.value, "", tally);
  } else {
    fault(tally, `${actual.kind} instead of ${expected.kind}`);
  }
  const { largestError, largestShare, problem } = tally;
  return { passed: problem === null, largestError, largestShare, problem };
}

function compareJson(actual: unknown, expected: unknown, where: string, tally: Tally): void {
  if (typeof actual === "number" && typeof expected === "number") {
    compareNumbers(actual, expected, () => where, tally);
  } else if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) {
      fault(tally, `${where} has the length ${actual.length} instead of ${expected.length}`);
    }
    expected.forEach((item, i) => {
      if (i < actual.length) compareJson(actual[i], item, `${where}[${i}]`, tally);
    });
  } else if (isObject(actual) && isObject(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (!(key in actual) || !(key in expected)) {
        fault(tally, `${where}.${key} ${key in expected ? "is missing" : "was not expected"}`);
      } else {
        compareJson(actual[key], expected[key], `${where}.${key}`, tally);
      }
    }
  } else if (actual !== expected) {
    fault(tally, `${where} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}

function compareNumbers(actual: number, expected: number, where: () => string, tally: Tally): void {
  if (actual === expected) return;
  const error = Math.abs(actual - expected);
  const tolerated = tally.tolerance.absolute + tally.tolerance.relative * Math.abs(expected);
  // Written so that NaN fails.
  const isWithin = error <= tolerated;
  const share = tolerated > 0 && Number.isFinite(error) ? error / tolerated : Infinity;
  tally.largestError = Math.max(tally.largestError, Number.isFinite(error) ? error : Infinity);
  tally.largestShare = Math.max(tally.largestShare, share);
  if (!isWithin) fault(tally, `${where()} is ${actual} instead of ${expected}`);
}

function fault(tally: Tally, problem: string): void {
  tally.problem ??= problem.trim();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function positionOf(index: number, shape: readonly number[]): number[] {
  const position: number[] = [];
  let rest = index;
  for (const side of [...shape].reverse()) {
    position.unshift(rest % side);
    rest = Math.floor(rest / side);
  }
  return position;
}
