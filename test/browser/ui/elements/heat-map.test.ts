import { sendKeys } from "@web/test-runner-commands";
import { expect } from "chai";
import { html } from "lit";
import { failed, type Outcome, succeeded } from "../../../../src/contract/outcome.ts";
import type { Explanation } from "../../../../src/domain/explanation/explanation.ts";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import type { Explain } from "../../../../src/ui/services/explanation-service.ts";
import "../../../../src/ui/elements/heat-map/heat-map.ts";
import { colourAt, drawHeatMap } from "../../../../src/ui/elements/heat-map/draw.ts";
import type { HeatMapElement } from "../../../../src/ui/elements/heat-map/heat-map.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, settled, unmountAll, until } from "../mount.ts";
import { explained, someExplanation, swatch } from "../samples.ts";

afterEach(async () => {
  unmountAll();
  await setAppLocale("en");
});

const source = (key: string) => ({ key, load: () => swatch(key) });

async function mounted(explain: Explain | null): Promise<HeatMapElement> {
  const template = html`<tamis-heat-map alt="a scan" .source=${source("a")} .explain=${explain}></tamis-heat-map>`;
  const element = await mount<HeatMapElement>(template, new Fakes());
  element.style.setProperty("--heat-map-height", "200px");
  return element;
}

const words = (element: Element): string =>
  inside(element, ".words")[0]
    ?.textContent.trim()
    .replace(/[ \n]+/g, " ") ?? "";
const canvasOf = (element: Element) => inside<HTMLCanvasElement>(element, "canvas")[0];

/** Waits for `finish` between the first map and the rest. */
function slowly(): {
  readonly explain: Explain;
  readonly finish: (outcome: Outcome<Explanation>) => void;
  aborted: boolean;
} {
  let finish: (outcome: Outcome<Explanation>) => void = () => undefined;
  const task = {
    aborted: false,
    explain: ((onStep, signal) => {
      explained(onStep);
      signal.addEventListener("abort", () => {
        task.aborted = true;
        finish(failed("cancelled", "Cancelled."));
      });
      return new Promise((resolve) => (finish = resolve));
    }) as Explain,
    finish: (outcome: Outcome<Explanation>) => finish(outcome),
  };
  return task;
}

