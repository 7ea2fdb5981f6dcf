import { expect } from "chai";
import { html } from "lit";
import { succeeded } from "../../../../src/contract/outcome.ts";
import type { Model } from "../../../../src/domain/model/model.ts";
import type { ModelAnswers } from "../../../../src/ui/services/model-service.ts";
import type { ModelSetup } from "../../../../src/ui/features/models/model-setup.ts";
import "../../../../src/ui/features/models/model-setup.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { chooseFiles } from "../choose-files.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, settled, unmountAll, until } from "../mount.ts";
import { someModel } from "../samples.ts";

afterEach(unmountAll);

const pixels = { width: 2, height: 2, resampling: "bilinear", aspect: "stretch" } as const;

function imported(change: Partial<Model> = {}): Model {
  const model = someModel({ id: "new", origin: "imported" });
  const output = { kind: "sigmoid", labels: ["Class 0", "Class 1"], positive: 1 } as const;
  const preprocessing = { pixels, inputSize: 2, views: ["whole" as const], scale: 1 / 255, offset: 0 };
  return { ...model, metadata: { ...model.metadata, output, preprocessing }, ...change };
}

/** Two photos and two others; under the second scaling the outputs tell them apart, the other way round. */
function trialOf(outputs: readonly (readonly number[])[]) {
  const picture = Uint8Array.of(0, 0, 0, 255, 255, 255, 128, 128, 128, 10, 20, 30);
  return succeeded({
    pictures: [picture, picture, picture, null],
    outputs: outputs.map((row) => Float32Array.from(row)),
  });
}

async function setup(fakes: Fakes, model: Model): Promise<ModelSetup> {
  return mount<ModelSetup>(html`<tamis-model-setup .model=${model}></tamis-model-setup>`, fakes);
}

const textOf = (element: Element): string =>
  inside(element, "tamis-model-trial")
    .map((trial) => trial.shadowRoot!.textContent.replace(/\s+/g, " "))
    .join("");

describe("setting an imported model up", () => {
  it("shows what the network sees, tells which answers fit, and takes them", async () => {
    const fakes = new Fakes();
    fakes.nextTrial = trialOf([
      [0.9, 0.9, 0.9],
      [0.1, 0.2, 0.9],
      [0.9, 0.9, 0.9],
      [Number.NaN, 0.9, 0.9],
    ]);
    const element = await setup(fakes, imported({ questions: ["output", "preprocessing"] }));
    await expectAccessibleInBothThemes(element);
    chooseFiles(element, "Choose photos", ["a.jpg", "b.jpg"]);
    await until(() => textOf(element).includes("Choose images of both kinds"), "what one kind tells");
    chooseFiles(element, "Choose other images", ["c.jpg", "d.jpg"]);
    await until(() => textOf(element).includes("would be right"), "the advice");
    expect(textOf(element)).to.contain("With pixels from −1 to 1 and “Class 0” as the photo, 3 of 4 would be right.");
    expect(textOf(element)).to.contain("1 could not be read.");
    expect(textOf(element)).to.contain("0 to 255").and.to.contain("−2.12 to 2.64");
    expect(inside(element, "canvas")).to.have.length(3);
    await expectAccessibleInBothThemes(element);
    control(element, "Take these answers").click();
    await settled(element);
    expect(textOf(element)).to.contain("3 of 4 images are right; no other answers fit clearly better");
    let answers: ModelAnswers | null = null;
    element.addEventListener("tamis-answers", (event) => (answers = (event as CustomEvent<ModelAnswers>).detail));
    control(element, "Save the answers").click();
    expect(answers).to.deep.include({ positive: 0 });
    expect(answers!.preprocessing).to.deep.include({ scale: 1 / 127.5, offset: -1 });
    expect(fakes.calls).to.deep.equal(["try 2 in 4 ways", "try 4 in 4 ways"]);
  });

  it("a model with nothing to ask can be tried, and its outputs swapped", async () => {
    const fakes = new Fakes().fill();
    fakes.nextTrial = succeeded({
      pictures: Array.from({ length: 20 }, () => new Uint8Array(12)),
      outputs: [Float32Array.from({ length: 20 }, (_, i) => (i < 10 ? 0.1 : 0.8))],
    });
    const element = await setup(fakes, imported());
    expect(inside(element, "tamis-model-trial")).to.have.length(0);
    inside<HTMLElement>(element, "summary")[0]!.click();
    await until(() => inside(element, "tamis-model-trial").length === 1, "the trial");
    const select = inside<HTMLSelectElement>(element, "select")[0]!;
    select.value = "d1";
    select.dispatchEvent(new Event("change"));
    await until(() => textOf(element).includes("takes photos for the others"), "the advice");
    expect(textOf(element)).to.contain("with “Class 0” as the photo, 20 of 20 would be right.");
    let answers: ModelAnswers | null = null;
    element.addEventListener("tamis-answers", (event) => (answers = (event as CustomEvent<ModelAnswers>).detail));
    control(element, "Swap the outputs").click();
    expect(answers).to.deep.include({ positive: 0 });
    await expectAccessibleInBothThemes(element);
  });
});
