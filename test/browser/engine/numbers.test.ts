import { expect } from "chai";
import { Pace } from "../../../workers/engine/session/pace.ts";
import { isPositive, outputCount, outputOf, targetOf } from "../../../workers/engine/session/targets.ts";
import { positiveOf } from "../../../src/domain/model/output.ts";
import { judge, probabilitiesOf } from "../../../workers/engine/evaluation/probability.ts";

describe("what a network's numbers mean", () => {
  const run = { classNames: ["Painting", "Photo", "Text"], positiveClass: "Photo" };
  const binary = outputOf(run, "binary");
  const classes = outputOf(run, "original-classes");

  it("outputs and targets follow from the classes", () => {
    expect(binary).to.deep.equal({ kind: "sigmoid", labels: ["not Photo", "Photo"], positive: 1 });
    expect(outputOf({ ...run, classNames: ["Photo", "Rest"] }, "binary").labels).to.deep.equal(["Rest", "Photo"]);
    expect(classes).to.deep.equal({ kind: "softmax", labels: run.classNames, positive: 1 });
    expect([outputCount(binary), outputCount(classes)]).to.deep.equal([1, 3]);
    expect(run.classNames.map((name) => targetOf(binary, name))).to.deep.equal([0, 1, 0]);
    expect(run.classNames.map((name) => targetOf(classes, name))).to.deep.equal([0, 1, 2]);
    for (const output of [binary, classes]) {
      expect(run.classNames.map((name) => isPositive(output, targetOf(output, name)))).to.deep.equal([
        false,
        true,
        false,
      ]);
    }
  });

  it("losses come from logits and are not clipped", () => {
    expect(judge("sigmoid", Float32Array.of(-100), 1).loss).to.equal(100);
    expect(judge("sigmoid", Float32Array.of(0), 0).loss).to.be.closeTo(Math.LN2, 1e-12);
    expect(judge("softmax", Float32Array.of(0, 200, 0), 0).loss).to.equal(200);
    const { loss, probabilities } = judge("softmax", Float32Array.of(1, 2, 3), 1);
    expect(loss).to.be.closeTo(-Math.log(probabilities[1]!), 1e-6);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).to.be.closeTo(1, 1e-6);
  });

  it("P(positive) is one number an image", () => {
    expect([...positiveOf(binary, Float32Array.of(0.25, 0.75))]).to.deep.equal([0.25, 0.75]);
    expect([...positiveOf(classes, Float32Array.of(0.5, 0.25, 0.25, 0, 1, 0))]).to.deep.equal([0.25, 1]);
    expect([...positiveOf({ ...binary, positive: 0 }, Float32Array.of(0.25))]).to.deep.equal([0.75]);
    const rows = probabilitiesOf(classes, Float32Array.of(0, 0, 0, 9, 0, 0));
    expect(rows[0]).to.be.closeTo(1 / 3, 1e-6);
    expect(rows[3]).to.be.above(0.99);
  });
});

describe("the pace of a run", () => {
  it("reckons with larger views later, and with validation", () => {
    const pace = new Pace([
      { steps: 10, size: 50 },
      { steps: 10, size: 100 },
    ]);
    expect([pace.secondsLeft(0, 0), pace.millisecondsPerStep]).to.deep.equal([0, 0]);
    for (let step = 0; step < 5; step++) pace.addStep(0, 100);
    // Five steps more of 0.1 s, and ten of four times as long.
    expect(pace.secondsLeft(0, 5)).to.be.closeTo(4.5, 1e-9);
    for (let step = 5; step < 10; step++) pace.addStep(0, 100);
    pace.addValidation(2000);
    expect(pace.secondsLeft(1, 0)).to.be.closeTo(4 + 2, 1e-9);
    pace.addStep(1, 700);
    expect(pace.millisecondsPerStep).to.equal(100);
    for (let step = 1; step < 10; step++) pace.addStep(1, 400);
    pace.addValidation(2000);
    expect(pace.millisecondsPerStep).to.equal(250);
    expect(pace.secondsLeft(2, 0)).to.equal(0);
  });
});
