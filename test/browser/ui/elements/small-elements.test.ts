import { expect } from "chai";
import { html } from "lit";
import { failed } from "../../../../src/contract/outcome.ts";
import "../../../../src/ui/elements/empty-state/empty-state.ts";
import type { FailureNote } from "../../../../src/ui/elements/failure-note/failure-note.ts";
import "../../../../src/ui/elements/failure-note/failure-note.ts";
import type { FilePicker } from "../../../../src/ui/elements/file-picker/file-picker.ts";
import "../../../../src/ui/elements/file-picker/file-picker.ts";
import type { ProgressLine } from "../../../../src/ui/elements/progress-line/progress-line.ts";
import "../../../../src/ui/elements/progress-line/progress-line.ts";
import type { VerdictBadge } from "../../../../src/ui/elements/verdict-badge/verdict-badge.ts";
import "../../../../src/ui/elements/verdict-badge/verdict-badge.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { chooseFiles } from "../choose-files.ts";
import { Fakes } from "../fakes/fakes.ts";
import type { PickedFolder } from "../../../../src/ui/services/picked-files.ts";
import { control, inside, mount, settled, unmountAll } from "../mount.ts";

afterEach(unmountAll);

/** What a person reads in an element. */
function textOf(element: Element): string {
  return inside(element, "*")
    .filter((inner) => inner.children.length === 0)
    .map((inner) => inner.textContent.trim())
    .join(" ");
}

describe("progress line", () => {
  async function line(progress: ProgressLine["progress"]): Promise<ProgressLine> {
    return mount(
      html`<tamis-progress-line label="Importing" .progress=${progress} cancellable></tamis-progress-line>`,
      new Fakes(),
    );
  }

  it("says how far, how fast, how long", async () => {
    const element = await line({ done: 1203, total: 3214, rate: 122.4, secondsLeft: 17 });
    const text = element.shadowRoot?.textContent ?? "";
    expect(text).to.contain("1,203 of 3,214");
    expect(text).to.contain("122 per second");
    expect(text).to.contain("about 20 sec left");
    const progress = inside<HTMLProgressElement>(element, "progress")[0];
    expect(progress?.position).to.be.closeTo(1203 / 3214, 1e-6);
    await expectAccessibleInBothThemes(element);
  });

  it("claims nothing that was not measured", async () => {
    const element = await line({ done: 0, total: 10, rate: null, secondsLeft: null });
    expect(element.shadowRoot?.textContent).not.to.match(/per second|left/);
  });

  it("is indeterminate while nothing is known", async () => {
    const element = await line(null);
    expect(inside<HTMLProgressElement>(element, "progress")[0]?.position).to.equal(-1);
    await expectAccessibleInBothThemes(element);
  });

  it("can be cancelled", async () => {
    const element = await line(null);
    let cancelled = 0;
    element.addEventListener("tamis-cancel", () => (cancelled += 1));
    control(element, "Cancel").click();
    expect(cancelled).to.equal(1);
  });
});

describe("verdict badge", () => {
  for (const [verdict, word] of [
    ["photo", "Photo"],
    ["not-photo", "Not a photo"],
    ["to-review", "To review"],
    [null, "Unreadable"],
  ] as const) {
    it(`says “${word}” in words, with an icon`, async () => {
      const element = await mount<VerdictBadge>(
        html`<tamis-verdict-badge .verdict=${verdict}></tamis-verdict-badge>`,
        new Fakes(),
      );
      expect(element.shadowRoot?.textContent.trim()).to.equal(word);
      expect(inside(element, "svg")).to.have.length(1);
      await expectAccessibleInBothThemes(element);
    });
  }
});

describe("empty state", () => {
  it("says what is missing and what to do", async () => {
    const element = await mount(
      html`<tamis-empty-state symbol="data" heading="No dataset yet"
        >Import one.<button slot="actions" type="button">Import</button></tamis-empty-state
      >`,
      new Fakes(),
    );
    expect(textOf(element)).to.contain("No dataset yet");
    await expectAccessibleInBothThemes(element);
  });
});

describe("failure note", () => {
  it("says what happened, in the person's words and in the engine's, and what to do", async () => {
    const element = await mount<FailureNote>(
      html`<tamis-failure-note
        .failure=${failed("storage-full", "412 MB are missing.", "Delete something.")}
      ></tamis-failure-note>`,
      new Fakes(),
    );
    const text = element.shadowRoot?.textContent ?? "";
    expect(text).to.contain("The storage of this device is full.");
    expect(text).to.contain("Delete datasets or models");
    expect(inside(element, "[lang=en]")[0]?.textContent).to.contain("412 MB are missing.");
    expect(inside(element, "[role=alert]")).to.have.length(1);
    await expectAccessibleInBothThemes(element);
  });

  it("takes no room when there is nothing, or when the person cancelled", async () => {
    const element = await mount<FailureNote>(html`<tamis-failure-note></tamis-failure-note>`, new Fakes());
    expect(getComputedStyle(element).display).to.equal("none");
    element.failure = failed("cancelled", "Cancelled.");
    await settled(element);
    expect(getComputedStyle(element).display).to.equal("none");
    element.failure = failed("unexpected", "Oops.");
    await settled(element);
    expect(getComputedStyle(element).display).not.to.equal("none");
  });
});

describe("file picker", () => {
  async function picker(folder: boolean): Promise<{ element: Element; picked: () => Promise<PickedFolder> }> {
    const element = await mount<FilePicker>(
      html`<tamis-file-picker label="Pick" ?folder=${folder}></tamis-file-picker>`,
      new Fakes(),
    );
    const picked = (): Promise<PickedFolder> =>
      new Promise((fulfil) => {
        element.addEventListener("tamis-picked", (event) => fulfil((event as CustomEvent<PickedFolder>).detail), {
          once: true,
        });
      });
    return { element, picked };
  }

  it("gives files by their names, and a folder's below it", async () => {
    const files = await picker(false);
    const loose = files.picked();
    chooseFiles(files.element, "Pick", ["a.jpg", "b.jpg"]);
    expect((await loose).files.map(({ path }) => path)).to.deep.equal(["a.jpg", "b.jpg"]);
    const folder = await picker(true);
    const whole = folder.picked();
    chooseFiles(folder.element, "Pick", ["scans/Photo/a.jpg"]);
    expect((await whole).name).to.equal("scans");
    expect((await whole).files.map(({ path }) => path)).to.deep.equal(["Photo/a.jpg"]);
  });

  it("says nothing where nothing was picked, and is neither seen nor reached by keys", async () => {
    const { element, picked } = await picker(false);
    let isPicked = false;
    void picked().then(() => (isPicked = true));
    chooseFiles(element, "Pick", []);
    await settled(element);
    expect(isPicked).to.equal(false);
    expect(getComputedStyle(element).display).to.equal("none");
  });
});
