import { expect } from "chai";
import { html } from "lit";
import { failed } from "../../../../src/contract/outcome.ts";
import { baseline } from "../../../../src/domain/experiment/presets.ts";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import type { RunScreen } from "../../../../src/ui/features/train/run-screen.ts";
import "../../../../src/ui/features/train/run-screen.ts";
import type { TrainScreen } from "../../../../src/ui/features/train/train-screen.ts";
import "../../../../src/ui/features/train/train-screen.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { someHistory, someJudgedImages, someModel, someRun } from "../samples.ts";
import { control, deepAll, inside, mount, settled, unmountAll, until, within } from "../mount.ts";

afterEach(async () => {
  unmountAll();
  location.hash = "";
  await setAppLocale("en");
});

async function screen(fakes: Fakes, id: string | null = null): Promise<TrainScreen> {
  const element = await mount<TrainScreen>(html`<tamis-train-screen .datasetId=${id}></tamis-train-screen>`, fakes);
  await settled(element);
  return element;
}

async function runScreen(fakes: Fakes, id: string): Promise<RunScreen> {
  const element = await mount<RunScreen>(html`<tamis-run-screen .runId=${id}></tamis-run-screen>`, fakes);
  await settled(element);
  return element;
}

function type(element: Element, field: string, text: string): void {
  const input = inside<HTMLInputElement>(element, `#${field}`)[0];
  if (!input) throw new Error(`There is no ${field}.`);
  input.value = text;
  input.dispatchEvent(new Event("input"));
}

async function answer(name: string): Promise<void> {
  const question = await until(() => document.querySelector("tamis-question"), "the question");
  await until(() => deepAll<HTMLDialogElement>(document, "dialog[open]")[0], "the dialog");
  control(question, name).click();
}

