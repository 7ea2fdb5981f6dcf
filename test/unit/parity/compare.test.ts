import { expect } from "chai";
import { compare, compareOutputs } from "../../../src/domain/parity/compare.ts";
import type { ReferenceValue } from "../../../src/domain/parity/reference-case.ts";

const json = (value: unknown): ReferenceValue => ({ kind: "json", value });
const array = (shape: number[], ...numbers: number[]): ReferenceValue => ({
  kind: "array",
  shape,
  data: Float64Array.from(numbers),
});
const exact = { absolute: 0, relative: 0 };
const loose = { absolute: 0.5, relative: 0.1 };

describe("comparison with a reference", () => {
  it("passes what lies within the tolerance, and says how far off it is", () => {
    const comparison = compare(array([2], 10, 101), array([2], 10, 100), loose);
    expect(comparison).to.deep.equal({ passed: true, largestError: 1, largestShare: 1 / 10.5, problem: null });
    expect(compare(json([1, [null, "a", true]]), json([1, [null, "a", true]]), exact).passed).to.equal(true);
  });

  const different: readonly (readonly [string, ReferenceValue, ReferenceValue])[] = [
    ["a number out of tolerance", array([1], 12), array([1], 10)],
    ["not a number", array([1], Number.NaN), array([1], 10)],
    ["infinity", json(Infinity), json(10)],
    ["another shape", array([2, 1], 1, 2), array([1, 2], 1, 2)],
    ["fewer numbers", array([2], 1), array([2], 1, 2)],
    ["a shorter list", json([1]), json([1, 2])],
    ["a longer list", json([1, 2, 3]), json([1, 2])],
    ["a string that differs", json("a"), json("b")],
    ["a string for a number", json("1"), json(1)],
    ["null for a number", json(null), json(0)],
    ["a number for null", json(0), json(null)],
    ["a missing field", json({}), json({ a: 1 })],
    ["a field too many", json({ a: 1 }), json({})],
    ["a list for an array", json([1]), array([1], 1)],
    ["a boolean that differs", json(true), json(false)],
    ["true for 1", json(true), json(1)],
  ];
  for (const [what, actual, expected] of different) {
    it(`does not pass ${what}`, () => {
      const { passed, problem } = compare(actual, expected, loose);
      expect(passed).to.equal(false);
      expect(problem).to.be.a("string").and.not.equal("");
    });
  }

  it("does not pass an output that is missing, or too many, or a case that expects nothing", () => {
    const expected = { a: { value: json(1), tolerance: exact, take: null } };
    expect(compareOutputs({ a: json(1) }, expected).passed).to.equal(true);
    expect(compareOutputs({}, expected).passed).to.equal(false);
    expect(compareOutputs({ a: json(1), b: json(1) }, expected).passed).to.equal(false);
    expect(compareOutputs({}, {}).passed).to.equal(false);
  });

  it("takes each output's own tolerance", () => {
    const value = json(1);
    expect(compareOutputs({ a: json(1.4) }, { a: { value, tolerance: loose, take: null } }).passed).to.equal(true);
    expect(compareOutputs({ a: json(1.4) }, { a: { value, tolerance: exact, take: null } }).passed).to.equal(false);
  });
});
