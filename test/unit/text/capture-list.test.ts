import { expect } from "chai";
import type { Capture } from "../../../src/domain/capture/capture.ts";
import { capturesToCsv, capturesToJson } from "../../../src/domain/text/capture-list.ts";

const captures: Pick<Capture, "file" | "page" | "probability" | "verdict" | "decision" | "error">[] = [
  { file: "été/a, b.jpg", page: 0, probability: 0.875, verdict: "photo", decision: null, error: null },
  {
    file: "scan.tiff",
    page: 1,
    probability: 0,
    verdict: "not-photo",
    decision: { verdict: "photo", decidedAt: 1 },
    error: null,
  },
  {
    file: "broken.png",
    page: 0,
    probability: null,
    verdict: null,
    decision: null,
    error: { reason: "damaged", detail: "The file is cut off." },
  },
  {
    file: "empty.png",
    page: 0,
    probability: null,
    verdict: null,
    decision: null,
    error: { reason: "empty", detail: "" },
  },
];

describe("the list of captures", () => {
  it("as CSV", () => {
    expect(capturesToCsv(captures).split("\r\n")).to.deep.equal([
      "file,page,probability,verdict,error,decision",
      '"été/a, b.jpg",0,0.875,photo,,',
      "scan.tiff,1,0,not-photo,,photo",
      "broken.png,0,,,damaged: The file is cut off.,",
      "empty.png,0,,,empty,",
      "",
    ]);
  });

  it("as JSON", () => {
    expect(JSON.parse(capturesToJson(captures))).to.deep.equal([
      { file: "été/a, b.jpg", page: 0, probability: 0.875, verdict: "photo" },
      { file: "scan.tiff", page: 1, probability: 0, verdict: "not-photo", decision: "photo" },
      { file: "broken.png", page: 0, probability: null, verdict: null, error: "damaged: The file is cut off." },
      { file: "empty.png", page: 0, probability: null, verdict: null, error: "empty" },
    ]);
  });
});
