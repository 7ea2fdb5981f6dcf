import { expect } from "chai";
import { html } from "lit";
import { failed } from "../../../../src/contract/outcome.ts";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import { noticeEvent, type Notice } from "../../../../src/ui/elements/toast/notify.ts";
import type { DataScreen } from "../../../../src/ui/features/data/data-screen.ts";
import "../../../../src/ui/features/data/data-screen.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { chooseFiles } from "../choose-files.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, deepAll, inside, mount, settled, unmountAll, until, within } from "../mount.ts";

afterEach(async () => {
  unmountAll();
  location.hash = "";
  await setAppLocale("en");
});

async function screen(fakes: Fakes, id: string | null = null): Promise<DataScreen> {
  const element = await mount<DataScreen>(html`<tamis-data-screen .datasetId=${id}></tamis-data-screen>`, fakes);
  await settled(element);
  return element;
}

function panelText(element: Element): string {
  return inside(element, "tamis-import-panel")[0]?.shadowRoot?.textContent ?? "";
}

describe("data screen", () => {
  it("goes on with an interrupted import, or keeps it", async () => {
    const fakes = new Fakes().fill();
    const pixels = { width: 180, height: 180, resampling: "bilinear", aspect: "stretch" } as const;
    const draft = { name: "scans", positiveClass: "Photo" };
    const item = { datasetId: "i1", sourceName: "scans", startedAt: 1, looseClass: null, total: 400, stored: 128 };
    fakes.interrupted.set([{ ...item, draft, pixels }]);
    const element = await screen(fakes);
    expect(within(element, "tamis-interrupted-imports", "h2")[0]?.textContent).to.contain("“scans”");
    await expectAccessibleInBothThemes(element);
    control(element, "Keep what is stored").click();
    control(element, "Go on").click();
    await until(() => fakes.calls.length === 2, "both calls");
    expect(fakes.calls).to.deep.equal(["keep i1", "resume i1 alone"]);
  });

  it("asks for the class of files that lie in no folder", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes, "d1");
    chooseFiles(element, "Archives or files of a dataset", ["a.jpg"]);
    await until(() => document.querySelector("tamis-question") !== null, "the question");
    const question = document.querySelector("tamis-question")!;
    await until(() => inside(question, "input").length === 1, "the field");
    inside<HTMLInputElement>(question, "input")[0]!.value = "Photo";
    control(question, "Import").click();
    await until(() => fakes.calls.length > 0, "the import");
    expect(fakes.calls).to.deep.equal(["import a.jpg 1 d1 Photo"]);
  });

  it("teaches the folders that it wants while it is empty", async () => {
    const element = await screen(new Fakes());
    expect(panelText(element)).to.contain("one folder per class");
    await expectAccessibleInBothThemes(element);
  });

  it("imports a chosen folder and leads to it", async () => {
    const fakes = new Fakes();
    const element = await screen(fakes);
    const notices: Notice[] = [];
    window.addEventListener(noticeEvent, (event) => notices.push((event as CustomEvent<Notice>).detail), {
      once: true,
    });
    chooseFiles(element, "Folder of a dataset", ["archive/Photo/a.jpg", "archive/Text/b.jpg"]);
    await until(() => notices.length === 1, "the message");
    expect(fakes.imported?.name).to.equal("archive");
    expect(fakes.imported?.files.map(({ path }) => path)).to.deep.equal(["Photo/a.jpg", "Text/b.jpg"]);
    expect(notices[0]?.text).to.equal("“archive” is imported.");
    expect(notices[0]?.link?.href).to.equal("#/data/d1");
    await settled(element);
    expect(control(element, "Import a folder")).to.be.instanceOf(HTMLElement);
  });

  it("says why a folder is refused", async () => {
    const fakes = new Fakes();
    fakes.nextImport = failed("bad-input", "No class folder in “archive”.");
    const element = await screen(fakes);
    chooseFiles(element, "Folder of a dataset", ["archive/.cache/a.jpg"]);
    await until(() => inside(element, "[role=alert]").length === 1, "the failure");
    expect(inside(element, "[role=alert]")[0]?.textContent).to.contain("No class folder in “archive”.");
  });

  it("shows progress and cancels", async () => {
    const fakes = new Fakes();
    fakes.importing.set({ done: 120, total: 3214, rate: 122, secondsLeft: 25, datasetId: "x", unreadable: 2 });
    const element = await screen(fakes);
    expect(panelText(element)).to.contain("2 files cannot be read");
    await expectAccessibleInBothThemes(element);
    control(element, "Cancel").click();
    expect(fakes.calls).to.deep.equal(["cancel import"]);
  });

  it("lists datasets with their classes", async () => {
    const element = await screen(new Fakes().fill());
    expect(inside(element, "a.card").map((card) => card.getAttribute("href"))).to.deep.equal([
      "#/data/d1",
      "#/data/d2",
    ]);
    expect(within(element, "tamis-class-bar", "[role=img]")[0]?.getAttribute("aria-label")).to.match(/^Photo 26%, /);
    await expectAccessibleInBothThemes(element);
  });
});

describe("one dataset", () => {
  it("shows classes, findings and samples", async () => {
    const element = await screen(new Fakes().fill(), "d1");
    await until(() => inside(element, "tamis-thumbnail").length === 40, "eight samples of five classes");
    const rows = inside(element, "tbody tr").map((row) => row.textContent.replace(/\s+/g, " ").trim());
    expect(rows[1]).to.equal("Photo Photo 822 25.6%");
    expect(rows[5]).to.contain("Photo/scan_0041.jpg");
    expect(rows[5]).to.contain("The image is damaged.");
    await expectAccessibleInBothThemes(element);
  });

  it("changes the positive class", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes, "d1");
    const select = inside<HTMLSelectElement>(element, "select")[0];
    if (!select) throw new Error("There is no choice.");
    expect(select.value).to.equal("Photo");
    select.value = "Painting";
    select.dispatchEvent(new Event("change"));
    await settled(element);
    expect(fakes.calls).to.include("positive d1 Painting");
    expect(inside(element, "tr.positive th")[0]?.textContent).to.equal("Painting");
  });

  it("is renamed and deleted after a question", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes, "d1");
    control(element, "Rename").click();
    const question = await until(() => document.querySelector("tamis-question"), "the question");
    await until(() => deepAll<HTMLDialogElement>(document, "dialog[open]")[0], "the dialog");
    const input = inside<HTMLInputElement>(question, "input")[0];
    if (!input) throw new Error("There is no field.");
    input.value = "autumn";
    control(question, "Rename").click();
    await until(() => fakes.calls.includes("rename d1 autumn"), "the call");
    control(element, "Delete").click();
    const sure = await until(() => document.querySelector("tamis-question"), "the second question");
    await until(() => deepAll<HTMLDialogElement>(document, "dialog[open]")[0], "the dialog");
    control(sure, "Delete").click();
    await until(() => location.hash === "#/data", "the list");
    expect(fakes.calls).to.include("remove d1");
  });

  it("says so where it is gone", async () => {
    const element = await screen(new Fakes(), "gone");
    expect(inside(element, "h1")[0]?.textContent).to.equal("This dataset does not exist");
    await expectAccessibleInBothThemes(element);
  });

  it("speaks French", async () => {
    const element = await screen(new Fakes().fill(), "d1");
    await setAppLocale("fr");
    await settled(element);
    await settled(element);
    expect(inside(element, "h2")[0]?.textContent).to.equal("Classes");
    expect(inside(element, "label")[0]?.textContent).to.equal("Classe qui compte comme photo");
    await expectAccessibleInBothThemes(element);
  });
});
