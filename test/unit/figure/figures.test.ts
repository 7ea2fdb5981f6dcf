import { expect } from "chai";
import { fixedFeatures, needsBackbone } from "../../../src/domain/experiment/backbone.ts";
import { networkSize, networkSummary } from "../../../src/domain/experiment/network-size.ts";
import { presets } from "../../../src/domain/experiment/presets.ts";
import { drawCurves } from "../../../src/domain/figure/curves.ts";
import { drawNetwork } from "../../../src/domain/figure/lenet.ts";
import { Writer } from "../../../src/domain/text/writer.ts";
import { historyOf } from "../analysis/some-run.ts";

const writer = new Writer("en");

function parsed(svg: string): Document {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(document.querySelector("parsererror"), svg.slice(0, 200)).to.equal(null);
  return document;
}

function textsOf(document: Document): string[] {
  return [...document.querySelectorAll("text")].map((text) => text.textContent);
}

describe("summary of a network", () => {
  it("adds up to what the network has", () => {
    for (const { layers, inputSize, preset, backbone } of presets) {
      if (needsBackbone(backbone)) continue;
      const rows = networkSummary(layers, inputSize, 1, backbone ?? null);
      const sum = rows.reduce((total, { parameters }) => total + parameters, 0);
      expect(sum, preset).to.equal(networkSize(layers, inputSize, 1, fixedFeatures(backbone, inputSize)).parameters);
    }
  });
});

describe("drawing of a network", () => {
  it("shows every stage of every preset with its size, inside its frame", () => {
    for (const { layers, inputSize, preset, backbone } of presets) {
      if (needsBackbone(backbone)) continue;
      const rows = networkSummary(layers, inputSize, 1, backbone ?? null);
      const { svg, width, height } = drawNetwork(rows, inputSize, writer);
      const document = parsed(svg);
      const texts = textsOf(document);
      expect(texts, preset).to.include(`3@${inputSize}×${inputSize}`);
      for (const { layer, outputShape } of rows) {
        if (layer?.type === "fixed-features") expect(texts, preset).to.include.members(["320", "dictionaries"]);
        if (layer?.type !== "conv2d" && layer?.type !== "residual-block") continue;
        const [side, , channels] = outputShape;
        expect(texts, preset).to.include(`${channels}@${side}×${side}`);
      }
      for (const sheet of document.querySelectorAll("rect")) {
        const at = (name: string) => Number(sheet.getAttribute(name));
        expect(at("x")).to.be.least(0);
        expect(at("y")).to.be.least(0);
        expect(at("x") + at("width")).to.be.most(width);
        expect(at("y") + at("height")).to.be.most(height);
      }
    }
  });

  it("is to scale: a map of half the side is drawn half as large", () => {
    const { layers } = presets[0]!;
    const { svg } = drawNetwork(networkSummary(layers, 180, 1), 180, writer);
    const sides = [...parsed(svg).querySelectorAll("rect")].map((sheet) => Number(sheet.getAttribute("width")));
    expect(sides).to.include(150).and.to.include(75);
  });
});

describe("curves as a figure of their own", () => {
  const history = historyOf([0.6, 0.7, 0.6, 0.7], [0.8, 0.5, 0.75, 0.55], [0.9, Number.NaN, 0.8, 0.5]);

  it("has both panels, a line for training and one for validation of every run, and bears a loss that is no number", () => {
    const series = [
      { name: "A & B", history },
      { name: "L1", history },
    ];
    const document = parsed(drawCurves(series, writer));
    expect(document.querySelectorAll("polyline")).to.have.length(8);
    expect(textsOf(document)).to.include.members(["Accuracy", "Loss", "Epoch", "A & B", "L1"]);
    expect(document.documentElement.outerHTML).to.not.contain("NaN");
  });

  it("bears a run without an epoch", () => {
    expect(parsed(drawCurves([{ name: "empty", history: [] }], writer)).querySelectorAll("polyline")).to.have.length(4);
  });
});
