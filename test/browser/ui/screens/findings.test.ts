import { expect } from "chai";
import { html } from "lit";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import type { DatasetImage } from "../../../../src/domain/dataset/dataset.ts";
import type { DatasetFindings } from "../../../../src/ui/features/data/findings/dataset-findings.ts";
import "../../../../src/ui/features/data/findings/dataset-findings.ts";
import { findingsCsv } from "../../../../src/ui/features/data/findings/findings-csv.ts";
import { listsOf } from "../../../../src/ui/features/data/findings/kinds.ts";
import { imageFindings } from "../../../../src/domain/vetting/image-findings.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, settled, unmountAll, until } from "../mount.ts";
import { someFindings } from "../samples.ts";

afterEach(async () => {
  unmountAll();
  await setAppLocale("en");
});

/** Fakes with a conflict, two groups of near-duplicates, a pair of equal files and a small image. */
function vetted(): Fakes {
  const fakes = new Fakes().fill();
  const images: DatasetImage[] = fakes.images.get("d1")!.map((image) => ({ ...image }));
  images[0] = { ...images[0]!, height: 20 };
  fakes.images.set("d1", images);
  const id = (className: string, index: number) => `${className}/${index}.jpg`;
  const exact = [[id("Text", 1), id("Text", 2)]];
  fakes.duplicates.set("d1", {
    exact,
    near: [
      ...exact,
      [id("Photo", 0), id("Painting", 3)],
      [id("Photo", 4), id("Photo", 5)],
      [id("Photo", 6), id("Photo", 7), id("Photo", 8)],
    ],
  });
  return fakes;
}

async function findings(fakes: Fakes): Promise<DatasetFindings> {
  const element = await mount<DatasetFindings>(
    html`<tamis-dataset-findings .shown=${fakes.datasetList.value[0]!}></tamis-dataset-findings>`,
    fakes,
  );
  // The screen above hands the dataset down again after every change.
  fakes.datasetList.subscribe(() => (element.shown = fakes.datasetList.value[0]!));
  await until(() => inside(element, "h2").length > 0, "the findings");
  await settled(element);
  return element;
}

function chips(element: Element): string[] {
  return inside(element, "button.filter").map((chip) => chip.textContent.trim().replace(/\s+/g, " "));
}

async function press(element: Element, name: string): Promise<void> {
  control(element, name).click();
  await settled(element);
  await settled(element);
}

