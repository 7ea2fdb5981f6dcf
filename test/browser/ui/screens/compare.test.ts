import { expect } from "chai";
import { html } from "lit";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import { failed } from "../../../../src/contract/outcome.ts";
import type { CompareScreen } from "../../../../src/ui/features/compare/compare-screen.ts";
import "../../../../src/ui/features/compare/compare-screen.ts";
import { baseline } from "../../../../src/domain/experiment/presets.ts";
import { expectAccessible, expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, settled, unmountAll, until, within } from "../mount.ts";
import { someHistory, someRun } from "../samples.ts";

afterEach(async () => {
  unmountAll();
  await setAppLocale("en");
});

function threeRuns(): Fakes {
  const fakes = new Fakes().fill();
  const small = { ...baseline, epochs: 4 };
  fakes.runs.set([
    someRun({ id: "c", experiment: { ...small, seed: 2 }, history: someHistory(4) }),
    someRun({ id: "b", experiment: { ...small, seed: 1 }, history: someHistory(4) }),
    someRun({ id: "a" }),
  ]);
  return fakes;
}

async function screen(fakes: Fakes, runIds: readonly string[]): Promise<CompareScreen> {
  const element = await mount<CompareScreen>(
    html`<tamis-compare-screen .runIds=${runIds}></tamis-compare-screen>`,
    fakes,
  );
  await settled(element);
  return element;
}

const texts = (elements: readonly Element[]) => elements.map((one) => one.textContent.trim().replace(/\s+/g, " "));