describe("train screen", () => {
  it("sends to the data where there is none", async () => {
    const element = await screen(new Fakes());
    expect(control(element, "Import images").getAttribute("href")).to.equal("#/data");
    await expectAccessibleInBothThemes(element);
  });

  it("trains what the form says, and leads to the result", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes, "d2");
    await expectAccessibleInBothThemes(element);
    const baseline = inside<HTMLInputElement>(element, "input[value=baseline]")[0];
    baseline?.click();
    await settled(element);
    expect(inside<HTMLInputElement>(element, "#size")[0]?.value).to.equal("180");
    type(element, "size", "64");
    type(element, "epochs", "2");
    await settled(element);
    control(element, "Start training").click();
    await until(() => inside(element, ".done").length === 1, "the end");
    expect(fakes.calls).to.deep.equal(["train d2 baseline 64 2 stratified"]);
    expect(inside<HTMLInputElement>(element, "#epochs")[0]?.value, "the form keeps what it was told").to.equal("2");
    expect(control(element, "See the result").getAttribute("href")).to.equal("#/runs/r1");
    await expectAccessibleInBothThemes(element);
  });

  it("refuses nonsense with the reason, beside the field", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes);
    type(element, "epochs", "0");
    await settled(element);
    const input = inside<HTMLInputElement>(element, "#epochs")[0];
    expect(input?.getAttribute("aria-invalid")).to.equal("true");
    expect(inside(element, "#epochs-note")[0]?.textContent).to.equal("Enter a whole number from 1 to 500.");
    control(element, "Start training").click();
    await settled(element);
    expect(fakes.calls).to.deep.equal([]);
    await expectAccessibleInBothThemes(element);
  });

  it("changes the augmentation with a preview, and trains with it", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes, "d1");
    inside<HTMLInputElement>(element, "input[value=baseline]")[0]?.click();
    await settled(element);
    expect(inside(element, "tamis-augmentation-form"), "folded away").to.have.length(0);
    inside<HTMLElement>(element, "summary")
      .find((summary) => summary.textContent === "Augmentation")
      ?.click();
    await until(() => inside(element, "tamis-augmentation-form").length === 1, "the form");
    inside<HTMLInputElement>(element, "input[value=keras]")[0]?.click();
    const shown = () => within<HTMLImageElement>(element, "tamis-augmentation-preview", "tamis-thumbnail");
    await until(() => shown().length === 10, "an image and nine draws");
    await until(() => fakes.calls.some((call) => call.endsWith(" keras 9 1")), "the draws");
    const rotation = inside<HTMLInputElement>(element, "#rotation")[0]!;
    rotation.value = "0.25";
    rotation.dispatchEvent(new Event("input"));
    await settled(element);
    expect(rotation.getAttribute("aria-valuetext")).to.equal("± 90°");
    control(element, "Draw again").click();
    await until(() => fakes.calls.some((call) => call.endsWith(" keras 9 2")), "other draws");
    await expectAccessibleInBothThemes(element);
    control(element, "Start training").click();
    await until(() => inside(element, ".done").length === 1, "the end");
    expect(fakes.trained?.augmentation).to.deep.include({ kind: "keras", rotation: 0.25, zoom: 0.1 });
  });

  it("says why a network does not fit before anything is computed", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes);
    inside<HTMLInputElement>(element, "input[value=baseline]")[0]?.click();
    await settled(element);
    type(element, "size", "512");
    await settled(element);
    expect(inside(element, "[role=alert]")[0]?.textContent).to.contain("This network does not fit");
    expect((control(element, "Start training") as HTMLButtonElement).disabled).to.equal(true);
  });

  it("says why a run failed", async () => {
    const fakes = new Fakes().fill();
    fakes.nextTraining = failed("diverged", "The loss of step 12 is NaN.");
    const element = await screen(fakes);
    control(element, "Start training").click();
    await until(() => inside(element, "[role=alert]").length === 1, "the failure");
    expect(inside(element, "[role=alert]")[0]?.textContent).to.contain("Choose a lower learning rate.");
  });

  it("follows a run, and stops it after a question", async () => {
    const fakes = new Fakes().fill().startTraining();
    const element = await screen(fakes);
    const facts = within(element, "tamis-live-run", "dd").map((fact) => fact.textContent.trim());
    expect(facts).to.deep.equal(["7 of 20", "17 of 41", "0.2314", "91.2%", "621 images per second", "13 min"]);
    expect(inside<HTMLProgressElement>(element, "progress")[0]?.value).to.equal(6 * 41 + 17);
    expect(within<HTMLElement>(element, "tamis-training-form", "form")[0]?.checkVisibility()).to.equal(false);
    await expectAccessibleInBothThemes(element);
    control(element, "Stop").click();
    await answer("Stop training");
    await until(() => fakes.calls.includes("stop"), "the call");
  });

  it("changes what a preset regularises with, and how it balances", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes);
    within<HTMLInputElement>(element, "tamis-training-form", "input[value=baseline]")[0]?.click();
    await settled(element);
    within<HTMLDetailsElement>(element, "tamis-training-form", "details")[0]!.open = true;
    type(element, "hiddenDropout", "1.5");
    await settled(element);
    expect(inside(element, "#hiddenDropout-note")[0]?.textContent).to.equal("Enter a number from 0 to 0.95.");
    await expectAccessibleInBothThemes(element);
    type(element, "hiddenDropout", "0,3");
    type(element, "denseL2", "0.001");
    type(element, "patience", "4");
    const balance = inside<HTMLSelectElement>(element, "#balance")[0]!;
    balance.value = "oversample";
    balance.dispatchEvent(new Event("change"));
    await settled(element);
    control(element, "Start training").click();
    await until(() => inside(element, ".done").length === 1, "the end");
    expect(fakes.trained?.layers.slice(-2)).to.deep.equal([
      { type: "dense", units: 128, activation: "relu", penalty: { l1: 0, l2: 0.001 } },
      { type: "dropout", rate: 0.3 },
    ]);
    expect(fakes.trained).to.deep.include({ earlyStopping: { patience: 4 }, sampling: { kind: "oversample" } });
  });

  it("puts several networks and seeds into the queue", async () => {
    const fakes = new Fakes().fill();
    const element = await screen(fakes);
    const form = (selector: string) => within<HTMLInputElement>(element, "tamis-comparison-form", selector);
    inside<HTMLDetailsElement>(element, "details").find((one) => one.textContent.includes("Several"))!.open = true;
    expect(form("button")[0]?.disabled, "nothing is chosen").to.equal(true);
    for (const box of form("input[type=checkbox]")) box.click();
    type(element, "seeds", "1-3, x");
    await settled(element);
    expect(inside(element, "#seeds-note")[0]?.textContent).to.contain("Enter up to 20 whole numbers");
    await expectAccessibleInBothThemes(element);
    type(element, "seeds", "1-2");
    type(element, "all-size", "64");
    await settled(element);
    form("button")[0]?.click();
    await until(() => fakes.calls.length > 0, "the call");
    expect(fakes.calls).to.deep.equal(["enqueue d1 baseline/1 baseline/2 compact/1 compact/2"]);
  });

  it("shows the queue, changes its order, takes a run out and holds it", async () => {
    const fakes = new Fakes().fill().startTraining();
    const queued = (id: string, place: number, seed: number) =>
      someRun({
        id,
        status: "queued",
        history: [],
        experiment: { ...baseline, seed },
        queue: { id: "q", place, lost: null },
      });
    fakes.runs.set([queued("b", 2, 8), queued("a", 1, 7), { ...someRun(), queue: { id: "q", place: 0, lost: null } }]);
    const element = await screen(fakes);
    const rows = () => within<HTMLElement>(element, "tamis-run-queue", "li");
    expect(rows().map((row) => row.dataset["run"])).to.deep.equal(["a", "b"]);
    expect(within<HTMLProgressElement>(element, "tamis-run-queue", "progress")[0]?.value).to.equal(1);
    await expectAccessibleInBothThemes(element);
    control(element, "Move “Baseline”, seed 8, up").click();
    control(element, "Take “Baseline”, seed 7, out of the queue").click();
    control(element, "Hold after this run").click();
    await settled(element);
    fakes.queueProblem.set(failed("not-cached", "The files of “archive” cannot be read again."));
    await settled(element);
    expect(within(element, "tamis-run-queue", "[role=alert]")[0]?.textContent).to.contain("Allow Tamis to read");
    await expectAccessibleInBothThemes(element);
    control(element, "Go on with the queue").click();
    control(element, "Stop all").click();
    await answer("Stop all");
    await until(() => fakes.calls.includes("stop"), "the call");
    expect(fakes.calls).to.deep.equal(["move b -1", "withdraw a", "hold", "let go on", "hold", "stop"]);
    const past = within(element, "tamis-run-list", "tbody tr");
    expect(past, "what waits is no past run").to.have.length(1);
  });

  it("speaks French", async () => {
    const element = await screen(new Fakes().fill().startTraining());
    await setAppLocale("fr");
    await settled(element);
    await settled(element);
    expect(inside(element, "h2")[0]?.textContent.replace(/\s/g, " ")).to.equal("Compact sur « archive »");
    await expectAccessibleInBothThemes(element);
  });
});

