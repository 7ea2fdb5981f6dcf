import { expect } from "chai";
import { MutableStore } from "../../../src/app/services/mutable-store.ts";
import { ProgressMeter, throttled } from "../../../src/app/services/progress-meter.ts";

describe("progress meter", () => {
  it("has no rate at first, and then that of the last seconds", () => {
    let now = 0;
    const meter = new ProgressMeter(() => now);
    expect(meter.measure(0, 100)).to.deep.equal({ done: 0, total: 100, rate: null, secondsLeft: null });
    for (now = 500; now <= 30_000; now += 500) meter.measure(now / 500, 1_000);
    now = 30_500;
    const { rate, secondsLeft } = meter.measure(61, 1_000);
    expect(rate).to.be.closeTo(2, 0.01);
    expect(secondsLeft).to.be.closeTo((1_000 - 61) / 2, 5);
  });

  it("follows a total that grows", () => {
    let now = 0;
    const meter = new ProgressMeter(() => now);
    now = 1_000;
    expect(meter.measure(10, 20).secondsLeft).to.be.closeTo(1, 0.01);
    expect(meter.measure(10, 40).secondsLeft).to.be.closeTo(3, 0.01);
  });
});

describe("throttled", () => {
  it("acts once for many calls, and at once when it is flushed", async () => {
    let acts = 0;
    const act = throttled(() => (acts += 1), 20);
    for (let i = 0; i < 5; i++) act();
    expect(acts).to.equal(0);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(acts).to.equal(1);
    act();
    act.flush();
    act.flush();
    expect(acts).to.equal(2);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(acts).to.equal(2);
  });
});

describe("mutable store", () => {
  it("tells of changes only, and only those who still listen", () => {
    const store = new MutableStore(1);
    const told: number[] = [];
    const stop = store.subscribe(() => told.push(store.value));
    store.set(1);
    store.set(2);
    stop();
    store.set(3);
    expect(told).to.deep.equal([2]);
  });

  it("lets a listener stop listening while it is told", () => {
    const store = new MutableStore(1);
    let told = 0;
    const stop = store.subscribe(() => {
      told += 1;
      stop();
    });
    store.subscribe(() => (told += 1));
    store.set(2);
    expect(told).to.equal(2);
  });
});
