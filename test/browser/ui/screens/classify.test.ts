import { sendKeys } from "@web/test-runner-commands";
import { expect } from "chai";
import { html } from "lit";
import { failed, succeeded } from "../../../../src/contract/outcome.ts";
import { summariseImages } from "../../../../src/domain/drift/image-drift.ts";
import { setAppLocale } from "../../../../src/app/locales/localization.ts";
import { noticeEvent, type Notice } from "../../../../src/ui/elements/toast/notify.ts";
import type { ClassifyScreen } from "../../../../src/ui/features/classify/classify-screen.ts";
import "../../../../src/ui/features/classify/classify-screen.ts";
import type { EmptyState } from "../../../../src/ui/elements/empty-state/empty-state.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { chooseFiles } from "../choose-files.ts";
import { Fakes } from "../fakes/fakes.ts";
import { someCapture, someModel, unreadableCapture } from "../samples.ts";
import { control, inside, mount, settled, unmountAll, until, within } from "../mount.ts";

afterEach(async () => {
  unmountAll();
  await setAppLocale("en");
});

async function screen(fakes: Fakes): Promise<ClassifyScreen> {
  return mount(html`<tamis-classify-screen></tamis-classify-screen>`, fakes);
}

function withModel(): Fakes {
  const fakes = new Fakes();
  fakes.modelList.set([someModel()]);
  fakes.defaultModelId.set("m1");
  return fakes;
}

async function withCaptures(): Promise<{ fakes: Fakes; element: ClassifyScreen }> {
  const fakes = withModel();
  fakes.show([...Array.from({ length: 7 }, (_, index) => someCapture(index)), unreadableCapture(7)]);
  const element = await screen(fakes);
  await until(() => inside(element, "tamis-capture-tile").length === 8, "the tiles");
  return { fakes, element };
}

/** Captures, and a model whose training images were all as bright as `usual`, or that does not say. */
function withSummary(usual: number | null, captures = 60): Fakes {
  const fakes = withModel();
  const statistics = { colourfulness: 20, brightness: 200, contrast: 40, "aspect-ratio": 1.5, size: 2000 };
  const images = Array.from({ length: 400 }, (_, index) => ({
    statistics: { ...statistics, brightness: (usual ?? 0) + (index % 10) },
    isPositive: index % 2 === 0,
  }));
  const [model] = fakes.modelList.value;
  const metadata = { ...model!.metadata, images: summariseImages(images) };
  if (usual !== null) fakes.modelList.set([{ ...model!, metadata }]);
  fakes.show(
    Array.from({ length: captures }, (_, index) =>
      someCapture(index, { statistics: { ...statistics, brightness: 200 + (index % 10) } }),
    ),
  );
  return fakes;
}