describe("findings of a dataset", () => {
  it("lists them by kind, and is accessible in each", async () => {
    const element = await findings(vetted());
    expect(chips(element)).to.deep.equal([
      "Under two classes 1",
      "Exact duplicates 1",
      "Near-duplicates 2",
      "Too small 1",
      "Unreadable 2",
      "Not an image 1",
    ]);
    for (const name of ["Under two classes 1", "Near-duplicates 2", "Unreadable 2"]) {
      await press(element, name);
      await expectAccessibleInBothThemes(element);
    }
    expect(inside(element, "tbody tr th")[0]?.textContent).to.equal("Photo/scan_0041.jpg");
  });

  it("says of a conflict which class it is, shows what that changes, and takes it back", async () => {
    const fakes = vetted();
    const element = await findings(fakes);
    control(element, "It is Photo").focus();
    await press(element, "It is Photo");
    expect(fakes.calls.at(-1)).to.equal("choose d1 Photo/0.jpg back, Painting/3.jpg Photo");
    await until(() => inside(element, ".settled").length === 1, "the decision");
    const rows = inside(element, "tamis-choice-effects")[0]!.shadowRoot!.querySelectorAll("tbody tr");
    expect([...rows].map((row) => row.textContent.trim().replace(/\s+/g, " "))).to.include("Photo 12 – +1 – 13");
    await expectAccessibleInBothThemes(element);
    await press(element, "Undo");
    await until(() => inside(element, ".settled").length === 0, "the undoing");
    await press(element, "Redo");
    await until(() => inside(element, ".settled").length === 1, "the redoing");
  });

  it("decides about all that are undecided, and hides what is", async () => {
    const fakes = vetted();
    const element = await findings(fakes);
    await press(element, "Near-duplicates 2");
    await press(element, "Keep all");
    expect(fakes.calls.at(-1)).to.equal("choose d1 Photo/4.jpg kept, Photo/5.jpg kept");
    await until(() => inside(element, ".settled").length === 1, "the first decision");
    await press(element, "Keep the largest of each");
    expect(fakes.calls.at(-1)).to.equal("choose d1 Photo/6.jpg back, Photo/7.jpg left-out, Photo/8.jpg left-out");
    await until(() => inside(element, ".settled").length === 2, "the other decision");
    inside<HTMLInputElement>(element, "input[type=checkbox]")[0]!.click();
    await until(() => inside(element, "tamis-finding-card").length === 0, "nothing undecided");
    expect(inside(element, "tamis-finding-list")[0]!.shadowRoot!.textContent).to.contain("Everything here is decided.");
  });

  it("keeps the keyboard's place where a decided finding goes", async () => {
    const element = await findings(vetted());
    await press(element, "Near-duplicates 2");
    await press(element, "Keep all");
    await until(() => inside(element, "input[type=checkbox]").length === 1, "the box");
    inside<HTMLInputElement>(element, "input[type=checkbox]")[0]!.click();
    await until(() => inside(element, "tamis-finding-card").length === 1, "one left");
    control(element, "Leave all out").focus();
    control(element, "Leave all out").click();
    await until(() => inside(element, "tamis-finding-card").length === 0, "none left");
    expect(inside(element, "tamis-finding-list")[0]!.matches(":focus-within")).to.equal(true);
  });

  it("decides about one image of a group", async () => {
    const fakes = vetted();
    const element = await findings(fakes);
    const choose = async (value: string): Promise<void> => {
      const select = inside<HTMLSelectElement>(element, "tamis-finding-card")[0]!.shadowRoot!.querySelector("select")!;
      select.value = value;
      select.dispatchEvent(new Event("change"));
      await settled(element);
    };
    await choose("left-out");
    expect(fakes.calls.at(-1)).to.equal("choose d1 Photo/0.jpg left-out");
    await choose("class Text");
    expect(fakes.calls.at(-1)).to.equal("choose d1 Photo/0.jpg Text");
  });

  it("shows many a page at a time", async () => {
    const fakes = vetted();
    const image = fakes.images.get("d1")![1]!;
    const images = Array.from({ length: 60 }, (_, index) => ({
      ...image,
      imageId: `Photo/${index}`,
      path: `Photo/${index}`,
    }));
    fakes.images.set("d1", images);
    fakes.duplicates.set("d1", {
      exact: [],
      near: Array.from({ length: 30 }, (_, i) => [`Photo/${2 * i}`, `Photo/${2 * i + 1}`]),
    });
    const finding = someFindings[0]!;
    fakes.findings.set(
      "d1",
      Array.from({ length: 250 }, (_, index) => ({ ...finding, path: `Text/${index}.txt` })),
    );
    const element = await findings(fakes);
    const cards = () => inside(element, "tamis-finding-card").length;
    expect(cards()).to.equal(12);
    await press(element, "Next");
    await press(element, "Next");
    expect(cards()).to.equal(6);
    expect(inside(element, "nav")[0]!.textContent).to.contain("Page 3 of 3");
    await press(element, "Unreadable 250");
    expect(inside(element, "tbody tr").length).to.equal(100);
  });

  it("tells how far the search is, and cancels it", async () => {
    const fakes = new Fakes().fill();
    fakes.searching.set({ datasetId: "d1", done: 400, total: 3214, rate: 90, secondsLeft: 31 });
    const element = await findings(fakes);
    expect(inside(element, "progress").length).to.equal(1);
    await expectAccessibleInBothThemes(element);
    control(element, "Cancel").click();
    fakes.searching.set(null);
    await until(() => inside(element, ".note").length === 1, "what is left to do");
    await press(element, "Look for duplicates");
    expect(fakes.calls).to.deep.equal(["cancel search", "search d1"]);
  });

  it("teaches what was looked for where nothing was found", async () => {
    const fakes = new Fakes().fill();
    fakes.findings.clear();
    fakes.duplicates.set("d1", { exact: [], near: [] });
    const element = await findings(fakes);
    expect(inside(element, ".nothing")[0]!.textContent).to.contain("Nothing found: every file could be read");
    await expectAccessibleInBothThemes(element);
    await setAppLocale("fr");
    await settled(element);
    expect(inside(element, ".nothing")[0]!.textContent).to.contain("Rien à signaler");
  });

  it("writes all of them into one table", async () => {
    const fakes = vetted();
    fakes.choices.set("Painting/3.jpg", { className: "Photo", verdict: null });
    const known = await fakes.vetting.of("d1");
    const lines = findingsCsv(listsOf(imageFindings(known.images, known.duplicates), someFindings)).split("\r\n");
    expect(lines[0]).to.contain("finding,group,file,page,class,trained_as");
    expect(lines).to.include("Under two classes,1,Painting/3.jpg,0,Painting,Photo,800,600,Moved to Photo,,");
    expect(lines).to.include(
      'Unreadable,,Photo/scan_0041.jpg,,Photo,,,,,The image is damaged.,"Open it elsewhere and save it again, or scan it again."',
    );
  });
});
