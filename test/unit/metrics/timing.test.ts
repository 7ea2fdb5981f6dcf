import { expect } from "chai";
import { PaceMeter } from "../../../src/domain/metrics/timing.ts";

/** A meter with a clock that the test turns. */
function meterFor(total: number) {
  let time = 1_000;
  const meter = new PaceMeter(total, () => time);
  return {
    after(milliseconds: number, done: number) {
      time += milliseconds;
      return meter.update(done);
    },
  };
}

describe("pace meter", () => {
  it("says nothing until it can tell", () => {
    const meter = meterFor(100);
    expect(meter.after(100, 5)).to.deep.equal({ rate: null, secondsLeft: null });
    expect(meter.after(2_000, 0).rate).to.equal(null);
  });

  it("tells a steady rate and what is left", () => {
    const meter = meterFor(100);
    for (let done = 1; done < 20; done++) meter.after(250, done);
    const { rate, secondsLeft } = meter.after(250, 20);
    expect(rate).to.be.closeTo(4, 1e-9);
    expect(secondsLeft).to.be.closeTo(20, 1e-9);
  });

  it("forgets what is long ago", () => {
    const meter = meterFor(1_000);
    let done = 0;
    for (let i = 0; i < 100; i++) meter.after(100, (done += 1));
    let pace = { rate: null, secondsLeft: null } as ReturnType<PaceMeter["update"]>;
    for (let i = 0; i < 200; i++) pace = meter.after(100, (done += 3));
    expect(pace.rate).to.be.closeTo(30, 0.5);
  });

  it("ends at nothing left", () => {
    const meter = meterFor(10);
    expect(meter.after(1_000, 10).secondsLeft).to.equal(0);
  });

  it("changes smoothly when items come in bursts", () => {
    const meter = meterFor(10_000);
    const rates: number[] = [];
    for (let i = 1; i <= 300; i++) {
      const { rate } = meter.after(100, Math.floor(i / 10) * 10);
      if (rate !== null && i > 100) rates.push(rate);
    }
    expect(Math.max(...rates) - Math.min(...rates)).to.be.below(2.6);
  });
});
