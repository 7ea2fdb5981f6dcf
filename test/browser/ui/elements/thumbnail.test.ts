import { expect } from "chai";
import { html, render } from "lit";
import type { Thumbnail, ThumbnailSource } from "../../../../src/ui/elements/thumbnail/thumbnail.ts";
import "../../../../src/ui/elements/thumbnail/thumbnail.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { swatch } from "../samples.ts";
import { inside, mount, unmountAll, until } from "../mount.ts";

/** Object URLs that were made and not let go. */
const alive = new Set<string>();
const { createObjectURL, revokeObjectURL } = URL;

function source(key: string, load: () => Promise<Blob | undefined> = () => swatch(key)): ThumbnailSource {
  return { key, load };
}

describe("thumbnail", () => {
  before(() => {
    URL.createObjectURL = (blob) => {
      const url = createObjectURL.call(URL, blob);
      alive.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      alive.delete(url);
      revokeObjectURL.call(URL, url);
    };
  });
  after(() => {
    URL.createObjectURL = createObjectURL;
    URL.revokeObjectURL = revokeObjectURL;
  });
  afterEach(unmountAll);

  it("shows its picture with its words, and lets the URL go when it leaves", async () => {
    const element = await mount<Thumbnail>(
      html`<tamis-thumbnail alt="A cat" .source=${source("cat")}></tamis-thumbnail>`,
      new Fakes(),
    );
    const image = await until(() => inside<HTMLImageElement>(element, "img")[0], "the picture");
    expect(image.alt).to.equal("A cat");
    await expectAccessibleInBothThemes(element);
    expect(alive.size).to.equal(1);
    unmountAll();
    expect(alive.size).to.equal(0);
  });

  it("loads another picture when the key changes, and the same one never twice", async () => {
    const element = await mount<Thumbnail>(
      html`<tamis-thumbnail .source=${source("a")}></tamis-thumbnail>`,
      new Fakes(),
    );
    const first = await until(() => inside<HTMLImageElement>(element, "img")[0]?.src, "the first picture");
    let loaded = 0;
    element.source = source("a", () => {
      loaded += 1;
      return swatch("a");
    });
    await element.updateComplete;
    await new Promise((fulfil) => setTimeout(fulfil, 50));
    expect(loaded).to.equal(0);
    element.source = source("b");
    await until(() => {
      const now = inside<HTMLImageElement>(element, "img")[0]?.src;
      return now !== undefined && now !== first;
    }, "the second picture");
    expect(alive.size).to.equal(1);
  });

  it("keeps its place and its words where there is no picture", async () => {
    const element = await mount<Thumbnail>(
      html`<tamis-thumbnail
        alt="Gone"
        .source=${source("x", () => Promise.reject(new Error("gone")))}
      ></tamis-thumbnail>`,
      new Fakes(),
    );
    await new Promise((fulfil) => setTimeout(fulfil, 50));
    expect(inside(element, "img")).to.have.length(0);
    expect(element.shadowRoot?.textContent).to.contain("Gone");
  });

  it("does not load what is far from view", async () => {
    let loaded = 0;
    const holder = document.createElement("div");
    document.body.append(holder);
    const load = (): Promise<undefined> => {
      loaded += 1;
      return Promise.resolve(undefined);
    };
    render(html`<tamis-thumbnail .source=${source("far", load)}></tamis-thumbnail>`, holder);
    holder.style.position = "absolute";
    holder.style.top = "9000px";
    await new Promise((fulfil) => setTimeout(fulfil, 150));
    expect(loaded).to.equal(0);
    holder.style.top = "0";
    await until(() => loaded === 1, "it to load");
    holder.remove();
  });
});
