import { expect } from "chai";
import fc from "fast-check";
import {
  classOf,
  compareByCodePoint,
  comparePathsLikeKeras,
  isListedByKeras,
  kerasListing,
} from "../../../src/domain/dataset/listing.ts";

describe("order by code point", () => {
  it("puts an emoji after what UTF-16 puts it before", () => {
    const names = ["😀", "Ａ", "z", "A", "é"];
    expect(names.sort(compareByCodePoint)).to.deep.equal(["A", "z", "é", "Ａ", "😀"]);
    expect(["😀", "Ａ"].sort()).to.deep.equal(["😀", "Ａ"]);
  });

  it("is the order of the lists of code points", () => {
    const points = (text: string) => Array.from(text, (character) => character.codePointAt(0)!);
    const slow = (a: readonly number[], b: readonly number[]) => {
      const i = a.findIndex((point, index) => point !== b[index]);
      if (i < 0) return a.length - b.length;
      return i < b.length ? a[i]! - b[i]! : 1;
    };
    const text = fc.string({ unit: "binary", maxLength: 6 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareByCodePoint(a, b))).to.equal(Math.sign(slow(points(a), points(b))));
      }),
    );
  });
});

describe("Keras' listing", () => {
  it("takes a folder's files before those of its sub-folders, folders by their whole path", () => {
    const files = ["c/a0/x.png", "c/a/b.png", "c/a.b/x.png", "c/z.png", "c/a/b/x.png", "c/a-b/x.png", "c/a b/x.png"];
    const expected = ["c/z.png", "c/a/b.png", "c/a b/x.png", "c/a-b/x.png", "c/a.b/x.png", "c/a/b/x.png", "c/a0/x.png"];
    expect(kerasListing(files).files).to.deep.equal(expected);
    expect(files.sort(comparePathsLikeKeras)).to.deep.equal(expected);
  });

  it("keeps five endings in any case, and hidden files", () => {
    const listed = ["a.BMP", "a.gif", "a.JPEG", "a.jpg", "a.Png", ".jpg", "._x.jpg"];
    const skipped = ["a.webp", "a.tif", "a.jfif", "a.avif", "a.jpg.txt", "jpg", "desktop.ini"];
    expect(listed.filter(isListedByKeras)).to.deep.equal(listed);
    expect(skipped.filter(isListedByKeras)).to.deep.equal([]);
  });

  it("makes every visible top-level folder a class, with or without images", () => {
    const listing = kerasListing(["Text/readme.md", "Photo/a.jpg", ".git/x.png", "__MACOSX/._a.jpg", "root.png"]);
    expect(listing.classNames).to.deep.equal(["Photo", "Text", "__MACOSX"]);
    expect(listing.files).to.deep.equal(["Photo/a.jpg", "__MACOSX/._a.jpg"]);
    expect(listing.labels).to.deep.equal([0, 2]);
  });

  it("does not depend on the order in which files come", () => {
    const part = fc.constantFrom("a", "A", "é", "a b", "a-b", "0", "😀", "Ａ", ".x");
    const paths = fc.uniqueArray(
      fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join("/")}/f.png`),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(paths, (files) => {
        expect(kerasListing([...files].reverse())).to.deep.equal(kerasListing(files));
        const { classNames, labels } = kerasListing(files);
        expect([...labels].sort((a, b) => a - b)).to.deep.equal(labels);
        expect(kerasListing(files).files.map(classOf)).to.deep.equal(labels.map((label) => classNames[label]));
      }),
    );
  });
});