describe("classify screen", () => {
  it("says that the model that comes with Tamis is on its way, at the first start", async () => {
    const fakes = new Fakes();
    fakes.awaitsStarter.set(true);
    const element = await screen(fakes);
    expect(inside<EmptyState>(element, "tamis-empty-state")[0]?.heading).to.equal("Getting ready");
    await expectAccessibleInBothThemes(element);
    fakes.awaitsStarter.set(false);
    await settled(element);
    expect(inside<EmptyState>(element, "tamis-empty-state")[0]?.heading).to.equal("No model yet");
  });

  it("says how to get a model where there is none", async () => {
    const element = await screen(new Fakes());
    expect(control(element, "Import a model").getAttribute("href")).to.equal("#/models");
    expect(control(element, "Train a model").getAttribute("href")).to.equal("#/train");
    expect(inside(element, "input[type=file]")).to.have.length(0);
    await expectAccessibleInBothThemes(element);
  });

  it("teaches while it is empty, and says which model judges", async () => {
    const element = await screen(withModel());
    expect(element.shadowRoot?.textContent).to.contain("Compact on archive");
    expect(inside(element, "tamis-verdict-badge")).to.have.length(3);
    await expectAccessibleInBothThemes(element);
  });

  it("promises no review from a model that never doubts", async () => {
    const fakes = withModel();
    const model = someModel();
    fakes.modelList.set([{ ...model, metadata: { ...model.metadata, reviewBand: null } }]);
    const element = await screen(fakes);
    expect(inside(element, "tamis-verdict-badge")).to.have.length(2);
  });

  it("classifies chosen files, and the same ones again", async () => {
    const fakes = withModel();
    const element = await screen(fakes);
    chooseFiles(element, "Files to classify", ["a.jpg", "b.tif"]);
    await until(() => fakes.calls.includes("classify 2 files"), "the call");
    expect(fakes.classified.map(({ path }) => path)).to.deep.equal(["a.jpg", "b.tif"]);
    await settled(element);
    chooseFiles(element, "Files to classify", ["a.jpg", "b.tif"]);
    await until(() => inside(element, "tamis-capture-tile").length === 4, "four tiles");
    expect(inside<HTMLInputElement>(element, "input[type=file]")[0]?.value).to.equal("");
  });

  it("shows each verdict in words with its probability, and what could not be read with its reason", async () => {
    const { element } = await withCaptures();
    const texts = inside(element, "tamis-capture-tile").map((tile) =>
      inside(tile, "*")
        .filter((inner) => inner.children.length === 0)
        .map((inner) => inner.textContent.trim())
        .join(" "),
    );
    expect(texts[0]).to.contain("The image is damaged.");
    expect(texts.at(-1)).to.contain("98.2% photo");
    const words = within(element, "tamis-verdict-badge", "span").map((badge) => badge.textContent.trim());
    expect(words.at(-1)).to.equal("Photo");
    expect(words[0]).to.equal("Unreadable");
    await expectAccessibleInBothThemes(element);
  });

  it("filters by verdict and sorts", async () => {
    const { element } = await withCaptures();
    control(element, "To review 1").click();
    await until(() => inside(element, "tamis-capture-tile").length === 1, "one tile");
    expect(control(element, "To review 1").getAttribute("aria-pressed")).to.equal("true");
    control(element, "All 8").click();
    const order = inside<HTMLSelectElement>(element, "#order")[0];
    if (!order) throw new Error("There is no order.");
    order.value = "most-photo";
    order.dispatchEvent(new Event("change"));
    await until(() => inside(element, "tamis-capture-tile").length === 8, "all tiles");
    expect(within(element, "tamis-capture-tile", ".number")[0]?.textContent.trim()).to.equal("98.2% photo");
  });

  it("removes what is shown, and brings it back", async () => {
    const { fakes, element } = await withCaptures();
    const notices: Notice[] = [];
    window.addEventListener(noticeEvent, (event) => notices.push((event as CustomEvent<Notice>).detail), {
      once: true,
    });
    control(element, "Photo 3").click();
    await settled(element);
    control(element, "Remove these").click();
    await until(() => notices.length === 1, "the message");
    expect(fakes.captures.value).to.have.length(5);
    await notices[0]?.undo?.();
    expect(fakes.captures.value).to.have.length(8);
  });

  it("moves the focus on when one is removed by keyboard", async () => {
    const { fakes, element } = await withCaptures();
    const remove = control(element, "Remove scan_0006.jpg");
    remove.focus();
    await sendKeys({ press: "Enter" });
    await until(() => fakes.captures.value.length === 7, "it to be removed");
    await until(() => {
      const tile = inside<HTMLElement>(element, "tamis-capture-tile").find((candidate) =>
        candidate.matches(":focus-within"),
      );
      return tile && within(element, "tamis-virtual-grid", "tamis-capture-tile").indexOf(tile) === 1;
    }, "the next tile to have the focus");
  });

  it("exports the list", async () => {
    const { fakes, element } = await withCaptures();
    control(element, "CSV export").click();
    control(element, "JSON export").click();
    expect(fakes.calls).to.include.members(["export csv", "export json"]);
  });

  it("opens one large, leafed through by arrow keys, removed from there", async () => {
    const { fakes, element } = await withCaptures();
    control(element, "Open scan_0006.jpg").click();
    const dialog = await until(() => inside<HTMLDialogElement>(element, "dialog[open]")[0], "the dialog");
    const heading = (): string => inside(element, "dialog h2, tamis-dialog h2").at(-1)?.textContent.trim() ?? "";
    expect(heading()).to.equal("scan_0006.jpg");
    await expectAccessibleInBothThemes(element);
    await sendKeys({ press: "ArrowRight" });
    await until(() => heading() === "scan_0005.jpg", "the next one");
    await sendKeys({ press: "ArrowLeft" });
    await until(() => heading() === "scan_0006.jpg", "the one before");
    control(element, "Remove").click();
    await until(() => fakes.captures.value.length === 7, "it to be removed");
    await until(() => heading() === "scan_0005.jpg", "the next one instead");
    expect(dialog.open).to.equal(true);
  });

  it("goes to the next one where a decision takes the one that is shown off the list", async () => {
    const { fakes, element } = await withCaptures();
    inside<HTMLElement>(element, "button.filter.photo")[0]!.click();
    await settled(element);
    control(element, "Open scan_0005.jpg").click();
    await until(() => inside(element, "dialog[open]")[0], "the dialog");
    const headings = (): string[] => inside(element, "dialog[open] h2").map((found) => found.textContent.trim());
    await sendKeys({ press: "n" });
    await until(() => headings().includes("scan_0003.jpg"), "the next one");
    expect(fakes.calls).to.include("decide c5 not-photo");
  });

  it("shows progress, pauses and ends", async () => {
    const { fakes, element } = await withCaptures();
    fakes.show(fakes.captures.value, { status: "running", files: 90 });
    fakes.classifying.set({ batchId: "b1", done: 8, total: 90, rate: 12, secondsLeft: 8 });
    await settled(element);
    await expectAccessibleInBothThemes(element);
    control(element, "Pause").click();
    control(element, "End here").click();
    expect(fakes.calls).to.deep.equal(["pause b1", "stop b1"]);
  });

  it("goes on with an interrupted batch by itself, or asks for the same files", async () => {
    const { fakes, element } = await withCaptures();
    fakes.show(fakes.captures.value, { status: "interrupted", files: 90, source: "files" });
    await settled(element);
    await expectAccessibleInBothThemes(element);
    fakes.filesAgain = [{ path: "a.jpg", file: new File(["a"], "a.jpg") }];
    control(element, "Go on").click();
    await until(() => fakes.calls.includes("resume b1 1"), "it to go on");
    chooseFiles(element, "The files of this batch again", ["a.jpg", "b.jpg"]);
    await until(() => fakes.calls.includes("resume b1 2"), "it to go on with what was chosen");
  });

  it("watches a folder, and stops", async () => {
    const { fakes, element } = await withCaptures();
    fakes.show(fakes.captures.value, { status: "running", source: "watched" });
    await settled(element);
    expect(element.shadowRoot && inside(element, "tamis-batch-bar").length).to.equal(1);
    await expectAccessibleInBothThemes(element);
    control(element, "Stop watching").click();
    expect(fakes.calls).to.deep.equal(["pause b1"]);
  });

  it("takes pasted pictures in", async () => {
    const fakes = withModel();
    await screen(fakes);
    const transfer = new DataTransfer();
    transfer.items.add(new File(["x"], "image.png"));
    window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer }));
    await until(() => fakes.calls.includes("classify 1 shared"), "the call");
    expect(fakes.classified[0]?.path).to.match(/^pasted-.*\.png$/);
  });

  it("says why a batch failed", async () => {
    const fakes = withModel();
    fakes.classification.classify = () => Promise.resolve(failed("bad-model", "The weights are missing."));
    const element = await screen(fakes);
    chooseFiles(element, "Files to classify", ["a.jpg"]);
    await until(() => inside(element, "[role=alert]").length === 1, "the failure");
    expect(inside(element, "[role=alert]")[0]?.textContent).to.contain("The weights are missing.");
  });

  it("speaks French", async () => {
    const { element } = await withCaptures();
    await setAppLocale("fr");
    await settled(element);
    expect(inside(element, "h1")[0]?.textContent).to.equal("Trier");
    expect(control(element, "Exporter en CSV")).to.be.instanceOf(HTMLElement);
    await expectAccessibleInBothThemes(element);
  });
});

