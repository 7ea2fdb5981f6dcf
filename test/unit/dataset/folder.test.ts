import { expect } from "chai";
import { arrangeFolder } from "../../../src/domain/dataset/folder.ts";

function arrange(...paths: string[]) {
  const arranged = arrangeFolder(paths.map((path) => ({ path, file: `file of ${path}` })));
  return { ...arranged, paths: arranged.files.map((file) => file.path) };
}

describe("what was picked, as classes", () => {
  it("is one class a folder, in Keras' order", () => {
    const { classNames, files } = arrange("Text/b.png", "Photo/z.jpg", "Photo/a.jpg", "Photo/2019/c.jpg");
    expect(classNames).to.deep.equal(["Photo", "Text"]);
    expect(files.map((file) => [file.path, file.className, file.file])).to.deep.equal([
      ["Photo/a.jpg", "Photo", "file of Photo/a.jpg"],
      ["Photo/z.jpg", "Photo", "file of Photo/z.jpg"],
      ["Photo/2019/c.jpg", "Photo", "file of Photo/2019/c.jpg"],
      ["Text/b.png", "Text", "file of Text/b.png"],
    ]);
  });

  it("strips the folders that only wrap others", () => {
    expect(arrange("dev/Photo/a.jpg", "dev/Text/b.png").paths).to.deep.equal(["Photo/a.jpg", "Text/b.png"]);
    expect(arrange("x/dev/Photo/a.jpg", "x/dev/Text/b.png").paths).to.deep.equal(["Photo/a.jpg", "Text/b.png"]);
    expect(arrange("Painting/Painting/a.jpg", "Photo/Photo/b.jpg").classNames).to.deep.equal(["Painting", "Photo"]);
  });

  it("does not strip a class", () => {
    expect(arrange("Photo/a.jpg", "Photo/b.jpg").classNames).to.deep.equal(["Photo"]);
    expect(arrange("Photo/a.jpg", "Photo/more/b.jpg").classNames).to.deep.equal(["Photo"]);
  });

  it("leaves hidden and system files out, and lists those of one kind together", () => {
    const arranged = arrange(
      "dev/Photo/a.jpg",
      "dev/Text/b.jpg",
      "dev/.DS_Store",
      "dev/Photo/.DS_Store",
      "dev/Photo/Thumbs.db",
      "dev/Photo/desktop.ini",
      "dev/Photo/._a.jpg",
      "dev/Photo/._b.jpg",
      "dev/Photo/.cache/x.jpg",
      "dev/__MACOSX/Photo/._a.jpg",
      "dev/__MACOSX/Text/._b.jpg",
    );
    expect(arranged.paths).to.deep.equal(["Photo/a.jpg", "Text/b.jpg"]);
    expect(arranged.system).to.deep.equal([
      { path: "dev/.DS_Store", files: 1 },
      { path: "dev/Photo/.DS_Store", files: 1 },
      { path: "dev/Photo/Thumbs.db", files: 1 },
      { path: "dev/Photo/desktop.ini", files: 1 },
      { path: "dev/Photo/._*", files: 2 },
      { path: "dev/Photo/.cache/", files: 1 },
      { path: "dev/__MACOSX/", files: 2 },
    ]);
    expect(arranged.withoutClass).to.deep.equal([]);
  });

  it("reports files beside the class folders", () => {
    const { withoutClass, classNames } = arrange("dev/Photo/a.jpg", "dev/Text/b.jpg", "dev/notes.txt", "other.jpg");
    expect(classNames).to.deep.equal(["Photo", "Text"]);
    expect(withoutClass).to.deep.equal(["dev/notes.txt", "other.jpg"]);
    expect(arrange("a.jpg", "b.jpg")).to.deep.include({ classNames: [], withoutClass: ["a.jpg", "b.jpg"] });
  });

  it("looks into archives and deliveries, and finds the nearest folder that names a class", () => {
    const archives = arrange(
      "Painting.zip/Painting/Painting/a.jpg",
      "Photo.zip/Photo/b.jpg",
      "Text.zip/c.jpg",
      "more.zip/Photo/b.jpg",
      "more.zip/Text/d.jpg",
    );
    expect(archives.paths).to.deep.equal([
      "Painting/Painting/a.jpg",
      "Photo/b.jpg",
      "Photo/more.zip/b.jpg",
      "Text/c.jpg",
      "Text/d.jpg",
    ]);
    expect(archives.classNames).to.deep.equal(["Painting", "Photo", "Text"]);
    expect(arrange("archive 1/Photo/a.jpg", "archive 2/Text/b.jpg").paths).to.deep.equal(["Photo/a.jpg", "Text/b.jpg"]);
    const mixed = arrange("Photo/a.jpg", "Text/Photo/b.jpg", "Text/notes/c.jpg");
    expect(mixed.files.map((file) => file.className)).to.deep.equal(["Photo", "Photo", "Text"]);
    expect(arrange("one.zip/Photo/a.jpg", "one.zip/Text/b.jpg").paths).to.deep.equal(["Photo/a.jpg", "Text/b.jpg"]);
    expect(arrange("Photo/2019/a.jpg", "Text/2019/b.jpg").classNames).to.deep.equal(["Photo", "Text"]);
  });

  it("knows the classes of the dataset that the files go into", () => {
    const files = [
      { path: "new scans/Photo/a.jpg", file: 1 },
      { path: "new scans/b.jpg", file: 2 },
    ];
    const { classNames, withoutClass } = arrangeFolder(files, ["Photo", "Text"]);
    expect(classNames).to.deep.equal(["Photo"]);
    expect(withoutClass).to.deep.equal(["new scans/b.jpg"]);
  });

  it("takes nothing for nothing", () => {
    expect(arrange()).to.deep.include({ classNames: [], paths: [], system: [] });
  });
});