describe("run screen", () => {
  it("shows the history and judges the validation images by itself", async () => {
    const fakes = new Fakes().fill();
    const element = await runScreen(fakes, "r1");
    await until(() => within(element, "tamis-confusion-table", ".count").length === 4, "the confusion matrix");
    expect(fakes.calls).to.deep.equal(["predictions r1 validation"]);
    const { labels, probabilities } = someJudgedImages();
    const found = labels.filter((label, i) => label === 1 && probabilities[i]! >= 0.5).length;
    const cells = within(element, "tamis-confusion-table", ".count").map((cell) => cell.textContent);
    expect(cells.slice(0, 2)).to.deep.equal([String(found), String(40 - found)]);
    const texts = within(element, "tamis-evaluation-figures", "dd").map((fact) => fact.textContent.trim());
    expect(texts).to.have.length(8);
    await until(
      () =>
        within(element, "tamis-evaluation-figures", ".interval").every(({ textContent }) => textContent.includes("to")),
      "the intervals",
      20_000,
    );
    await until(() => within(element, "tamis-chart", "svg").length === 4, "the curves", 20_000);
    await expectAccessibleInBothThemes(element);
  });

  it("says what can be told of the run, and draws its network", async () => {
    const fakes = new Fakes().fill();
    const element = await runScreen(fakes, "r1");
    const analysis = () => within(element, "tamis-run-analysis", "p").map((text) => text.textContent);
    expect(analysis().join(" ")).to.contain("Over the last 5 epochs the validation accuracy lies between");
    expect(within(element, "tamis-run-analysis", ".drawing svg text").length).to.be.above(5);
    // Nothing was stored; once the images are judged, it speaks of them.
    fakes.judgedBefore = { ...someJudgedImages(), probabilities: someJudgedImages().probabilities.map(() => 0.2) };
    inside(element, "tamis-run-evaluation")[0]!.dispatchEvent(new Event("tamis-judged"));
    await until(() => analysis().join(" ").includes("has collapsed to one class"), "the collapse");
    expect(analysis().join(" ")).to.contain("Found (recall 0), by original class: Photo 0/");
  });

  it("does not ask again for what it shows, but does after more epochs", async () => {
    const fakes = new Fakes();
    fakes.runs.set([someRun({ id: "again" })]);
    const judged = (): number => fakes.calls.filter((call) => call === "predictions again validation").length;
    const element = await runScreen(fakes, "again");
    await until(() => inside(element, "tamis-confusion-table").length === 1, "the figures");
    await settled(element);
    expect(judged()).to.equal(1);
    fakes.runs.set([someRun({ id: "again", history: someHistory(21) })]);
    await until(() => judged() === 2, "the second judgement");
  });

  it("opens the images of a cell of the confusion matrix, a page at a time", async () => {
    const fakes = new Fakes();
    fakes.runs.set([someRun({ id: "r1" })]);
    const element = await runScreen(fakes, "r1");
    await until(() => inside(element, "tamis-confusion-table").length === 1, "the confusion matrix");
    within<HTMLButtonElement>(element, "tamis-confusion-table", ".cell button")[3]?.click();
    await until(() => within(element, "tamis-judged-gallery", "li").length === 24, "the first page");
    expect(within(element, "tamis-judged-gallery", "li")[0]?.textContent).to.contain("rightly not a photo");
    control(element, "Show 24 more").click();
    await until(() => within(element, "tamis-judged-gallery", "li").length === 48, "the second page");
    control(element, "All mistakes").click();
    await until(() => within(element, "tamis-judged-gallery", "li").length < 24, "the mistakes");
    within<HTMLElement>(element, "tamis-judged-gallery", "li button")[0]?.click();
    await until(() => deepAll<HTMLDialogElement>(element.shadowRoot!, "dialog[open]")[0], "the image, large");
    const place = (): string =>
      deepAll(element.shadowRoot!, "tamis-image-viewer").flatMap((viewer) => inside(viewer, "[role=status]"))[0]
        ?.textContent ?? "";
    expect(place()).to.match(/^1 of /);
    control(element, "Next").click();
    await until(() => place().startsWith("2 of "), "the next mistake");
    control(element, "Close").click();
    await until(() => deepAll(element.shadowRoot!, "dialog[open]").length === 0, "the dialog's end");
  });

  it("moves the threshold and everything with it, and lets the model decide by it", async () => {
    const fakes = new Fakes();
    const run = someRun({ id: "r1", modelId: "m1" });
    fakes.runs.set([run]);
    fakes.modelList.set([someModel({ id: "m1" })]);
    const element = await runScreen(fakes, "r1");
    await until(() => inside(element, "tamis-threshold-panel").length === 1, "the threshold");
    const slider = within<HTMLInputElement>(element, "tamis-threshold-panel", "#threshold")[0]!;
    slider.value = "0.9";
    slider.dispatchEvent(new Event("input"));
    await settled(element);
    const { labels, probabilities } = someJudgedImages();
    const found = labels.filter((label, i) => label === 1 && probabilities[i]! >= 0.9).length;
    expect(within(element, "tamis-confusion-table", ".count")[0]?.textContent).to.equal(String(found));
    const recall = within<HTMLInputElement>(element, "tamis-threshold-panel", "input[type=radio]")[3]!;
    recall.click();
    await settled(element);
    const review = within<HTMLInputElement>(element, "tamis-threshold-panel", "#review")[0]!;
    review.value = "0.1";
    review.dispatchEvent(new Event("input"));
    await settled(element);
    await expectAccessibleInBothThemes(element);
    control(element, "Decide by this").click();
    await until(() => fakes.calls.some((call) => call.startsWith("deciding m1 0.")), "the call");
    expect(fakes.calls.at(-1)).not.to.contain("-");
  });

  it("says on which images it measured, and that a run without a test part has none", async () => {
    const fakes = new Fakes();
    const split = { ...someRun().split, test: [] };
    fakes.runs.set([someRun({ id: "r1", split })]);
    const element = await runScreen(fakes, "r1");
    await until(() => inside(element, "tamis-confusion-table").length === 1, "the figures");
    expect((control(element, "Test images") as HTMLButtonElement).disabled).to.equal(true);
    fakes.runs.set([someRun({ id: "r1", split: { ...split, test: ["Photo/1.jpg"] } })]);
    await settled(element);
    control(element, "Test images").click();
    await until(() => fakes.calls.includes("predictions r1 test"), "the call");
    await settled(element);
    expect(inside(element, "tamis-threshold-panel")).to.have.length(0);
  });

  it("waits to be asked while something trains", async () => {
    const fakes = new Fakes().startTraining();
    fakes.runs.set([someRun({ id: "patient" })]);
    const element = await runScreen(fakes, "patient");
    const button = control(element, "Evaluate") as HTMLButtonElement;
    expect(button.disabled).to.equal(true);
    expect(fakes.calls).to.deep.equal([]);
    fakes.active.set(null);
    await until(() => fakes.calls.includes("predictions patient validation"), "the call");
  });

  it("puts the model into use", async () => {
    const fakes = new Fakes().fill();
    fakes.defaultModelId.set("starter");
    const element = await runScreen(fakes, "r1");
    control(element, "Use this model").click();
    await until(() => fakes.calls.includes("default m1"), "the call");
    await settled(element);
    expect(element.shadowRoot?.textContent).to.contain("This model is in use");
  });

  it("says why there is no model, and deletes a run after a question", async () => {
    const fakes = new Fakes().fill();
    const element = await runScreen(fakes, "r3");
    expect(inside(element, "[lang=en]")[0]?.textContent).to.contain("Tamis was closed before the run ended.");
    expect(inside(element, "tamis-run-evaluation")).to.have.length(0);
    await expectAccessibleInBothThemes(element);
    control(element, "Delete").click();
    await answer("Delete");
    await until(() => location.hash === "#/train", "the list");
    expect(fakes.calls).to.deep.equal(["remove r3"]);
  });
});
