import { expect } from "chai";
import { html } from "lit";
import type { Curves } from "../../../../src/ui/elements/curves/curves.ts";
import "../../../../src/ui/elements/curves/curves.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes.ts";
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
    const rows = inside(element, "tbody tr").map((row) => [...row.children].map((cell) => cell.textContent.trim()));
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
});
