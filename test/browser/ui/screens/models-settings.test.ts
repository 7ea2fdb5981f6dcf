import { expect } from "chai";
import { html } from "lit";
import { failed, succeeded } from "../../../../src/contract/outcome.ts";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import { noticeEvent, type Notice } from "../../../../src/ui/elements/toast/notify.ts";
import type { ModelsScreen } from "../../../../src/ui/features/models/models-screen.ts";
import "../../../../src/ui/features/models/models-screen.ts";
import type { SettingsScreen } from "../../../../src/ui/features/settings/settings-screen.ts";
import "../../../../src/ui/features/settings/settings-screen.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { chooseFiles } from "../choose-files.ts";
import { Fakes } from "../fakes/fakes.ts";
import { someModel } from "../samples.ts";
import { control, deepAll, inside, mount, settled, unmountAll, until } from "../mount.ts";

afterEach(async () => {
  unmountAll();
  await setAppLocale("en");
});

async function models(fakes: Fakes): Promise<ModelsScreen> {
  const element = await mount<ModelsScreen>(html`<tamis-models-screen></tamis-models-screen>`, fakes);
  await settled(element);
  return element;
}

async function settings(fakes: Fakes): Promise<SettingsScreen> {
  return mount(html`<tamis-settings-screen></tamis-settings-screen>`, fakes);
}

/** The next message that a screen sends. */
function nextNotice(): Promise<Notice> {
  return new Promise((fulfil) => {
    window.addEventListener(noticeEvent, (event) => fulfil((event as CustomEvent<Notice>).detail), { once: true });
  });
}

function cardOf(element: Element, name: string): Element {
  const card = inside(element, "tamis-model-card").find(
    (candidate) => inside(candidate, "h2")[0]?.textContent === name,
  );
  if (!card) throw new Error(`There is no card of ${name}.`);
  return card;
}

describe("models screen", () => {
  it("says what to do while it is empty", async () => {
    const element = await models(new Fakes());
    expect(control(element, "Train a model").getAttribute("href")).to.equal("#/train");
    await expectAccessibleInBothThemes(element);
  });

  it("lists models, and marks the one in use", async () => {
    const element = await models(new Fakes().fill());
    expect(inside(element, "h2").map((heading) => heading.textContent)).to.deep.equal([
      "Compact on archive",
      "Starter",
    ]);
    expect(cardOf(element, "Compact on archive").shadowRoot?.textContent).to.contain("In use");
    expect(cardOf(element, "Starter").shadowRoot?.textContent).to.contain("Comes with Tamis");
    await expectAccessibleInBothThemes(element);
  });

  it("shows a model's card", async () => {
    const element = await models(new Fakes().fill());
    const card = cardOf(element, "Compact on archive");
    inside<HTMLElement>(card, "summary")[0]?.click();
    await until(() => inside(card, "tamis-curves").length === 1, "the card");
    const text = card.shadowRoot?.textContent.replace(/\s+/g, " ") ?? "";
    expect(text).to.contain("2,572 to learn, 642 to validate");
    expect(text).to.contain("192 × 192 pixels, area average, proportions not kept");
    expect(text).to.contain("from 35% to 65%");
    await expectAccessibleInBothThemes(element);
  });

  it("measures what fewer bits change before a model is exported so", async () => {
    const fakes = new Fakes().fill();
    const element = await models(fakes);
    const choice = inside(cardOf(element, "Compact on archive"), "tamis-export-choice")[0]!;
    expect(choice.shadowRoot?.textContent).not.to.contain("Measure");
    const format = inside<HTMLSelectElement>(choice, "select")[0]!;
    format.value = "tamis uint8";
    format.dispatchEvent(new Event("change"));
    await settled(choice);
    control(choice, "Measure").click();
    await until(() => (choice.shadowRoot?.textContent ?? "").includes("verdicts change"), "the measurement");
    const text = choice.shadowRoot?.textContent.replace(/\s+/g, " ") ?? "";
    expect(text).to.contain("Balanced accuracy 0.912 → 0.910; 3 of 480 verdicts change.");
    expect(text).to.contain("On the validation images of");
    expect(fakes.calls.some((call) => call.startsWith("precision uint8 of "))).to.equal(true);
    await expectAccessibleInBothThemes(element);
    // What was measured is of the other choice.
    format.value = "tamis float16";
    format.dispatchEvent(new Event("change"));
    await settled(choice);
    expect(choice.shadowRoot?.textContent).not.to.contain("verdicts change");
  });

  it("bears a model without a word on its training", async () => {
    const fakes = new Fakes();
    const model = someModel();
    fakes.modelList.set([{ ...model, metadata: { ...model.metadata, training: null, reviewBand: null } }]);
    const element = await models(fakes);
    inside<HTMLElement>(element, "summary")[0]?.click();
    await until(() => inside(element, ".more").length === 1, "the card");
    expect(cardOf(element, "Compact on archive").shadowRoot?.textContent).to.contain("without a word");
    await expectAccessibleInBothThemes(element);
  });

  it("puts another model into use", async () => {
    const fakes = new Fakes().fill();
    const element = await models(fakes);
    control(cardOf(element, "Starter"), "Use").click();
    await until(() => fakes.defaultModelId.value === "starter", "the change");
  });

  it("deletes with a way back", async () => {
    const fakes = new Fakes().fill();
    const element = await models(fakes);
    const notice = nextNotice();
    control(cardOf(element, "Starter"), "Delete").click();
    const { undo, text } = await notice;
    expect(text).to.equal("“Starter” is deleted.");
    expect(fakes.modelList.value).to.have.length(1);
    await undo?.();
    expect(fakes.modelList.value).to.have.length(2);
  });

  it("renames", async () => {
    const fakes = new Fakes().fill();
    const element = await models(fakes);
    control(cardOf(element, "Starter"), "Rename").click();
    const question = await until(() => document.querySelector("tamis-question"), "the question");
    await until(() => deepAll<HTMLDialogElement>(document, "dialog[open]")[0], "the dialog");
    const input = inside<HTMLInputElement>(question, "input")[0];
    if (!input) throw new Error("There is no field.");
    input.value = "First";
    control(question, "Rename").click();
    await until(() => fakes.calls.includes("rename starter First"), "the call");
  });

  it("imports a chosen bundle, and says what is wrong with a bad one", async () => {
    const fakes = new Fakes();
    const element = await models(fakes);
    chooseFiles(element, "Model files", ["model.zip"]);
    await until(() => fakes.calls.includes("import model.zip"), "the import");
    fakes.models.importFiles = () => Promise.resolve(failed("bad-model", "metadata.json is missing."));
    await settled(element);
    chooseFiles(element, "Model files", ["bad.zip"]);
    await until(() => inside(element, "[role=alert]").length === 1, "the failure");
    expect(inside(element, "[role=alert]")[0]?.textContent).to.contain("metadata.json is missing.");
  });

  it("exports a model as a download", async () => {
    const fakes = new Fakes().fill();
    const saved: string[] = [];
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement): void {
      saved.push(this.download);
    };
    try {
      fakes.models.exportBundle = () => Promise.resolve(succeeded(new File(["zip"], "starter.zip")));
      const element = await models(fakes);
      control(cardOf(element, "Starter"), "Export").click();
      await until(() => saved.length === 1, "the download");
      expect(saved).to.deep.equal(["starter.zip"]);
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
  });

  it("speaks French", async () => {
    const element = await models(new Fakes().fill());
    await setAppLocale("fr");
    await settled(element);
    await settled(element);
    expect(inside(element, "h1")[0]?.textContent).to.equal("Modèles");
    await expectAccessibleInBothThemes(element);
  });
});

