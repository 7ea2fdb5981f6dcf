/** What the tests' own bundle must give, or every other test means less: isolation, decorators, storage. */
import { expect } from "chai";
import { LitElement, html } from "lit";
import { customElement, property } from "lit/decorators.js";

@customElement("toolchain-probe")
class ToolchainProbe extends LitElement {
  @property() label = "before";

  override render() {
    return html`<p>${this.label}</p>`;
  }
}

describe("the test page", () => {
  it("is cross-origin isolated, as the app is", () => {
    expect(crossOriginIsolated).to.equal(true);
    expect(new SharedArrayBuffer(8).byteLength).to.equal(8);
  });

  it("lets Lit's decorated properties update an element", async () => {
    const probe = document.createElement("toolchain-probe") as ToolchainProbe;
    document.body.append(probe);
    await probe.updateComplete;
    probe.label = "after";
    await probe.updateComplete;
    expect(probe.shadowRoot?.textContent).to.contain("after");
    probe.remove();
  });

  it("has a storage of its own", async () => {
    expect(await indexedDB.databases()).to.deep.equal([]);
  });
});
