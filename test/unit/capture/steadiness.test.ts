import { expect } from "chai";
import { greyOf, SteadyTrigger } from "../../../src/domain/capture/steadiness.ts";

const frame = (level: number): Uint8Array => new Uint8Array(16).fill(level);

describe("steady trigger", () => {
  it("takes a picture once it holds still, and once only", () => {
    const trigger = new SteadyTrigger();
    const looks = [0, 300, 600, 900, 1200, 1500, 1800].map((now) => trigger.look(frame(100 + (now % 2)), now));
    expect(looks).to.deep.equal([false, false, false, true, false, false, false]);
  });

  it("waits while something moves, then takes the next picture", () => {
    const trigger = new SteadyTrigger();
    for (const now of [0, 500, 1000]) trigger.look(frame(100), now);
    expect(trigger.look(frame(180), 1500)).to.equal(false);
    expect(trigger.look(frame(180), 2000)).to.equal(false);
    expect(trigger.look(frame(181), 2500)).to.equal(true);
  });

  it("does not take the same picture again after a shake", () => {
    const trigger = new SteadyTrigger();
    for (const now of [0, 500, 1000]) trigger.look(frame(100), now);
    trigger.look(frame(160), 1500);
    const after = [2000, 2500, 3000, 3500].map((now) => trigger.look(frame(101), now));
    expect(after).to.deep.equal([false, false, false, false]);
  });

  it("weighs colours as eyes do", () => {
    expect([...greyOf(new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]))]).to.deep.equal([
      76, 150, 29,
    ]);
  });
});