describe("heat map", () => {
  it("on demand shows where the evidence lies, in colours and in words, for both sides and by both methods", async () => {
    const element = await mounted((onStep) => Promise.resolve(explained(onStep)));
    expect(canvasOf(element)).to.equal(undefined);
    await expectAccessibleInBothThemes(element);
    control(element, "Why?H").click();
    await until(() => words(element).includes("Computed"), "the explanation");
    expect(words(element)).to.contain("What speaks most for a photo lies at the upper left (100% of it).");
    expect(words(element)).to.contain("bears Grad-CAM out (rank correlation 0.83). Computed in 1.6\u00a0s.");
    expect(words(element)).to.contain("the network does not look there");
    expect(canvasOf(element)!.width).to.equal(512);
    await expectAccessibleInBothThemes(element);
    control(element, "Against a photo").click();
    control(element, "By covering").click();
    await settled(element);
    expect(words(element)).to.contain("speaks most against a photo lies at the lower right");
    expect(words(element)).to.contain("raises the probability of a photo by 6.2 points");
    expect(inside(element, ".legend")[0]!.textContent).to.contain("the most of both sides (12.4 points)");
    await setAppLocale("fr");
    await settled(element);
    expect(words(element)).to.contain("en bas à droite");
  });

  it("goes and comes by key, also under its strength; not where somebody writes", async () => {
    const element = await mounted((onStep) => Promise.resolve(explained(onStep)));
    await sendKeys({ press: "h" });
    await until(() => canvasOf(element), "the map");
    const strength = inside<HTMLInputElement>(element, "input")[0]!;
    strength.focus();
    const before = strength.value;
    let turned = 0;
    element.addEventListener("keydown", () => (turned += 1));
    await sendKeys({ press: "ArrowLeft" });
    expect(Number(strength.value)).to.be.below(Number(before));
    expect(turned).to.equal(0);
    await settled(element);
    expect(Number(canvasOf(element)!.style.opacity)).to.equal(Number(strength.value));
    await sendKeys({ press: "h" });
    await until(() => !canvasOf(element), "it to go");
    expect(words(element)).to.equal("");
    const field = document.createElement("input");
    document.body.append(field);
    field.focus();
    await sendKeys({ press: "h" });
    field.remove();
    await settled(element);
    expect(canvasOf(element)).to.equal(undefined);
  });

  it("shows Grad-CAM while it goes on covering; cancelled, it keeps that and can be asked for the rest", async () => {
    const task = slowly();
    const element = await mounted(task.explain);
    control(element, "Why?H").click();
    await until(() => canvasOf(element), "the first map");
    const line = inside(element, "tamis-progress-line")[0]!;
    expect(line.shadowRoot!.textContent).to.contain("40 of 289");
    control(line, "Cancel").click();
    await until(() => inside(element, "tamis-progress-line").length === 0, "the end");
    expect(task.aborted).to.equal(true);
    expect(canvasOf(element)).not.to.equal(undefined);
    control(element, "Check by covering").click();
    await settled(element);
    task.finish(succeeded(someExplanation));
    await until(() => words(element).includes("Computed"), "the rest");
  });

  it("forgets another picture, tells failures, and offers nothing where there is nothing to explain", async () => {
    const task = slowly();
    const element = await mounted(task.explain);
    await sendKeys({ press: "h" });
    await until(() => canvasOf(element), "the first map");
    control(element, "Against a photo").focus();
    element.source = source("b");
    await settled(element);
    // What had the focus is gone; the keys of the dialog around must still work.
    expect(element.shadowRoot!.activeElement).to.equal(control(element, "Why?H"));
    expect(task.aborted).to.equal(true);
    expect(canvasOf(element)).to.equal(undefined);
    element.explain = () => Promise.resolve(failed("not-found", "The file a.jpg cannot be read any more."));
    await settled(element);
    control(element, "Why?H").click();
    const note = () => inside(element, "tamis-failure-note")[0]?.shadowRoot?.textContent ?? "";
    await until(() => note().includes("a.jpg"), "the failure");
    element.explain = null;
    await settled(element);
    expect(inside(element, "button")).to.have.length(0);
  });

  it("says so where covering changes nothing, and where there is no gradient", async () => {
    const occlusion = { ...someExplanation.occlusion, lowest: -0.001, highest: 0.002 };
    const explanation = {
      ...someExplanation,
      gradCam: null,
      gradCamLack: "no-layers",
      agreement: null,
      occlusion,
    } as const;
    const element = await mounted(() => Promise.resolve(succeeded(explanation)));
    control(element, "Why?H").click();
    await until(() => words(element).includes("Computed"), "the explanation");
    expect(words(element)).to.contain("No single place decides");
    expect(words(element)).to.contain("explained by covering alone");
  });

  it("draws the strongest place brightest, in even steps of lightness, and what is not seen in grey", () => {
    const canvas = document.createElement("canvas");
    drawHeatMap(canvas, someExplanation.occlusion, "photo");
    const at = (x: number, y: number) => [...canvas.getContext("2d")!.getImageData(x, y, 1, 1).data.subarray(0, 3)];
    expect(at(32, 32)).to.deep.equal([...colourAt(1)]);
    expect(at(256, 256)).to.deep.equal([...colourAt(0)]);
    for (const channel of at(500, 256)) expect(channel).to.be.closeTo(128, 6);
    const lightness = Array.from({ length: 11 }, (_, i) => {
      const [r, g, b] = colourAt(i / 10).map((value) => (value / 255) ** 2.2) as [number, number, number];
      return Math.cbrt(0.2126 * r + 0.7152 * g + 0.0722 * b);
    });
    const steps = lightness.slice(1).map((value, i) => value - lightness[i]!);
    expect(Math.min(...steps)).to.be.above(0.03);
    expect(Math.max(...steps)).to.be.below(0.1);
  });
});
