import { expect } from "chai";
import { html } from "lit";
import { succeeded } from "../../../../src/contract/outcome.ts";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import { noticeEvent, type Notice } from "../../../../src/ui/elements/toast/notify.ts";
import type { DataScreen } from "../../../../src/ui/features/data/data-screen.ts";
import "../../../../src/ui/features/data/data-screen.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { someRun } from "../samples.ts";
import { control, inside, mount, settled, unmountAll, until, within } from "../mount.ts";

afterEach(async () => {
  unmountAll();
  window.scrollTo(0, 0);
  await setAppLocale("en");
});

/** The images of a dataset: twelve of each of five classes. */
async function images(fakes: Fakes): Promise<DataScreen> {
  const element = await mount<DataScreen>(html`<tamis-data-screen .datasetId=${"d1"}></tamis-data-screen>`, fakes);
  const tab = await until(
    () => within<HTMLElement>(element, "tamis-tabs", "[role=tab]").find((one) => one.textContent.includes("Images")),
    "the tab",
  );
  tab.click();
  await until(() => options(element).length > 0, "the images");
  return element;
}

function options(element: Element): HTMLElement[] {
  return within<HTMLElement>(element, "tamis-virtual-grid", "[role=option]");
}

function names(element: Element): string[] {
  return options(element).map((option) => option.getAttribute("aria-label") ?? "");
}

function status(element: Element): string {
  return within(element, "tamis-dataset-images", "[role=status]")[0]?.textContent.trim() ?? "";
}

async function choose(element: Element, id: string, value: string): Promise<void> {
  const select = inside<HTMLSelectElement>(element, `#${id}`)[0]!;
  select.value = value;
  select.dispatchEvent(new Event("change"));
  await settled(element);
}

describe("images of a dataset", () => {
  it("shows them all, each with its class, and what is wrong with it", async () => {
    const fakes = new Fakes().fill();
    fakes.choices.set("Painting/0.jpg", { className: "Photo", verdict: null });
    fakes.choices.set("Painting/1.jpg", { className: null, verdict: "left-out" });
    fakes.duplicates.set("d1", { exact: [], near: [["Painting/2.jpg", "Text/1.jpg"]] });
    const element = await images(fakes);
    expect(status(element)).to.equal("60 images");
    expect(names(element).slice(0, 2)).to.deep.equal([
      "0.jpg, Photo, moved from Painting",
      "1.jpg, Painting, Left out",
    ]);
    expect(names(element)).to.include("2.jpg, Painting, Same picture, two classes");
    await expectAccessibleInBothThemes(element);
  });

  it("is searched, filtered and sorted", async () => {
    const element = await images(new Fakes().fill());
    await choose(element, "class", "class Sketch");
    expect(status(element)).to.equal("12 of 60 images");
    await choose(element, "class", "side photo");
    expect(new Set(names(element).map((name) => name.split(", ")[1]))).to.deep.equal(new Set(["Photo"]));
    const search = inside<HTMLInputElement>(element, "input[type=search]")[0]!;
    search.value = "11";
    search.dispatchEvent(new Event("input"));
    await until(() => status(element) === "1 of 60 images", "the one");
    search.value = "nowhere";
    search.dispatchEvent(new Event("input"));
    await until(() => options(element).length === 0, "nothing");
    expect(inside(element, "tamis-dataset-images")[0]?.shadowRoot?.textContent).to.contain("No image fits");
    await expectAccessibleInBothThemes(element);
  });

  it("moves, leaves out and brings back what is selected, and each can be undone", async () => {
    const fakes = new Fakes().fill();
    const element = await images(fakes);
    const notices: Notice[] = [];
    const note = (event: Event): void => void notices.push((event as CustomEvent<Notice>).detail);
    window.addEventListener(noticeEvent, note);
    try {
      const click = (index: number, more: MouseEventInit): void =>
        void options(element)[index]!.dispatchEvent(
          new MouseEvent("click", { bubbles: true, composed: true, ...more }),
        );
      click(0, { ctrlKey: true });
      click(2, { shiftKey: true });
      const bar = await until(() => within(element, "tamis-selection-bar", "section")[0], "the bar");
      expect(bar.textContent).to.contain("3 images selected");
      await expectAccessibleInBothThemes(element);
      control(element, "Leave out").click();
      await until(() => notices.length === 1, "the message");
      expect(notices[0]?.text).to.equal("Left out: 3 images.");
      await until(() => names(element)[1] === "1.jpg, Painting, Left out", "the mark");
      control(element, "Bring back").click();
      await until(() => notices.length === 2, "the second message");
      await until(() => names(element)[1] === "1.jpg, Painting", "no mark");
      const move = within<HTMLSelectElement>(element, "tamis-selection-bar", "select")[0]!;
      move.value = "Text";
      move.dispatchEvent(new Event("change"));
      await until(() => names(element)[2] === "2.jpg, Text, moved from Painting", "the move");
      await notices.at(-1)?.undo?.();
      await until(() => names(element)[2] === "2.jpg, Painting", "the move undone");
    } finally {
      window.removeEventListener(noticeEvent, note);
    }
  });

  it("says parts as a run has them, and the tensors of its batches", async () => {
    const fakes = new Fakes().fill();
    const [first, second] = (fakes.images.get("d1") ?? []).map(({ imageId }) => imageId);
    const { split, experiment } = someRun();
    const parts = { ...split, training: [first!], validation: [], test: [second!] };
    const run = someRun({
      id: "r9",
      datasetId: "d1",
      split: parts,
      experiment: { ...experiment, inputSize: 96, seed: 7 },
    });
    fakes.runs.set([run]);
    const element = await images(fakes);
    await choose(element, "part", "test");
    await choose(element, "split", "r9");
    await until(() => status(element) === "1 of 60 images", "the image of the run's test part");
    options(element)[0]!.click();
    const facts = (): string => within(element, "tamis-dataset-image-viewer", "dl")[0]?.textContent ?? "";
    await until(() => /Part in “.+, seed 7”\s*Test/.test(facts()), "its part");
    await expectAccessibleInBothThemes(element);
    fakes.runs.set([]);
    await until(() => facts().includes("Part of the default split"), "the default, once the run is gone");
  });

  it("opens an image with what is known of it; keys leaf, move and leave out", async () => {
    const fakes = new Fakes().fill();
    const element = await images(fakes);
    options(element)[1]!.click();
    const dialog = await until(() => inside<HTMLDialogElement>(element, "dialog[open]")[0], "the dialog");
    const facts = (): string =>
      within(element, "tamis-dataset-image-viewer", "dl")[0]?.textContent.replace(/\s+/g, " ") ?? "";
    expect(facts()).to.contain("Painting/1.jpg");
    expect(facts()).to.contain("800 × 600 pixels");
    expect(facts()).to.contain("JPEG");
    await until(() => inside(element, ".source button")[0], "the stored pixels");
    await expectAccessibleInBothThemes(element);
    const press = (key: string): void =>
      void dialog.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
    press("ArrowRight");
    await until(() => facts().includes("Painting/2.jpg"), "the next one");
    press("x");
    await until(() => fakes.calls.includes("choose d1 Painting/2.jpg left-out"), "the choice");
    press("2");
    await until(() => facts().includes("moved from Painting"), "the move");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true }));
    await until(() => !facts().includes("moved from Painting"), "the move undone by key");
    (await until(() => inside<HTMLElement>(element, ".source button")[0], "the stored pixels of the next one")).click();
    await until(() => inside(element, ".source")[0]?.textContent.trim() === "The original file.", "the original");
    control(element, "Close").click();
    await until(
      () => inside(element, "tamis-virtual-grid")[0]?.shadowRoot?.activeElement?.getAttribute("data-index") === "2",
      "the keyboard on the image",
    );
  });

  it("speaks French", async () => {
    const element = await images(new Fakes().fill());
    await setAppLocale("fr");
    await settled(element);
    await settled(element);
    expect(inside(element, "label[for=text]")[0]?.textContent).to.equal("Chercher un nom de fichier");
    await expectAccessibleInBothThemes(element);
  });
});

