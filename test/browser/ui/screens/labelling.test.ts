import { expect } from "chai";
import { html } from "lit";
import "../../../../src/ui/features/labelling/labelling-dialog.ts";
import type { LabellingDialog } from "../../../../src/ui/features/labelling/labelling-dialog.ts";
import { noticeEvent, type Notice } from "../../../../src/ui/elements/toast/notify.ts";
import type { Decision } from "../../../../src/domain/capture/capture.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, settled, unmountAll, until } from "../mount.ts";
import { someCapture, someDataset } from "../samples.ts";

afterEach(unmountAll);

function decided(index: number, verdict: Decision["verdict"]) {
  return someCapture(index, { decision: { verdict, decidedAt: 1 } });
}

async function dialogOf(fakes: Fakes): Promise<LabellingDialog> {
  const captures = [decided(0, "photo"), decided(1, "not-photo"), decided(2, "not-photo"), someCapture(3)];
  const dialog = await mount<LabellingDialog>(
    html`<tamis-labelling-dialog .captures=${captures}></tamis-labelling-dialog>`,
    fakes,
  );
  await dialog.show();
  await settled(dialog);
  return dialog;
}

function select(dialog: Element, label: string, value: string): void {
  const found = inside<HTMLSelectElement>(dialog, "select").find((one) => one.getAttribute("aria-label") === label);
  found!.value = value;
  found!.dispatchEvent(new Event("change"));
}

describe("labelling dialog", () => {
  it("asks for the true class of what is no photo, leaves out what has none, and can be undone", async () => {
    const fakes = new Fakes();
    fakes.datasetList.set([someDataset()]);
    const dialog = await dialogOf(fakes);
    expect(dialog.shadowRoot!.textContent).to.contain("The photos go into the class “Photo”.");
    control(dialog, "Add 1 image");
    await expectAccessibleInBothThemes(dialog);
    select(dialog, "All of them:", "Text");
    await settled(dialog);
    select(dialog, "Class of scan_0002.jpg", "");
    await settled(dialog);
    const notices: Notice[] = [];
    window.addEventListener(noticeEvent, (event) => notices.push((event as CustomEvent<Notice>).detail), {
      once: true,
    });
    control(dialog, "Add 2 images").click();
    await until(() => notices.length === 1, "the report");
    expect(fakes.calls).to.deep.equal(["add to d1: c0 Photo, c1 Text"]);
    expect(notices[0]!.text).to.equal("Added to “archive”: 2 images.");
    await notices[0]!.undo!();
    expect(fakes.calls.at(-1)).to.equal("take back");
  });

  it("does not ask where there is one other class, and says what to do where there is no dataset", async () => {
    const fakes = new Fakes();
    const dialog = await dialogOf(fakes);
    expect(control(dialog, "Import images").getAttribute("href")).to.equal("#/data");
    fakes.datasetList.set([someDataset({ classNames: ["Other", "Photo"] })]);
    await settled(dialog);
    expect(inside(dialog, ".captures")).to.have.length(0);
    control(dialog, "Add 3 images").click();
    await until(() => fakes.calls.length === 1, "the call");
    expect(fakes.calls[0]).to.equal("add to d1: c0 Photo, c1 Other, c2 Other");
  });
});
