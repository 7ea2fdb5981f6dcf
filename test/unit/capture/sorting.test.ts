import { expect } from "chai";
import { agreementByModel, reviewDrift } from "../../../src/domain/capture/agreement.ts";
import { type Batch, noCounts } from "../../../src/domain/capture/batch.ts";
import type { Capture } from "../../../src/domain/capture/capture.ts";
import { isToReview, reviewQueue } from "../../../src/domain/capture/review.ts";
import { alternativeName, groupCounts, groupOf, planSorting } from "../../../src/domain/capture/sorting.ts";

function captureOf(id: string, change: Partial<Capture> = {}): Capture {
  return {
    id,
    batchId: "b",
    file: `${id}.jpg`,
    byteLength: 1,
    lastModified: 1,
    page: 0,
    createdAt: 1,
    modelId: "m",
    probability: 0.9,
    verdict: "photo",
    decision: null,
    error: null,
    ...change,
  };
}

describe("sorting", () => {
  it("sorts a file by what its pages have in common, the person's word first", () => {
    expect(groupOf([captureOf("a"), captureOf("a", { verdict: null })])).to.equal("photo");
    expect(groupOf([captureOf("a"), captureOf("a", { verdict: "not-photo" })])).to.equal("to-review");
    expect(groupOf([captureOf("a", { decision: { verdict: "not-photo", decidedAt: 1 } })])).to.equal("not-photo");
    expect(groupOf([captureOf("a", { verdict: null })])).to.equal("unreadable");
  });

  it("plans one place a file, under names that every system takes", () => {
    const captures = [
      captureOf("a", { file: "box/../b:x/scan?.tiff" }),
      captureOf("a2", { file: "box/../b:x/scan?.tiff", page: 1 }),
      captureOf("c", { file: "c.jpg", verdict: "not-photo" }),
      captureOf("d", { file: "d.jpg", verdict: "to-review" }),
    ];
    const folders = { photo: "Photos", "not-photo": "Rest/." };
    const plan = planSorting(captures, { folders, keepsFolders: true });
    expect(plan.map(({ target }) => target)).to.deep.equal(["Photos/box/b-x/scan-.tiff", "Rest-/c.jpg"]);
    expect(groupCounts(plan)).to.deep.equal({ photo: 1, "not-photo": 1, "to-review": 0, unreadable: 0 });
    expect(planSorting(captures, { folders, keepsFolders: false })[0]?.target).to.equal("Photos/scan-.tiff");
  });

  it("counts in names before the ending", () => {
    expect([1, 2, 3].map((n) => alternativeName("a.b.jpg", n))).to.deep.equal([
      "a.b.jpg",
      "a.b (2).jpg",
      "a.b (3).jpg",
    ]);
    expect(alternativeName("README", 2)).to.equal("README (2)");
  });
});

describe("review", () => {
  it("shows what is doubtful and undecided, less what was skipped; or a sample", () => {
    const captures = [
      captureOf("sure"),
      captureOf("doubt", { verdict: "to-review" }),
      captureOf("skipped", { verdict: "to-review" }),
      captureOf("decided", { verdict: "to-review", decision: { verdict: "photo", decidedAt: 1 } }),
    ];
    expect(captures.map(isToReview)).to.deep.equal([false, true, true, false]);
    const ids = (kind: "doubtful" | "sample") =>
      reviewQueue(captures, kind, new Set(["skipped"]), new Set(["sure"])).map(({ id }) => id);
    expect(ids("doubtful")).to.deep.equal(["doubt"]);
    expect(ids("sample")).to.deep.equal(["sure"]);
  });
});

describe("agreement", () => {
  const batchOf = (createdAt: number, counts: Partial<Batch["counts"]>): Batch =>
    ({ id: `${createdAt}`, createdAt, modelId: "m", modelName: "M", counts: { ...noCounts, ...counts } }) as Batch;

  it("is the share of decisions on sure captures where both said the same", () => {
    const [row] = agreementByModel([
      batchOf(3, { pages: 10, compared: 4, overruled: 2, doubtful: 5 }),
      batchOf(1, { pages: 10, compared: 4, overruled: 0 }),
    ]);
    expect(row).to.include({ compared: 8, agreed: 0.75, recent: 0.75, doubtfulShare: 0.25 });
  });

  it("warns of a batch that leaves remarkably more to the person, and only with enough to tell", () => {
    const earlier = batchOf(1, { pages: 100, doubtful: 5 });
    const odd = batchOf(2, { pages: 100, doubtful: 30 });
    expect(reviewDrift(odd, [odd, earlier])).to.deep.equal({ share: 0.3, usual: 0.05 });
    expect(reviewDrift(batchOf(2, { pages: 100, doubtful: 8 }), [earlier])).to.equal(null);
    expect(reviewDrift(batchOf(2, { pages: 10, doubtful: 9 }), [earlier])).to.equal(null);
    expect(reviewDrift(odd, [odd])).to.equal(null);
  });
});
