import { expect } from "chai";
import { classFigures, figuresAt, RankingFigures } from "../../../src/domain/metrics/figures.ts";

const classNames = Array.from({ length: 120 }, (_, i) => ["Photo", "Text", "Sketch"][i % 3]!);
const labels = classNames.map((name) => (name === "Photo" ? 1 : 0));
const probabilities = labels.map((label, i) => (i % 10 === 0 ? 1 - label : label) * 0.8 + 0.1 + i / 10_000);
const judged = { labels, probabilities, classNames };

describe("figures with intervals", () => {
  it("hold their value", () => {
    for (const { value, interval } of Object.values(figuresAt(judged, 0.5))) {
      expect(interval![0]).to.be.below(value!);
      expect(interval![1]).to.be.above(value!);
    }
    expect(figuresAt(judged, 0.5).accuracy.value).to.be.closeTo(0.9, 1e-12);
  });

  it("come without intervals until their bootstrap is done", () => {
    const ranking = new RankingFigures(judged);
    ranking.advance(10);
    expect(ranking.figures().auroc.interval).to.equal(null);
    while (!ranking.isDone) ranking.advance(500);
    const { value, interval } = ranking.figures().auroc;
    expect(value).to.be.within(interval![0], interval![1]);
  });

  it("are those of each class, in the order asked for, also of one that does not occur", () => {
    const [sketch, none, photo] = classFigures(judged, 0.5, ["Sketch", "Painting", "Photo"]);
    expect(sketch).to.include({ n: 40, wrong: 4 });
    expect(none).to.deep.equal({ className: "Painting", n: 0, wrong: 0, right: { value: null, interval: null } });
    expect(photo!.right.value).to.be.closeTo(0.9, 1e-12);
    expect(photo!.right.interval![0]).to.be.within(0.75, 0.9);
  });
});
