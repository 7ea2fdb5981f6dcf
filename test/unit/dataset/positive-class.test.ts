import { expect } from "chai";
import { guessPositiveClass } from "../../../src/domain/dataset/positive-class.ts";

describe("the guess of the positive class", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["Photo", ["Painting", "Photo", "Schematics", "Sketch", "Text"]],
    ["photos", ["autres", "photos"]],
    ["Photographie", ["Peinture", "Photographie"]],
    ["PHOTOGRAPHIES", ["PEINTURES", "PHOTOGRAPHIES"]],
    ["photograph", ["painting", "photograph"]],
    ["Fotos", ["Fotos", "Gemälde"]],
    ["Fotografía", ["Fotografía", "Texto"]],
    ["Photográphié", ["Photográphié", "x"]],
    ["01_photos", ["01_photos", "02_textes"]],
    ["photos couleur", ["photos couleur", "textes"]],
    ["photo", ["photo", "photo et texte"]],
    ["Photos", ["NotAPhoto", "Photos"]],
    ["photo", ["photo", "non-photo"]],
    ["photo", ["photo", "sans photo"]],
    ["Zdjęcia", ["Obrazy", "Zdjęcia"]],
  ];
  for (const [expected, names] of cases) {
    it(`takes ${expected} of ${names.join(", ")}`, () => expect(guessPositiveClass(names)).to.equal(expected));
  }

  const unsure: readonly (readonly string[])[] = [
    [],
    ["a", "b"],
    ["Photo", "photos"],
    ["Photocopies", "Textes"],
    ["not_photo", "x"],
  ];
  for (const names of unsure) {
    it(`is not sure about ${names.join(", ") || "nothing"}`, () => expect(guessPositiveClass(names)).to.equal(null));
  }
});
