import { sendKeys } from "@web/test-runner-commands";
import { expect } from "chai";
import { html } from "lit";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import type { AppShell } from "../../../../src/ui/app-shell/app-shell.ts";
import "../../../../src/ui/app-shell/app-shell.ts";
import { notify } from "../../../../src/ui/elements/toast/notify.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { control, inside, mount, settled, unmountAll, until, within } from "../mount.ts";

afterEach(async () => {
  unmountAll();
  location.hash = "";
  await setAppLocale("en");
});

async function app(fakes: Fakes, hash = ""): Promise<AppShell> {
  location.hash = hash;
  const element = await mount<AppShell>(html`<tamis-app></tamis-app>`, fakes);
  await until(() => inside(element, "h1").length === 1, "the first screen");
  return element;
}

function heading(element: Element): string {
  return inside(element, "h1")[0]?.textContent.trim() ?? "";
}

// Run it with the other screens (`node scripts/wtr.mjs test/browser/ui/screens`): bundled alone, what the lazy screens share lies in this
// very file, which the test runner then loads a second time, under another address.
describe("app shell", () => {
  it("shows the screen of the address, its title, and where one is", async () => {
    const element = await app(new Fakes().fill(), "#/models");
    expect(heading(element)).to.equal("Models");
    expect(document.title).to.equal("Models · Tamis");
    expect(inside(element, "nav [aria-current=page]").map((link) => link.textContent.trim())).to.deep.equal(["Models"]);
    await expectAccessibleInBothThemes(element);
  });

  for (const [screen, hash] of [
    ["Classify", "#/classify"],
    ["Data", "#/data"],
    ["Train", "#/train"],
    ["Settings", "#/settings"],
  ] as const) {
    it(`leads to ${screen}, and moves the focus to its heading`, async () => {
      const element = await app(new Fakes().fill(), "#/models");
      control(element, screen).click();
      await until(() => heading(element) === screen, screen);
      expect(location.hash).to.equal(hash);
      const h1 = inside<HTMLElement>(element, "h1")[0];
      await until(() => h1 && (h1.getRootNode() as ShadowRoot).activeElement === h1, "the focus");
    });
  }

  it("opens one run and one dataset by address", async () => {
    const element = await app(new Fakes().fill(), "#/runs/r1");
    expect(heading(element)).to.equal("Compact on “archive”");
    expect(inside(element, "nav [aria-current=page]")[0]?.textContent.trim()).to.equal("Train");
    location.hash = "#/data/d1";
    await until(() => heading(element) === "archive", "the dataset");
  });

  it("lets the keyboard skip to the content", async () => {
    const element = await app(new Fakes().fill(), "#/settings");
    const skip = control(element, "Skip to content");
    skip.focus();
    await sendKeys({ press: "Enter" });
    const h1 = inside<HTMLElement>(element, "h1")[0];
    await until(() => h1 && (h1.getRootNode() as ShadowRoot).activeElement === h1, "the focus");
    expect(location.hash).to.equal("#/settings");
  });

  it("asks before a new version takes over", async () => {
    const fakes = new Fakes();
    const element = await app(fakes);
    fakes.updateReady.set(true);
    await settled(element);
    expect(fakes.calls).to.deep.equal([]);
    await expectAccessibleInBothThemes(element);
    control(element, "Reload now").click();
    expect(fakes.calls).to.deep.equal(["update"]);
  });

  it("says that a new version would interrupt a training, and takes no for an answer", async () => {
    const fakes = new Fakes().startTraining();
    fakes.updateReady.set(true);
    const element = await app(fakes, "#/settings");
    expect(inside(element, ".banner")[0]?.textContent).to.contain("would interrupt the training");
    control(element, "Later").click();
    await settled(element);
    expect(inside(element, ".banner")).to.have.length(0);
  });

  it("offers to install, and says when there is no network", async () => {
    const fakes = new Fakes();
    fakes.installable.set(true);
    fakes.online.set(false);
    const element = await app(fakes);
    expect(inside(element, ".state")[0]?.textContent.trim()).to.equal("Offline");
    await expectAccessibleInBothThemes(element);
    control(element, "Install").click();
    expect(fakes.calls).to.deep.equal(["install"]);
  });

  it("takes no for an answer about installing, for good", async () => {
    const fakes = new Fakes();
    fakes.installable.set(true);
    try {
      control(await app(fakes), "Not now").click();
      unmountAll();
      const element = await app(fakes);
      expect(inside(element, ".banner")).to.have.length(0);
    } finally {
      localStorage.clear();
    }
  });

  it("shows messages whichever screen sent them", async () => {
    const element = await app(new Fakes());
    notify({ text: "Hello." });
    await settled(element);
    expect(within(element, "tamis-toasts", "li")).to.have.length(1);
  });

  it("keeps the page when a file is dropped where nothing takes it", async () => {
    await app(new Fakes(), "#/settings");
    for (const type of ["dragover", "drop"]) {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x"], "a.jpg"));
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
      expect(event.defaultPrevented, type).to.equal(true);
    }
  });

  it("speaks French at once", async () => {
    const element = await app(new Fakes().fill(), "#/train");
    await setAppLocale("fr");
    await until(() => heading(element) === "Entraîner", "French");
    expect(document.title).to.equal("Entraîner · Tamis");
    await expectAccessibleInBothThemes(element);
  });
});