describe("camera", () => {
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  let streams: MediaStream[] = [];

  beforeEach(() => {
    streams = [];
    navigator.mediaDevices.getUserMedia = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 64;
      canvas.height = 48;
      const context = canvas.getContext("2d");
      // Something has to be drawn now and again for frames to come.
      const draw = (): void => {
        if (!context) return;
        context.fillStyle = `hsl(${performance.now() % 360} 50% 50%)`;
        context.fillRect(0, 0, 64, 48);
        if (stream.active) setTimeout(draw, 30);
      };
      const stream = canvas.captureStream(30);
      streams.push(stream);
      draw();
      return Promise.resolve(stream);
    };
  });
  afterEach(() => {
    navigator.mediaDevices.getUserMedia = original;
  });

  async function opened(fakes: Fakes): Promise<ClassifyScreen> {
    const element = await screen(fakes);
    control(element, "Camera").click();
    await until(() => inside<HTMLButtonElement>(element, ".shutter:not(:disabled)")[0], "the shutter");
    return element;
  }

  it("takes pictures by button and by space bar", async () => {
    const fakes = withModel();
    const element = await opened(fakes);
    await expectAccessibleInBothThemes(element);
    control(element, "Take a picture").click();
    await until(() => fakes.calls.length === 1, "the first shot");
    const shot = fakes.classified[0];
    expect(shot?.path).to.match(/^camera-\d{4}-\d\d-\d\d-\d{6}-\d{3}\.jpg$/);
    const picture = await createImageBitmap(shot?.file ?? new Blob());
    expect([picture.width, picture.height]).to.deep.equal([64, 48]);
    (document.activeElement as HTMLElement | null)?.blur();
    await sendKeys({ press: "Space" });
    await until(() => fakes.calls.length === 2, "the second shot");
  });

  it("is let go when it is closed, and when the screen is left", async () => {
    const element = await opened(withModel());
    control(element, "Close the camera").click();
    await settled(element);
    expect(streams[0]?.active).to.equal(false);
    control(element, "Camera").click();
    await until(() => inside<HTMLButtonElement>(element, ".shutter:not(:disabled)")[0], "the shutter");
    unmountAll();
    expect(streams[1]?.active).to.equal(false);
  });

  for (const [name, words] of [
    ["NotAllowedError", "Tamis may not use the camera."],
    ["NotFoundError", "No camera was found."],
    ["NotReadableError", "The camera does not answer."],
  ] as const) {
    it(`says what to do about ${name}`, async () => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", name));
      const element = await screen(withModel());
      control(element, "Camera").click();
      await until(() => inside(element, ".refused").length === 1, "the message");
      expect(inside(element, ".refused")[0]?.textContent).to.contain(words);
      await expectAccessibleInBothThemes(element);
    });
  }
});

