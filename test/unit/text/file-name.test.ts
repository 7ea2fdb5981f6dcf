import { expect } from "chai";
import fc from "fast-check";
import { safeFileName } from "../../../src/domain/text/file-name.ts";

describe("safe file names", () => {
  it("keeps what every system takes", () => {
    expect(safeFileName("Photos d'été 2024", "model")).to.equal("Photos d'été 2024");
    expect(safeFileName("e\u0301te\u0301", "model")).to.equal("été");
  });

  it("replaces what some refuse", () => {
    expect(safeFileName("a/b\\c:d*e?f", "model")).to.equal("a-b-c-d-e-f");
    expect(safeFileName("../../etc/passwd", "model")).to.equal("-..-etc-passwd");
    expect(safeFileName(" .hidden. ", "model")).to.equal("hidden");
    expect(safeFileName("a\u0000\u202eb\nc", "model")).to.equal("abc");
    expect(safeFileName("...", "model")).to.equal("model");
    expect(safeFileName("con", "model")).to.equal("con_");
    expect(safeFileName("AUX.zip", "model")).to.equal("AUX_.zip");
    expect(safeFileName("console", "model")).to.equal("console");
  });

  it("is never empty, long, or changed by a second pass", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
        const safe = safeFileName(name, "x");
        expect(safe).to.match(/^[^/\\:*?"<>|\p{Cc}]+$/u);
        expect(Array.from(safe).length).to.be.within(1, 81);
        expect(safeFileName(safe, "x")).to.equal(safe);
      }),
    );
  });
});
