import { expect } from "chai";
import { html } from "lit";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import type { DataScreen } from "../../../../src/ui/features/data/data-screen.ts";
import "../../../../src/ui/features/data/data-screen.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes.ts";
import { inside, mount, settled, unmountAll, until, within } from "../mount.ts";

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

  it("speaks French", async () => {
    const element = await images(new Fakes().fill());
    await setAppLocale("fr");
    await settled(element);
    await settled(element);
    expect(inside(element, "label[for=text]")[0]?.textContent).to.equal("Chercher un nom de fichier");
    await expectAccessibleInBothThemes(element);
  });
});
