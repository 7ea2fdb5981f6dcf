import { expect } from "chai";
import { fileKey } from "../../../src/domain/capture/capture.ts";
import { StableFiles } from "../../../src/domain/capture/stable-files.ts";

const seen = (path: string, byteLength: number, lastModified = 1) => ({ path, byteLength, lastModified });

describe("stable files", () => {
  it("tells a file once it has stopped growing, and once only", () => {
    const files = new StableFiles();
    expect(files.look([seen("a.jpg", 0)])).to.deep.equal([]);
    expect(files.look([seen("a.jpg", 10)])).to.deep.equal([]);
    expect(files.look([seen("a.jpg", 20)])).to.deep.equal([]);
    expect(files.look([seen("a.jpg", 20)])).to.deep.equal([seen("a.jpg", 20)]);
    expect(files.look([seen("a.jpg", 20)])).to.deep.equal([]);
  });

  it("tells a new version of a file", () => {
    const files = new StableFiles([fileKey("a.jpg", 20, 1)]);
    expect(files.look([seen("a.jpg", 20)])).to.deep.equal([]);
    expect(files.look([seen("a.jpg", 20)])).to.deep.equal([]);
    files.look([seen("a.jpg", 20, 2)]);
    expect(files.look([seen("a.jpg", 20, 2)])).to.deep.equal([seen("a.jpg", 20, 2)]);
  });

  it("never tells an empty file, nor what writers and systems leave", () => {
    const files = new StableFiles();
    const left = ["a.jpg", "b/.hidden", "c.tmp", "Thumbs.db", "d.part", "~lock.png"].map((path) =>
      seen(path, path === "a.jpg" ? 0 : 5),
    );
    files.look(left);
    expect(files.look(left)).to.deep.equal([]);
  });
});
