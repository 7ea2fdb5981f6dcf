import { expect } from "chai";
import { compareOutputs } from "../../../src/domain/parity/compare.ts";
import {
  readReferenceCase,
  type ReferenceCase,
  UnsupportedCaseError,
} from "../../../src/domain/parity/reference-case.ts";
import { runReferenceCase } from "../../../src/domain/parity/run-case.ts";

const folder = "../../fixtures/reference";
/** The pure groups; `npm run parity` computes those that need tensors. */
const cases = import.meta.glob<unknown>("../../fixtures/reference/{augment,metrics,resize,split}/*/case.json", {
  import: "default",
  eager: true,
});
const files = import.meta.glob<string>("../../fixtures/reference/*/*/*.bin", {
  query: "?url",
  import: "default",
  eager: true,
});

async function read(path: string): Promise<ReferenceCase> {
  const base = path.slice(0, path.lastIndexOf("/"));
  return readReferenceCase(cases[path], async (file) => {
    const response = await fetch(files[`${base}/${file}`]!);
    return response.arrayBuffer();
  });
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

describe("reference cases", () => {
  it("are there", () => expect(Object.keys(cases)).to.have.length.above(10));

  for (const path of Object.keys(cases)) {
    it(`pass: ${path.slice(folder.length + 1, -"/case.json".length)}`, async () => {
      const reference = await read(path);
      const { passed, problem } = compareOutputs(runReferenceCase(reference), reference.outputs);
      expect(problem).to.equal(null);
      expect(passed).to.equal(true);
    });
  }

  it("fail where the picture is another one", async () => {
    const reference = await read(`${folder}/resize/area-mixed/case.json`);
    const attributes = { ...reference.attributes, method: "bilinear" };
    const { passed, largestShare } = compareOutputs(runReferenceCase({ ...reference, attributes }), reference.outputs);
    expect(passed).to.equal(false);
    expect(largestShare).to.be.above(100);
  });

  it("fail where the seed is another one", async () => {
    const reference = await read(`${folder}/split/n100-seed42-0.29/case.json`);
    const attributes = { ...reference.attributes, seed: 43 };
    expect(compareOutputs(runReferenceCase({ ...reference, attributes }), reference.outputs).passed).to.equal(false);
  });

  it("compare only the slices that were stored", async () => {
    const take = { axis: 1, indices: [0, 2], full_shape: [2, 3] };
    const json = {
      name: "x",
      group: "train",
      attributes: {},
      inputs: {},
      outputs: { y: { file: "y.bin", dtype: "float32", shape: [2, 2], take } },
      tolerance: { absolute: 0, relative: 0 },
    };
    const file = () => Promise.resolve(Float32Array.of(1, 3, 4, 6).buffer);
    const { outputs } = await readReferenceCase(json, file);
    const whole = (...numbers: number[]) => ({
      y: { kind: "array", shape: [2, 3], data: Float32Array.from(numbers) } as const,
    });
    expect(compareOutputs(whole(1, 9, 3, 4, 9, 6), outputs).passed).to.equal(true);
    expect(compareOutputs(whole(1, 9, 3, 4, 9, 7), outputs).passed).to.equal(false);
    const y = { kind: "array", shape: [2, 2], data: Float32Array.of(1, 3, 4, 6) } as const;
    expect(() => compareOutputs({ y }, outputs)).to.throw(RangeError, "shape");
  });

  it("are an error in an unknown group, kind, method or form", async () => {
    const reference = await read(`${folder}/resize/area-1x7/case.json`);
    const withAttributes = (changed: object) => ({ ...reference, attributes: { ...reference.attributes, ...changed } });
    expect(() => runReferenceCase({ ...reference, group: "ops" })).to.throw(UnsupportedCaseError, '"ops"');
    expect(() => runReferenceCase(withAttributes({ kind: "toString" }))).to.throw(UnsupportedCaseError);
    expect(() => runReferenceCase(withAttributes({ method: "lanczos" }))).to.throw(UnsupportedCaseError, "lanczos");
    const json = {
      name: "x",
      group: "resize",
      attributes: {},
      inputs: {},
      outputs: { y: { file: "y.bin", dtype: "float32", shape: [1], packing: {} } },
      tolerance: { absolute: 1, relative: 0 },
    };
    const empty = () => Promise.resolve(new ArrayBuffer(4));
    expect(await rejection(readReferenceCase(json, empty))).to.be.instanceOf(UnsupportedCaseError);
    const taken = { ...json, outputs: { y: { ...json.outputs.y, packing: undefined } } };
    expect(await rejection(readReferenceCase(taken, empty))).to.be.instanceOf(UnsupportedCaseError);
    const bfloat = { ...json, outputs: { y: { file: "y.bin", dtype: "bfloat16", shape: [2] } } };
    expect(await rejection(readReferenceCase(bfloat, empty))).to.be.instanceOf(UnsupportedCaseError);
    const short = { ...json, outputs: { y: { file: "y.bin", dtype: "float32", shape: [2] } } };
    expect(await rejection(readReferenceCase(short, empty))).to.be.instanceOf(Error);
  });
});