describe("figures of a dataset", () => {
  it("tells classes before and after relabelling and rebalancing, sizes, formats and the tensors of a batch", async () => {
    const fakes = new Fakes().fill();
    const ids = [...(fakes.images.get("d1") ?? [])].map(({ imageId }) => imageId);
    fakes.training.drawSplit = () =>
      Promise.resolve(succeeded({ ...someRun().split, training: ids, validation: [], test: [] }));
    const element = await images(fakes);
    within<HTMLElement>(element, "tamis-tabs", "[role=tab]")[2]!.click();
    const texts = (): string[] =>
      within(element, "tamis-dataset-figures", "tr").map((row) => row.textContent.replace(/\s+/g, " ").trim());
    await until(() => texts().length > 20, "the figures");
    expect(texts()).to.include("Not Photo 0 48 80.0%");
    expect(texts()).to.include("The smaller side drawn again 48 48 1 1");
    expect(texts()).to.include("Class weights 12 48 2.5 0.63");
    expect(texts()).to.include("512 – 1,024 12 48 100.0%");
    expect(texts()).to.include("JPEG 12 48 100.0%");
    await expectAccessibleInBothThemes(element);
    await choose(element, "preset", "baseline");
    expect(texts()).to.include("Images [32, 180, 180, 3] float32 0 – 255");
    expect(texts()).to.include("Labels [32] int32 0 – 1");
  });

  it("shows samples under the names before and after relabelling", async () => {
    const fakes = new Fakes().fill();
    const element = await mount<DataScreen>(html`<tamis-data-screen .datasetId=${"d1"}></tamis-data-screen>`, fakes);
    const headings = (): string[] => within(element, "tamis-class-samples", "h3").map((one) => one.textContent);
    await until(() => headings().length === 5, "the classes");
    control(element, "Photo or not").click();
    await until(() => headings().length === 2, "both sides");
    expect(headings()).to.deep.equal(["Photo", "Not Photo"]);
    within<HTMLElement>(element, "tamis-class-samples", "li button")[0]!.click();
    await until(() => inside(element, "dialog[open]")[0], "the dialog");
    expect(within(element, "tamis-dataset-image-viewer", "dl")[0]?.textContent).to.contain("Photo/0.jpg");
  });
});
