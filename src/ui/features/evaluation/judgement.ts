/** What an evaluation shows of one part, computed once for it and once for each threshold. */
import { figuresAt, classFigures, RankingFigures } from "../../../domain/metrics/figures.ts";
import { confusionAt } from "../../../domain/metrics/confusion.ts";
import { precisionRecallCurve, type Ranking, rank, rocCurve } from "../../../domain/metrics/ranking.ts";
import { reliability } from "../../../domain/metrics/reliability.ts";
import { bandOf, doubtForShare, doubtOf, reviewCurve, reviewOutcome } from "../../../domain/metrics/review-band.ts";
import type { ReviewBand } from "../../../domain/metrics/review-band.ts";
import type { JudgedImages } from "../../../domain/run/predictions.ts";
import type { ConfusionCell } from "./confusion-table.ts";
import type { GalleryImage } from "./judged-gallery.ts";

/** Resamples between two looks at the clock. */
const slice = 20;
/** Of computing at a time, in milliseconds: less than a frame. */
const sliceTime = 10;

/** Of one part, whatever the threshold. */
export class Judgement {
  readonly judged: JudgedImages;
  readonly ranking: Ranking;
  readonly rankingFigures: RankingFigures;
  readonly roc;
  readonly precisionRecall;
  readonly reliability;

  constructor(judged: JudgedImages) {
    const { labels, probabilities } = judged;
    this.judged = judged;
    this.ranking = rank(labels, probabilities);
    this.rankingFigures = new RankingFigures(judged);
    this.roc = rocCurve(this.ranking);
    this.precisionRecall = precisionRecallCurve(this.ranking);
    this.reliability = reliability(labels, probabilities, "width");
  }

  get images(): number {
    return this.judged.labels.length;
  }

  /**
   * Computes the intervals, in slices, so that the screen goes on answering.
   * @returns false where they are not wanted any more
   */
  async resample(isWanted: () => boolean): Promise<boolean> {
    const { rankingFigures } = this;
    while (!rankingFigures.isDone) {
      await new Promise((fulfil) => setTimeout(fulfil));
      if (!isWanted()) return false;
      const end = performance.now() + sliceTime;
      while (!rankingFigures.isDone && performance.now() < end) rankingFigures.advance(slice);
    }
    return true;
  }

  at(threshold: number, classNames: readonly string[]) {
    const { labels, probabilities } = this.judged;
    return {
      threshold,
      figures: figuresAt(this.judged, threshold),
      confusion: confusionAt(labels, probabilities, threshold),
      classes: classFigures(this.judged, threshold, classNames),
      reviewCurve: reviewCurve(this.judged, threshold),
    };
  }

  outcome(threshold: number, band: ReviewBand | null) {
    return reviewOutcome(this.judged, threshold, band);
  }
}

/** The band that shows about this share of the scans to a person. */
export function bandForShare(judgement: Judgement, threshold: number, share: number): ReviewBand | null {
  return share <= 0 ? null : bandOf(threshold, doubtForShare(reviewCurve(judgement.judged, threshold), share));
}

/** The images that are looked at: the wrong ones of all, or of a class, or those of a cell. */
export type Selection =
  { readonly kind: "mistakes"; readonly className: string | null } | ({ readonly kind: "cell" } & ConfusionCell);

/** The mistakes come worst first, the right ones most doubtful first. */
export function selectedImages({ judged }: Judgement, threshold: number, selection: Selection): GalleryImage[] {
  const images = judged.imageIds.map((imageId, i) => ({
    imageId,
    className: judged.classNames[i]!,
    probability: judged.probabilities[i]!,
    isPositive: judged.labels[i] === 1,
  }));
  const isWrong = (image: GalleryImage): boolean => image.probability >= threshold !== image.isPositive;
  const chosen = images.filter((image) =>
    selection.kind === "cell"
      ? image.isPositive === selection.isPositive && image.probability >= threshold === selection.saysPositive
      : isWrong(image) && (selection.className === null || image.className === selection.className),
  );
  const doubt = (image: GalleryImage): number => doubtOf(image.probability, threshold);
  const worstFirst = selection.kind === "mistakes" || selection.isPositive !== selection.saysPositive;
  return chosen.sort((a, b) => (worstFirst ? doubt(a) - doubt(b) : doubt(b) - doubt(a)));
}
