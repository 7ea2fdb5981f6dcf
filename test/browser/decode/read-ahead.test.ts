import { expect } from "chai";
import { ReadAhead } from "../../../workers/decode/read-ahead.ts";

describe("reading ahead", () => {
  const file = (text: string): File => new File([text], "x");
  const textOf = async (reading: ReadAhead, index: number): Promise<string | null> => {
    const bytes = await reading.contentsOf(index);
    return bytes && new TextDecoder().decode(bytes);
  };

  it("gives each file what it holds, in whatever order", async () => {
    const files = Array.from({ length: 70 }, (_, i) => file("x".repeat(i % 5) + String(i)));
    const reading = new ReadAhead(files);
    for (const index of [69, 0, 31, 32, 33]) expect(await textOf(reading, index)).to.equal(await files[index]!.text());
  });

  it("leaves out long files, archived ones, and those beside one that cannot be read", async () => {
    const archived = { archive: new Blob(), offset: 0, compressedSize: 0, isDeflated: false };
    const other = { ...archived, name: "y", size: 3, lastModified: 0 };
    const reading = new ReadAhead([file("short"), new File([new Uint8Array(1024 * 1024 + 1)], "long"), other]);
    expect(await textOf(reading, 0)).to.equal("short");
    expect(await reading.contentsOf(1)).to.equal(null);
    expect(await reading.contentsOf(2)).to.equal(null);
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException("Gone.", "NotReadableError"));
    try {
      expect(await new ReadAhead([file("a")]).contentsOf(0)).to.equal(null);
    } finally {
      Blob.prototype.arrayBuffer = arrayBuffer;
    }
  });
});
