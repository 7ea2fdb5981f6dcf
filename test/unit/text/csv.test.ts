import { expect } from "chai";
import fc from "fast-check";
import { type CsvField, toCsv } from "../../../src/domain/text/csv.ts";

/** RFC 4180, read strictly. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < csv.length) {
    const [match, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(csv.slice(at)) ?? [];
    if (match === undefined) throw new Error(`No CSV at ${at}`);
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    at += match.length;
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe("CSV", () => {
  it("quotes where it must", () => {
    expect(toCsv([["a", 'say "no"', "x,y", "two\nlines", 0.5, true, null]])).to.equal(
      'a,"say ""no""","x,y","two\nlines",0.5,true,\r\n',
    );
    expect(toCsv([])).to.equal("");
  });

  it("takes the edge off formulas, not off numbers", () => {
    expect(toCsv([["=1+1", "@x", "-1", "+1", "\tx", -1, "a=b"]])).to.equal("'=1+1,'@x,'-1,'+1,'\tx,-1,a=b\r\n");
    expect(toCsv([['=HYPERLINK("http://x","y")']])).to.equal('"\'=HYPERLINK(""http://x"",""y"")"\r\n');
  });

  it("can be read back", () => {
    const field = fc.oneof(
      fc.string().filter((text) => !/^[=+\-@\t\r]/.test(text)),
      fc.constantFrom('"', ",", "a\r\n", "é", "😀"),
      fc.integer(),
      fc.constant(null),
    );
    const rows = fc.array(fc.array(field as fc.Arbitrary<CsvField>, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, (written) => {
        expect(parse(toCsv(written))).to.deep.equal(written.map((row) => row.map((value) => String(value ?? ""))));
      }),
    );
  });
});
