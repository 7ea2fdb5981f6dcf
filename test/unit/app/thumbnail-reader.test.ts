import { expect } from "chai";
import { ThumbnailReader } from "../../../src/app/services/thumbnail-reader.ts";

describe("thumbnail reader", () => {
  it("reads together what is asked for together, a scope at a time", async () => {
    const asked: string[] = [];
    const reader = new ThumbnailReader((scope, itemIds) => {
      asked.push(`${scope}: ${itemIds.join(" ")}`);
      return Promise.resolve(itemIds.map((id) => (id === "gone" ? undefined : new Blob([scope + id]))));
    });
    const [a, b, gone, other] = await Promise.all([
      reader.read("x", "a"),
      // From a callback of its own, as pictures that come into view ask.
      Promise.resolve().then(() => reader.read("x", "b")),
      reader.read("x", "gone"),
      reader.read("y", "a"),
    ]);
    expect(asked).to.deep.equal(["x: a gone b", "y: a"]);
    expect([await a?.text(), await b?.text(), gone, await other?.text()]).to.deep.equal(["xa", "xb", undefined, "ya"]);
    await reader.read("x", "c");
    expect(asked.at(-1)).to.equal("x: c");
  });

  it("fails for whoever waits, and reads again for the next", async () => {
    let isBroken = true;
    const reader = new ThumbnailReader((_, itemIds) =>
      isBroken ? Promise.reject(new Error("The database is closed.")) : Promise.resolve(itemIds.map(() => new Blob())),
    );
    const outcome = await reader.read("x", "a").catch((error: unknown) => String(error));
    expect(outcome).to.equal("Error: The database is closed.");
    isBroken = false;
    expect(await reader.read("x", "a")).to.be.instanceOf(Blob);
  });
});
