import { expect } from "chai";
import { html } from "lit";
import { notify } from "../../../../src/ui/elements/toast/notify.ts";
import type { Toasts } from "../../../../src/ui/elements/toast/toasts.ts";
import "../../../../src/ui/elements/toast/toasts.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, settled, unmountAll } from "../mount.ts";

afterEach(unmountAll);

async function shown(): Promise<Toasts> {
  return mount(html`<tamis-toasts></tamis-toasts>`, new Fakes());
}

describe("messages", () => {
  it("are announced, and can be undone once", async () => {
    const toasts = await shown();
    expect(inside(toasts, "[role=status]"), "the live region is there before the message").to.have.length(1);
    let undone = 0;
    notify({
      text: "Removed.",
      undo: () => {
        undone += 1;
        return Promise.resolve();
      },
    });
    await settled(toasts);
    expect(toasts.shadowRoot?.textContent).to.contain("Removed.");
    await expectAccessibleInBothThemes(toasts);
    control(toasts, "Undo").click();
    await settled(toasts);
    expect(undone).to.equal(1);
    expect(inside(toasts, "li")).to.have.length(0);
  });

  it("lead to where the result is, and can be dismissed", async () => {
    const toasts = await shown();
    notify({ text: "Done.", link: { href: "#/runs/1", text: "See" } });
    notify({ text: "Failed.", problem: true });
    await settled(toasts);
    expect(control(toasts, "See").getAttribute("href")).to.equal("#/runs/1");
    inside<HTMLButtonElement>(toasts, "li:last-child button")[0]?.click();
    await settled(toasts);
    expect(inside(toasts, "li")).to.have.length(1);
    await expectAccessibleInBothThemes(toasts);
  });

  it("are at most three at a time", async () => {
    const toasts = await shown();
    for (const text of ["a", "b", "c", "d"]) notify({ text });
    await settled(toasts);
    expect(inside(toasts, ".text").map((item) => item.textContent)).to.deep.equal(["b", "c", "d"]);
  });
});
