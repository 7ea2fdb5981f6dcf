import { expect } from "chai";
import { html } from "lit";
import { sendKeys } from "@web/test-runner-commands";
import { askText, confirmAction, type QuestionDialog } from "../../../../src/ui/elements/dialog/ask.ts";
import type { Dialog } from "../../../../src/ui/elements/dialog/dialog.ts";
import "../../../../src/ui/elements/dialog/dialog.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, unmountAll, until } from "../mount.ts";

afterEach(unmountAll);

/** The question on the page, once it is open. */
async function asked(): Promise<QuestionDialog> {
  const question = await until(() => document.querySelector("tamis-question"), "the question");
  await until(() => inside<HTMLDialogElement>(question, "dialog")[0]?.open, "the dialog to open");
  await new Promise((fulfil) => setTimeout(fulfil, 20));
  return question;
}

/** The element that has the focus, through shadow roots. */
function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

describe("dialog", () => {
  it("opens as a modal with its heading as name, and tells when it closed", async () => {
    const dialog = await mount<Dialog>(html`<tamis-dialog heading="Large">text</tamis-dialog>`, new Fakes());
    let closed = 0;
    dialog.addEventListener("tamis-close", () => (closed += 1));
    await dialog.show();
    expect(dialog.open).to.equal(true);
    expect(inside(dialog, "dialog")[0]?.matches(":modal")).to.equal(true);
    await expectAccessibleInBothThemes(dialog);
    control(dialog, "Close").click();
    await until(() => closed === 1, "the event");
    expect(dialog.open).to.equal(false);
  });

  it("closes by Escape and by a click beside it, not by a click in it", async () => {
    const dialog = await mount<Dialog>(html`<tamis-dialog heading="Large"><p>text</p></tamis-dialog>`, new Fakes());
    await dialog.show();
    dialog.querySelector("p")?.click();
    expect(dialog.open).to.equal(true);
    await sendKeys({ press: "Escape" });
    await until(() => !dialog.open, "Escape to close it");
    await dialog.show();
    inside<HTMLElement>(dialog, "dialog")[0]?.click();
    expect(dialog.open).to.equal(false);
  });
});

describe("questions", () => {
  it("go ahead only when the person says so", async () => {
    const answer = confirmAction({ heading: "Delete “a”?", text: "For good.", action: "Delete", danger: true });
    const question = await asked();
    await expectAccessibleInBothThemes(question);
    expect(focused()?.textContent.trim(), "the harmless answer has the focus").to.equal("Cancel");
    control(question, "Delete").click();
    expect(await answer).to.equal(true);
    expect(document.querySelector("tamis-question")).to.equal(null);
  });

  it("take Escape and Cancel as no", async () => {
    const first = confirmAction({ heading: "Delete?", action: "Delete" });
    await asked();
    await sendKeys({ press: "Escape" });
    expect(await first).to.equal(false);
    const second = confirmAction({ heading: "Delete?", action: "Delete" });
    control(await asked(), "Cancel").click();
    expect(await second).to.equal(false);
  });

  it("take a text by keyboard alone, but not an empty one", async () => {
    const answer = askText({ heading: "Rename", field: { label: "Name", value: "old" }, action: "Rename" });
    const question = await asked();
    await expectAccessibleInBothThemes(question);
    const input = inside<HTMLInputElement>(question, "input")[0];
    expect(focused()).to.equal(input);
    await sendKeys({ press: "Delete" });
    await sendKeys({ press: "Enter" });
    expect(document.querySelector("tamis-question"), "still asking").not.to.equal(null);
    await sendKeys({ type: " new name " });
    await sendKeys({ press: "Enter" });
    expect(await answer).to.equal("new name");
  });
});
