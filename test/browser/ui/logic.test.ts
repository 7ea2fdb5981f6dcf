import { expect } from "chai";
import { html } from "lit";
import { MutableStore } from "../../../src/app/services/mutable-store.ts";
import { baseline, compact } from "../../../src/domain/experiment/presets.ts";
import { arrangeCaptures, countCaptures } from "../../../src/ui/features/classify/capture-list.ts";
import {
  draftOf,
  experimentOf,
  numberOf,
  problemOf,
  wrongField,
} from "../../../src/ui/features/train/training-draft.ts";
import { hrefOf, parseRoute } from "../../../src/ui/routes.ts";
import { StoreController } from "../../../src/ui/elements/base/store-controller.ts";
import { TamisElement } from "../../../src/ui/elements/base/tamis-element.ts";
import { Fakes } from "./fakes/fakes.ts";
import { someCapture, unreadableCapture } from "./samples.ts";
import { mount, settled, unmountAll } from "./mount.ts";

describe("routes", () => {
  it("read addresses, and write what they read", () => {
    expect(parseRoute("#/data/a%20b")).to.deep.equal({ screen: "data", id: "a b" });
    expect(parseRoute(hrefOf("runs", "x/y?z"))).to.deep.equal({ screen: "runs", id: "x/y?z" });
    expect(parseRoute("#/models")).to.deep.equal({ screen: "models", id: null });
  });

  it("end somewhere sensible whatever the address", () => {
    for (const hash of ["", "#", "#/", "#/nowhere", "#main"]) {
      expect(parseRoute(hash), hash).to.deep.equal({ screen: "classify", id: null });
    }
    expect(parseRoute("#/runs")).to.deep.equal({ screen: "train", id: null });
    expect(parseRoute("#/data/100%")).to.deep.equal({ screen: "data", id: "100%" });
  });
});

describe("training draft", () => {
  it("says back what the preset says", () => {
    for (const preset of [baseline, compact]) {
      expect(experimentOf(preset, draftOf(preset))).to.deep.equal(preset);
      const draft = draftOf(preset);
      expect(wrongField(draft)).to.equal(null);
    }
  });

  it("changes what is asked for", () => {
    const experiment = experimentOf(baseline, { ...draftOf(baseline), size: "64", epochs: "5", learningRate: "0,01" });
    expect(experiment?.inputSize).to.equal(64);
    expect(experiment?.pixels.width).to.equal(64);
    expect(experiment?.epochs).to.equal(5);
    expect(experiment?.optimizer.learningRate).to.equal(0.01);
  });

  it("refuses nonsense with the bounds", () => {
    expect(problemOf("epochs", "0")).to.equal("Enter a whole number from 1 to 500.");
    expect(problemOf("epochs", "2.5")).not.to.equal("");
    expect(problemOf("epochs", "")).not.to.equal("");
    expect(problemOf("size", "9999")).not.to.equal("");
    expect(problemOf("batchSize", "-3")).not.to.equal("");
    expect(problemOf("learningRate", "0")).to.equal("Enter a number from 0.000001 to 1.");
    expect(problemOf("seed", "4294967296")).not.to.equal("");
    expect(problemOf("seed", "0")).to.equal("");
    expect(experimentOf(baseline, { ...draftOf(baseline), epochs: "many" })).to.equal(null);
  });

  it("reads a decimal comma", () => {
    expect(numberOf(" 0,003 ")).to.equal(0.003);
    expect(numberOf("x")).to.be.NaN;
    expect(numberOf("")).to.be.NaN;
  });
});

describe("list of captures", () => {
  const captures = [
    someCapture(0, { file: "b10.jpg", probability: 0.9, verdict: "photo" }),
    someCapture(1, { file: "b9.jpg", probability: 0.1, verdict: "not-photo" }),
    unreadableCapture(2),
    someCapture(3, { file: "a.jpg", probability: 0.5, verdict: "to-review" }),
  ];
  const ids = (filter: Parameters<typeof arrangeCaptures>[1], order: Parameters<typeof arrangeCaptures>[2]): string =>
    arrangeCaptures(captures, filter, order, "en")
      .map((capture) => capture.id)
      .join(" ");

  it("is counted by verdict", () => {
    expect(countCaptures(captures)).to.deep.equal({ all: 4, photo: 1, "not-photo": 1, "to-review": 1, unreadable: 1 });
  });

  it("is filtered and put in order, and left as it was", () => {
    expect(ids("all", "oldest")).to.equal("c0 c1 c2 c3");
    expect(ids("all", "newest")).to.equal("c3 c2 c1 c0");
    expect(ids("all", "most-photo")).to.equal("c0 c3 c1 c2");
    expect(ids("all", "least-photo")).to.equal("c1 c3 c0 c2");
    expect(ids("all", "name"), "9 comes before 10").to.equal("c3 c1 c0 c2");
    expect(ids("unreadable", "newest")).to.equal("c2");
    expect(captures[0]?.id).to.equal("c0");
  });
});

class WatchedStore<T> extends MutableStore<T> {
  listeners = 0;
  override subscribe(listener: () => void): () => void {
    const leave = super.subscribe(listener);
    this.listeners += 1;
    return () => {
      this.listeners -= 1;
      leave();
    };
  }
}

class Reader extends TamisElement {
  store = new WatchedStore(1);
  renders = 0;
  protected override render() {
    this.renders += 1;
    return html`${this.stores.read(this.store)}`;
  }
}
customElements.define("test-reader", Reader);

describe("store controller", () => {
  afterEach(unmountAll);

  it("renders again when a store changes, and leaves it with the page", async () => {
    const element = await mount<Reader>(html`<test-reader></test-reader>`, new Fakes());
    expect(element.shadowRoot?.textContent).to.equal("1");
    element.store.set(2);
    await settled(element);
    expect(element.shadowRoot?.textContent).to.equal("2");
    expect(element.store.listeners).to.equal(1);
    const parent = element.parentElement;
    element.remove();
    expect(element.store.listeners).to.equal(0);
    element.store.set(3);
    parent?.append(element);
    await settled(element);
    expect(element.shadowRoot?.textContent, "what changed meanwhile").to.equal("3");
    expect(element.store.listeners).to.equal(1);
  });

  it("is there for every element", () => {
    expect(new Reader()).to.have.property("stores").that.is.instanceOf(StoreController);
  });
});