describe("settings screen", () => {
  it("changes language and theme", async () => {
    const fakes = new Fakes().fill();
    const element = await settings(fakes);
    await expectAccessibleInBothThemes(element);
    inside<HTMLInputElement>(element, "input[value=fr]")[0]?.click();
    inside<HTMLInputElement>(element, "input[value=dark]")[0]?.click();
    expect(fakes.calls).to.deep.equal(["locale fr", "theme dark"]);
  });

  it("says what is stored, what computes and why, and the version", async () => {
    const element = await settings(new Fakes().fill());
    const text = element.shadowRoot?.textContent.replace(/\s+/g, " ") ?? "";
    expect(text).to.contain("412 MB used, 18 GB available at most.");
    expect(text).to.contain("The browser will not clear it by itself.");
    expect(text).to.contain("WebAssembly with relaxed SIMD, threads: 2");
    expect(text).to.contain("a test step took 400 ms on WebAssembly and 45,000 ms on WebGPU");
    expect(text).to.contain("Everything works without a network.");
    expect(text).to.contain("Version 0.1.0");
  });

  it("says what is not known or not ready yet", async () => {
    const fakes = new Fakes();
    fakes.storage.set({ used: 0, quota: 0, persisted: false });
    const element = await settings(fakes);
    const text = element.shadowRoot?.textContent ?? "";
    expect(text).to.contain("The browser may clear it");
    expect(text).to.contain("Chosen by measuring");
    expect(text).to.contain("Not ready to work without a network yet");
    await expectAccessibleInBothThemes(element);
  });

  it("speaks French, each language in its own name", async () => {
    const element = await settings(new Fakes().fill());
    await setAppLocale("fr");
    await settled(element);
    expect(inside(element, "h1")[0]?.textContent).to.equal("Réglages");
    expect(inside(element, "span[lang=en]")[0]?.textContent).to.equal("English");
    await expectAccessibleInBothThemes(element);
  });
});
