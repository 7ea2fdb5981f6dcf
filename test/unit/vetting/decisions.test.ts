import { expect } from "chai";
import { choiceEffects } from "../../../src/domain/vetting/choice-effects.ts";
import { emptyHistory, redoLast, undoLast, withStep } from "../../../src/domain/vetting/choice-history.ts";
import { type ImageChoice, withChoices } from "../../../src/domain/vetting/choices.ts";
import { bestOf, choicesOf } from "../../../src/domain/vetting/decisions.ts";
import { someImage } from "./some-image.ts";

const photo = someImage("Photo/a.jpg");
const larger = someImage("Photo/b.jpg", { width: 900 });
const painting = someImage("Painting/a.jpg");

function vetted(choices: Record<string, ImageChoice> = {}) {
  return withChoices(
    [photo, larger, painting],
    Object.entries(choices).map(([imageId, choice]) => ({ imageId, ...choice })),
  );
}

describe("what a decision makes of images", () => {
  it("keeps or leaves out each, in the class that it was moved to", () => {
    const images = vetted({ "Photo/a.jpg": { className: "Painting", verdict: null } });
    expect(choicesOf(images, { kind: "leave-out" }).get("Photo/a.jpg")).to.deep.equal({
      className: "Painting",
      verdict: "left-out",
    });
    expect(choicesOf(images, { kind: "keep" }).get("Photo/b.jpg")).to.deep.equal({ className: null, verdict: "kept" });
  });

  it("leaves all out but the image that shows most", () => {
    const choices = choicesOf(vetted(), { kind: "leave-out-copies" });
    expect([...choices].filter(([, choice]) => choice === null).map(([id]) => id)).to.deep.equal(["Photo/b.jpg"]);
    expect(choices.get("Painting/a.jpg")?.verdict).to.equal("left-out");
  });

  it("keeps the shortest name of equal files", () => {
    const copies = withChoices([someImage("Photo/a (copy).jpg"), someImage("Photo/a.jpg")], []);
    expect(bestOf(copies)).to.equal("Photo/a.jpg");
  });

  it("stores no choice for an image that is moved to its own folder's class", () => {
    const choices = choicesOf(vetted({ "Photo/a.jpg": { className: null, verdict: "left-out" } }), {
      kind: "move",
      className: "Photo",
    });
    expect(choices.get("Photo/a.jpg")).to.equal(null);
    expect(choices.get("Painting/a.jpg")).to.deep.equal({ className: "Photo", verdict: null });
  });

  it("takes everything back", () => {
    const images = vetted({ "Photo/a.jpg": { className: "Painting", verdict: "left-out" } });
    expect([...choicesOf(images, { kind: "take-back" }).values()]).to.deep.equal([null, null, null]);
  });
});

describe("what choices make of classes", () => {
  it("counts what was moved and left out; every image ends in one place", () => {
    const effects = choiceEffects(
      ["Painting", "Photo", "Text"],
      vetted({
        "Photo/a.jpg": { className: "Painting", verdict: null },
        "Photo/b.jpg": { className: "Text", verdict: "left-out" },
      }),
    );
    expect(effects).to.deep.equal([
      { className: "Painting", found: 1, leftOut: 0, movedIn: 1, movedOut: 0, trained: 2 },
      { className: "Photo", found: 2, leftOut: 0, movedIn: 0, movedOut: 2, trained: 0 },
      { className: "Text", found: 0, leftOut: 1, movedIn: 1, movedOut: 0, trained: 0 },
    ]);
    for (const { found, movedIn, movedOut, leftOut, trained } of effects) {
      expect(trained).to.equal(found - movedOut + movedIn - leftOut);
    }
  });
});

describe("history of choices", () => {
  const step = (name: string) => ({
    before: new Map([[name, null]]),
    after: new Map([[name, { className: null, verdict: "kept" as const }]]),
  });

  it("undoes the last step and does it again", () => {
    const history = withStep(withStep(emptyHistory, step("a")), step("b"));
    const undone = undoLast(history)!;
    expect([...undone.choices]).to.deep.equal([["b", null]]);
    const redone = redoLast(undone.history)!;
    expect(redone.choices.get("b")?.verdict).to.equal("kept");
    expect(redone.history).to.deep.equal(history);
    expect(redoLast(history)).to.equal(null);
    expect(undoLast(emptyHistory)).to.equal(null);
  });

  it("forgets what was undone once something else is decided", () => {
    const undone = undoLast(withStep(emptyHistory, step("a")))!.history;
    expect(redoLast(withStep(undone, step("b")))).to.equal(null);
  });

  it("remembers a hundred steps", () => {
    let history = emptyHistory;
    for (let i = 0; i < 130; i++) history = withStep(history, step(String(i)));
    expect(history.done.length).to.equal(100);
    expect(history.done[0]!.before.has("30")).to.equal(true);
  });
});