describe("classification without a word", () => {
  it("asks for nothing when no file was chosen", async () => {
    const fakes = withModel();
    fakes.classification.classify = () => {
      fakes.calls.push("classify");
      return Promise.resolve(succeeded({ pages: 0, unreadable: 0 }));
    };
    const element = await screen(fakes);
    chooseFiles(element, "Files to classify", []);
    await settled(element);
    expect(fakes.calls).to.deep.equal([]);
  });
});

describe("drift", () => {
  it("says in plain words where the images differ from those that the model learnt from", async () => {
    const element = await screen(withSummary(120));
    const drift = inside(element, "tamis-batch-drift")[0]!;
    await until(() => inside(drift, "tbody tr").length > 0, "the table");
    const text = drift.shadowRoot!.textContent;
    expect(text).to.contain("not like those that the model learnt from: brighter.");
    expect(inside(drift, "tbody tr")).to.have.length(5);
    expect(inside(drift, "tbody tr")[1]!.textContent.replace(/\s+/g, " ")).to.contain("Brightness 205 125 Remarkable");
    inside<HTMLDetailsElement>(drift, "details")[0]!.open = true;
    await expectAccessibleInBothThemes(element);
  });

  it("raises no alarm where they do not, and says where a model cannot tell", async () => {
    const usual = await screen(withSummary(200));
    await until(() => inside(usual, "tbody tr").length > 0, "the table");
    expect(within(usual, "tamis-batch-drift", "[role=note]")).to.have.length(0);
    unmountAll();
    const said = (element: ClassifyScreen) =>
      within(element, "tamis-batch-drift", "p").filter((line) => line.textContent.includes("does not say"));
    const silent = await screen(withSummary(null));
    await until(() => said(silent).length > 0, "the word");
    unmountAll();
    // Of so few nothing is said in any case.
    expect(said(await screen(withSummary(null, 49)))).to.have.length(0);
  });
});
