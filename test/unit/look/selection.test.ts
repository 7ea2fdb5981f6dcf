import { expect } from "chai";
import {
  allSelected,
  among,
  extendedTo,
  nothingSelected,
  type Selection,
  toggled,
} from "../../../src/domain/look/selection.ts";
import { indexAfterKey } from "../../../src/ui/elements/virtual-grid/grid-keys.ts";

const order = ["a", "b", "c", "d", "e"];
const keysOf = ({ keys }: Selection) => [...keys].sort().join("");

describe("selection", () => {
  it("adds and takes out single items", () => {
    const two = toggled(toggled(nothingSelected, "b"), "d");
    expect(keysOf(two)).to.equal("bd");
    expect(keysOf(toggled(two, "b"))).to.equal("d");
  });

  it("selects from the last choice to an item, in either direction, beside what was selected", () => {
    const d = toggled(toggled(nothingSelected, "a"), "d");
    expect(keysOf(extendedTo(d, order, "e"))).to.equal("ade");
    expect(keysOf(extendedTo(d, order, "b"))).to.equal("abcd");
    // The range keeps its beginning.
    expect(extendedTo(d, order, "b").anchor).to.equal("d");
    expect(keysOf(extendedTo(nothingSelected, order, "c"))).to.equal("c");
    expect(keysOf(extendedTo(d, order, "gone"))).to.equal("ad");
  });

  it("loses what is not there any more", () => {
    const all = allSelected(toggled(nothingSelected, "c"), order);
    expect(keysOf(all)).to.equal("abcde");
    expect(keysOf(among(all, ["a", "e", "x"]))).to.equal("ae");
    expect(among(all, ["a"]).anchor).to.equal(null);
    expect(among(all, order).keys).to.equal(all.keys);
  });
});

describe("keys of a grid", () => {
  /** Eleven items in rows of four: 0–3, 4–7, 8–10. */
  const go = (key: string, index: number) => indexAfterKey(key, index, { count: 11, columns: 4, pageRows: 2 });

  it("goes to the neighbours and stays at the edges", () => {
    expect([go("ArrowRight", 3), go("ArrowLeft", 4), go("ArrowDown", 1), go("ArrowUp", 9)]).to.deep.equal([4, 3, 5, 5]);
    expect([go("ArrowRight", 10), go("ArrowLeft", 0), go("ArrowDown", 9), go("ArrowUp", 2)]).to.deep.equal([
      10, 0, 9, 2,
    ]);
    // Below 7 there is nothing: the last row is shorter.
    expect(go("ArrowDown", 7)).to.equal(10);
  });

  it("goes by pages and to both ends", () => {
    expect([go("PageDown", 1), go("PageDown", 6), go("PageUp", 10), go("PageUp", 5)]).to.deep.equal([9, 10, 2, 1]);
    expect([go("Home", 7), go("End", 2), go("x", 2)]).to.deep.equal([0, 10, null]);
  });
});
