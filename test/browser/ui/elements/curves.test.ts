import { expect } from "chai";
import { html } from "lit";
import type { Curves } from "../../../../src/ui/elements/curves/curves.ts";
import "../../../../src/ui/elements/curves/curves.ts";
import { drawCurves } from "../../../../src/domain/figure/curves.ts";
import { Writer } from "../../../../src/domain/text/writer.ts";
import { pngOf } from "../../../../src/ui/files/picture.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { someHistory } from "../samples.ts";
import { inside, mount, settled, unmountAll, until } from "../mount.ts";

afterEach(unmountAll);

async function curves(epochs: number): Promise<Curves> {
  const element = await mount<Curves>(
    html`<tamis-curves .history=${someHistory(epochs)} .epochs=${20}></tamis-curves>`,
    new Fakes(),
  );
  await until(() => inside(element, ".figure svg").length === 2, "two panels");
  return element;
}

describe("curves", () => {
  it("draws accuracy and loss, each for training and validation", async () => {
    const element = await curves(5);
    for (const figure of inside(element, ".figure")) {
      const lines = [...figure.querySelectorAll('[aria-label="line"] path')];
      expect(lines).to.have.length(2);
      expect(figure.querySelectorAll('[aria-label="dot"] circle')).to.have.length(10);
    }
    await expectAccessibleInBothThemes(element);
  });

  it("brings no style of its own onto the page: the Content-Security-Policy forbids it", async () => {
    const element = await curves(2);
    expect(inside(element, "svg style")).to.have.length(0);
  });

  it("says every value in the table too", async () => {
    const element = await curves(3);
    inside<HTMLDetailsElement>(element, "details")[0]?.setAttribute("open", "");
    const rows = inside(element, "details tbody tr").map((row) =>
      [...row.children].map((cell) => cell.textContent.trim()),
    );
    const first = someHistory(3)[0];
    if (!first) throw new Error("There is no epoch.");
    expect(rows).to.have.length(3);
    expect(rows[0]).to.deep.equal([
      "1",
      first.loss.toFixed(4),
      first.validationLoss.toFixed(4),
      `${(100 * first.accuracy).toFixed(1)}%`,
      `${(100 * first.validationAccuracy).toFixed(1)}%`,
      "41 sec",
    ]);
    await expectAccessibleInBothThemes(element);
  });

  it("grows with the run, and bears a loss that is no number", async () => {
    const element = await curves(1);
    element.history = [
      ...someHistory(1),
      { epoch: 2, loss: Number.NaN, accuracy: 0.5, validationLoss: Number.NaN, validationAccuracy: 0.5, seconds: 1 },
    ];
    await settled(element);
    const [accuracy, loss] = inside(element, ".figure");
    expect(accuracy?.querySelectorAll('[aria-label="dot"] circle')).to.have.length(4);
    expect(loss?.querySelectorAll('[aria-label="dot"] circle')).to.have.length(2);
  });

  it("tells the values of an epoch by the arrow keys, from the last one on", async () => {
    const element = await curves(5);
    const slider = inside(element, "[role=slider]")[0]!;
    const press = async (key: string): Promise<void> => {
      slider.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
      await settled(element);
    };
    expect(slider.getAttribute("aria-valuenow")).to.equal("5");
    await press("ArrowLeft");
    await press("ArrowLeft");
    expect(slider.getAttribute("aria-valuenow")).to.equal("3");
    const third = someHistory(3)[2]!;
    expect(slider.getAttribute("aria-valuetext")).to.equal(
      `Epoch 3. accuracy ${(100 * third.accuracy).toFixed(1)}%, on validation ${(100 * third.validationAccuracy).toFixed(1)}%; ` +
        `loss ${third.loss.toFixed(3)}, on validation ${third.validationLoss.toFixed(3)}`,
    );
    expect(inside(element, ".readout thead th")[0]?.textContent).to.equal("Epoch 3");
    expect(inside(element, '.figure [aria-label="rule"]')).to.have.length(2);
    await press("Home");
    await press("ArrowLeft");
    expect(slider.getAttribute("aria-valuenow")).to.equal("1");
    await expectAccessibleInBothThemes(element);
  });

  it("lays several runs over each other, each with its colour and its name", async () => {
    const element = await curves(3);
    element.series = [
      { name: "Baseline", history: someHistory(3) },
      { name: "Compact", history: someHistory(6) },
    ];
    await settled(element);
    const strokes = [...inside(element, ".figure")[0]!.querySelectorAll('[aria-label="line"]')].map((line) =>
      line.getAttribute("stroke"),
    );
    expect(strokes).to.deep.equal(["var(--series-1)", "var(--series-1)", "var(--series-2)", "var(--series-2)"]);
    const rows = inside(element, ".readout tbody tr").map((row) => row.textContent.trim().replace(/\s+/g, " "));
    expect(rows[0]).to.match(/^Baseline – – – –$/);
    expect(rows[1]).to.match(/^Compact \d/);
    await expectAccessibleInBothThemes(element);
  });

  it("is written as a picture that can be opened", async () => {
    const png = await pngOf(drawCurves([{ name: "Baseline", history: someHistory(3) }], new Writer("en")));
    const picture = await createImageBitmap(png);
    expect({ type: png.type, width: picture.width }).to.deep.equal({ type: "image/png", width: 1680 });
  });
});
