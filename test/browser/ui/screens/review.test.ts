import { sendKeys } from "@web/test-runner-commands";
import { expect } from "chai";
import { html } from "lit";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import "../../../../src/ui/features/batches/batches-screen.ts";
import "../../../../src/ui/features/classify/sorting-dialog.ts";
import type { SortingDialog } from "../../../../src/ui/features/classify/sorting-dialog.ts";
import "../../../../src/ui/features/review/review-screen.ts";
import { batchReport } from "../../../../src/ui/text/batch-report.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, settled, unmountAll, until } from "../mount.ts";
import { someBatch, someCapture, someModel, unreadableCapture } from "../samples.ts";

afterEach(async () => {
  unmountAll();
  await setAppLocale("en");
});

function filled(): Fakes {
  const fakes = new Fakes();
  fakes.modelList.set([someModel()]);
  fakes.defaultModelId.set("m1");
  // Of each eight, the third is doubtful.
  fakes.show([...Array.from({ length: 19 }, (_, index) => someCapture(index)), unreadableCapture(19)]);
  return fakes;
}

describe("review screen", () => {
  it("shows one doubtful capture after the other, decides by key, takes back", async () => {
    const fakes = filled();
    const element = await mount(html`<tamis-review-screen></tamis-review-screen>`, fakes);
    const name = (): string | undefined => inside(element, ".name")[0]?.textContent.trim();
    expect(name()).to.contain("scan_0002.jpg");
    await expectAccessibleInBothThemes(element);
    await sendKeys({ press: "p" });
    await until(() => name()?.includes("scan_0010.jpg"), "the next one");
    await sendKeys({ press: "s" });
    await until(() => name()?.includes("scan_0018.jpg"), "the one after");
    await sendKeys({ press: "u" });
    await until(() => name()?.includes("scan_0010.jpg"), "the skipped one again");
    await sendKeys({ press: "n" });
    await sendKeys({ press: "n" });
    await until(() => inside(element, "tamis-empty-state").length === 1, "the end");
    expect(fakes.calls).to.deep.equal(["decide c2 photo", "decide c10 not-photo", "decide c18 not-photo"]);
    await expectAccessibleInBothThemes(element);
    await sendKeys({ press: "u" });
    await until(() => name()?.includes("scan_0018.jpg"), "the last one again");
  });

  it("offers a sample of the sure ones", async () => {
    const fakes = filled();
    fakes.show([someCapture(0), someCapture(1)]);
    const element = await mount(html`<tamis-review-screen></tamis-review-screen>`, fakes);
    control(element, "Check a sample of the sure ones").click();
    await until(() => inside(element, ".choice").length === 3, "the first of the sample");
    inside<HTMLButtonElement>(element, ".choice.photo")[0]?.click();
    inside<HTMLButtonElement>(element, ".choice.photo")[0]?.click();
    await until(() => inside(element, "tamis-empty-state").length === 1, "the end");
    expect(fakes.calls).to.have.length(2);
  });
});

describe("earlier batches", () => {
  it("lists, finds, opens and deletes", async () => {
    const fakes = filled();
    const [first] = fakes.batchList.value;
    fakes.batchList.set([first!, someBatch([someCapture(1)], { id: "b2", name: "attic", createdAt: 1 })]);
    const element = await mount(html`<tamis-batches-screen></tamis-batches-screen>`, fakes);
    expect(inside(element, "tbody tr").length).to.be.at.least(2);
    await expectAccessibleInBothThemes(element);
    const search = inside<HTMLInputElement>(element, "input[type=search]")[0]!;
    search.value = "attic";
    search.dispatchEvent(new Event("input"));
    await settled(element);
    expect(inside(element, "button.title").map((button) => button.textContent.trim())).to.deep.equal(["attic"]);
    control(element, "Delete “attic”").click();
    const question = await until(() => document.querySelector("tamis-question"), "the question");
    await until(() => inside(question, "dialog[open]")[0], "it to open");
    control(question, "Delete").click();
    await until(() => fakes.calls.includes("remove batches b2"), "it to be deleted");
  });

  it("teaches where there is nothing, in French", async () => {
    await setAppLocale("fr");
    const element = await mount(html`<tamis-batches-screen></tamis-batches-screen>`, new Fakes());
    expect(inside(element, "h1")[0]?.textContent).to.equal("Lots précédents");
    await expectAccessibleInBothThemes(element);
  });
});

describe("sorting dialog", () => {
  it("shows what goes where before anything is copied, then what became of it", async () => {
    const fakes = filled();
    const element = await mount<SortingDialog>(
      html`<tamis-sorting-dialog
        .batch=${fakes.openBatch.value}
        .captures=${fakes.captures.value}
      ></tamis-sorting-dialog>`,
      fakes,
    );
    const target = await navigator.storage.getDirectory();
    await element.show(target);
    await settled(element);
    expect(inside(element, "p[role=status]")[0]?.textContent).to.contain("19 files");
    await expectAccessibleInBothThemes(element);
    control(element, "Copy the files").click();
    await until(() => inside(element, "dl.facts").length === 1, "the report");
    expect(fakes.calls).to.deep.equal([`sort 19 into ${target.name} copying`]);
    await expectAccessibleInBothThemes(element);
  });
});

describe("report of a batch", () => {
  it("stands alone, and takes file names for text", async () => {
    const captures = [someCapture(0, { file: "<script>alert(1)</script>.jpg" }), someCapture(1), unreadableCapture(2)];
    const text = await batchReport(someBatch(captures), captures, () => Promise.resolve(new Blob(["x"])));
    const report = new DOMParser().parseFromString(text, "text/html");
    expect(report.querySelectorAll("script, link")).to.have.length(0);
    expect(report.querySelectorAll("img")).to.have.length(2);
    expect(report.querySelector("figcaption")?.textContent).to.contain("<script>alert(1)</script>.jpg");
    expect(report.body.textContent).to.contain("The image is damaged.");
  });
});
