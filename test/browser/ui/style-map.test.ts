import { expect } from "chai";
import { html, render } from "lit";
import { styleMap, type Styles } from "../../../src/ui/elements/base/style-map.ts";

describe("styleMap", () => {
  const holder = document.createElement("div");

  function draw(styles: Styles): HTMLElement {
    render(html`<p style=${styleMap(styles)}>text</p>`, holder);
    const paragraph = holder.querySelector("p");
    if (!paragraph) throw new Error("Nothing was drawn.");
    return paragraph;
  }

  it("sets, changes and removes properties", () => {
    expect(draw({ width: "10px", flexGrow: "2", "--share": "0.5" }).style.cssText).to.equal(
      "width: 10px; flex-grow: 2; --share: 0.5;",
    );
    expect(draw({ width: "20px", flexGrow: null }).style.cssText).to.equal("width: 20px;");
  });

  it("never writes the attribute, which the Content-Security-Policy would block", () => {
    const own = Element.prototype.setAttribute;
    const written: string[] = [];
    Element.prototype.setAttribute = function (this: Element, name: string, value: string): void {
      written.push(name);
      own.call(this, name, value);
    };
    try {
      render(html``, holder);
      draw({ width: "30px" });
      draw({ width: "40px" });
    } finally {
      Element.prototype.setAttribute = own;
    }
    expect(written).to.deep.equal([]);
  });
});