describe("comparison screen", () => {
  it("shows the figures of every run with intervals, sorted as asked", async () => {
    const element = await screen(threeRuns(), ["a", "b", "c"]);
    const names = () => texts(within(element, "tamis-compared-runs", "tbody th"));
    await until(() => names().length === 3, "the table");
    expect(names(), "best balanced accuracy first").to.deep.equal([
      "Compact, seed 42",
      "Baseline, seed 1",
      "Baseline, seed 2",
    ]);
    const [first] = within(element, "tamis-compared-runs", "tbody td");
    expect(first?.textContent.replace(/\s+/g, " ")).to.match(/\d\d\.\d%\s?\d\d\.\d% to \d+\.\d%/);
    control(element, "Run").click();
    await settled(element);
    expect(names()[0]).to.equal("Baseline, seed 1");
    expect(within(element, "tamis-compared-runs", "th")[0]?.getAttribute("aria-sort")).to.equal("ascending");
    await expectAccessibleInBothThemes(element);
  });

  it("holds one run against the others, on validation first and on the test images when asked", async () => {
    const fakes = threeRuns();
    const element = await screen(fakes, ["a", "b", "c"]);
    const verdicts = () => within(element, "tamis-paired-runs", ".verdict");
    await until(() => verdicts().length === 2, "two verdicts");
    expect(fakes.calls.filter((call) => call.startsWith("against"))).to.have.length(1);
    control(element, "Test images").click();
    await until(() => fakes.calls.some((call) => /^against \w test$/.test(call)), "the test part");
    expect(inside(element, "h2").map((heading) => heading.textContent)).to.include("Really better, or chance?");
    expect(texts(inside(element, "p")).join()).to.contain("no honest figure left");
  });

  it("names what cannot be compared, with the reason, and does not compare it", async () => {
    const fakes = threeRuns();
    const other = someRun({ id: "x", datasetId: "d2", datasetName: "box 12" });
    const otherSplit = someRun({ id: "y", split: { ...other.split, validation: other.split.test, test: [] } });
    fakes.runs.set([...fakes.runs.value, other, otherSplit]);
    const element = await screen(fakes, ["a", "x", "b", "y", "gone"]);
    await until(() => inside(element, "tamis-compared-runs").length === 1, "the table");
    expect(fakes.calls[0]).to.equal("examine a b");
    const aside = texts(inside(element, ".aside li"));
    expect(aside[0]).to.contain("(box 12): It was judged on the images of another dataset.");
    expect(aside[1]).to.contain("Its images were shared out otherwise");
    expect(texts(inside(element, ".lead"))).to.deep.equal(["One of the chosen runs does not exist any more."]);
  });

  it("lays the curves over each other, as many as can be told apart", async () => {
    const element = await screen(threeRuns(), ["a", "b", "c"]);
    await until(() => within(element, "tamis-curves", ".figure svg").length === 2, "two panels");
    const [figure] = within(element, "tamis-curves", ".figure");
    expect(figure?.querySelectorAll('[aria-label="line"] path')).to.have.length(6);
    within<HTMLInputElement>(element, "tamis-compared-curves", "input")[0]?.click();
    await until(
      () => within(element, "tamis-curves", ".figure")[0]?.querySelectorAll('[aria-label="line"] path').length === 4,
      "one run less",
    );
  });

  it("says why it cannot measure, and tries again", async () => {
    const fakes = threeRuns();
    fakes.nextExamination = failed("not-cached", "The images are not there.");
    const element = await screen(fakes, ["a", "b"]);
    await until(() => inside(element, "[role=alert]").length === 1, "the failure");
    fakes.nextExamination = null;
    control(element, "Measure again").click();
    await until(() => inside(element, "tamis-compared-runs").length === 1, "the table");
  });

  it("proposes a model, keeps what the lead decides with the reason, and takes it back", async () => {
    const fakes = threeRuns();
    const element = await screen(fakes, ["a", "b", "c"]);
    await until(() => inside(element, "textarea").length === 1, "the form");
    expect(within(element, "tamis-final-model", "h3")[0]?.textContent).to.match(/^Proposed: /);
    control(element, "Decide for this model").click();
    await settled(element);
    expect(inside(element, "#reason-note")[0]?.textContent.trim()).to.match(/^Say why/);
    expect(fakes.calls.some((call) => call.startsWith("decide"))).to.equal(false);
    const select = inside<HTMLSelectElement>(element, "#final")[0]!;
    select.value = "b";
    select.dispatchEvent(new Event("change"));
    const reason = inside<HTMLTextAreaElement>(element, "textarea")[0]!;
    reason.value = "As good, and the notebook’s.";
    reason.dispatchEvent(new Event("input"));
    await settled(element);
    control(element, "Decide for this model").click();
    await until(() => inside(element, ".decided").length === 1, "the decision");
    expect(fakes.calls).to.include("decide b As good, and the notebook’s.");
    expect(fakes.decisions.value[0]?.comparedRunIds).to.deep.equal(["a", "b", "c"]);
    expect(texts(within(element, "tamis-compared-runs", "tbody .tag"))).to.deep.equal(["Final model"]);
    expect(texts(inside(element, ".decided h3"))).to.deep.equal(["Decided: Baseline, seed 1"]);
    await expectAccessible(element);
    control(element, "Take the decision back").click();
    await until(() => inside(element, "textarea").length === 1, "the form");
  });

  it("shows the report in either language, with what was decided, and goes to its sections", async () => {
    const fakes = threeRuns();
    const reason = "Smallest <of> all.";
    fakes.decisions.set([
      { datasetId: "d1", runId: "b", reason, decidedAt: 1, comparedRunIds: ["a", "b"], proposedRunId: "a" },
    ]);
    const element = await screen(fakes, ["a", "b"]);
    await until(() => inside(element, "#report").length === 1, "the button");
    control(element, "Report").click();
    const paper = () => within<HTMLElement>(element, "tamis-report-view", ".paper")[0];
    const english = (await until(paper, "the report")).textContent;
    expect(english).to.contain("The lead decided for Baseline").and.to.contain(`“${reason}”`);
    const select = within<HTMLSelectElement>(element, "tamis-report-view", "select")[0]!;
    select.value = "fr";
    select.dispatchEvent(new Event("change"));
    await until(() => paper()?.lang === "fr", "French");
    expect(paper()?.textContent).to.contain("Le choix s’est porté sur Référence");
    const before = location.hash;
    within<HTMLElement>(element, "tamis-report-view", 'nav a[href="#final"]')[0]?.click();
    expect(location.hash, "the address names the screen").to.equal(before);
    expect(inside(element, "h2#final")[0]?.matches(":focus")).to.equal(true);
    await expectAccessible(element);
    control(element, "Back to the comparison").click();
    await until(() => inside(element, "tamis-compared-runs").length === 1, "the comparison");
  });
});
