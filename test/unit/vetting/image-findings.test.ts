import { expect } from "chai";
import type { KnownDuplicates } from "../../../src/domain/dataset/leakage.ts";
import { type ImageChoice, withChoices } from "../../../src/domain/vetting/choices.ts";
import { imageFindings } from "../../../src/domain/vetting/image-findings.ts";
import { someImage } from "./some-image.ts";

const images = [
  someImage("Photo/a.jpg"),
  someImage("Photo/b.jpg"),
  someImage("Photo/c.jpg"),
  someImage("Painting/a.jpg"),
  someImage("Text/icon.png", { width: 200, height: 31 }),
  someImage("Text/strip.png", { width: 200, height: 32 }),
];

function found(duplicates: KnownDuplicates | null, choices: Record<string, ImageChoice> = {}) {
  const listed = Object.entries(choices).map(([imageId, choice]) => ({ imageId, ...choice }));
  return imageFindings(withChoices(images, listed), duplicates);
}

const leftOut = { className: null, verdict: "left-out" } as const;
const kept = { className: null, verdict: "kept" } as const;

describe("findings among images", () => {
  it("tells images with a short side, and them alone, where nobody looked for duplicates", () => {
    expect(found(null).map(({ kind, images: of }) => [kind, of[0]!.image.imageId])).to.deep.equal([
      ["too-small", "Text/icon.png"],
    ]);
  });

  it("tells of a group what weighs most: a conflict before the same bytes before likeness", () => {
    const exact = [["Photo/a.jpg", "Photo/b.jpg"]];
    const kinds = (near: string[][]) => found({ exact, near }).map(({ kind }) => kind);
    expect(kinds([["Photo/b.jpg", "Photo/a.jpg"]])).to.deep.equal(["exact-duplicates", "too-small"]);
    // One of the three is a rescaled copy.
    expect(kinds([["Photo/a.jpg", "Photo/b.jpg", "Photo/c.jpg"]])).to.deep.equal(["near-duplicates", "too-small"]);
    expect(kinds([["Photo/a.jpg", "Photo/b.jpg", "Painting/a.jpg"]])).to.deep.equal(["label-conflict", "too-small"]);
  });

  it("passes over images that are gone", () => {
    expect(found({ exact: [], near: [["Photo/a.jpg", "Photo/gone.jpg"]] }).length).to.equal(1);
  });

  it("stays a conflict of the folders once it is settled by a move", () => {
    const near = [["Photo/a.jpg", "Painting/a.jpg"]];
    const [open] = found({ exact: [], near });
    expect([open!.kind, open!.isSettled]).to.deep.equal(["label-conflict", false]);
    const [moved] = found({ exact: [], near }, { "Painting/a.jpg": { className: "Photo", verdict: null } });
    expect([moved!.kind, moved!.isSettled]).to.deep.equal(["label-conflict", true]);
  });

  it("is settled where one is left, or where all that are left are to stay", () => {
    const settled = (choices: Record<string, ImageChoice>) =>
      found({ exact: [], near: [["Photo/a.jpg", "Photo/b.jpg", "Photo/c.jpg"]] }, choices)[0]!.isSettled;
    expect(settled({ "Photo/a.jpg": leftOut })).to.equal(false);
    expect(settled({ "Photo/a.jpg": leftOut, "Photo/b.jpg": leftOut })).to.equal(true);
    expect(settled({ "Photo/a.jpg": leftOut, "Photo/b.jpg": kept })).to.equal(false);
    expect(settled({ "Photo/a.jpg": leftOut, "Photo/b.jpg": kept, "Photo/c.jpg": kept })).to.equal(true);
    expect(found(null, { "Text/icon.png": leftOut })[0]!.isSettled).to.equal(true);
  });
});
