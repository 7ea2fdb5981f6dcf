/** Where to decide, from the predictions of a cross-validation over whole sources. */

/** Balanced accuracy is known no better than this many of its standard errors. */
const standardErrors = 1;
/** At most this share of each side is decided wrongly outside of the review band. */
const leftWrong = 0.05;

/** P = σ(scale · logit(p) + shift), as the model applies it. */
function calibrated(p, { scale, shift }) {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return 1 / (1 + Math.exp(-(scale * Math.log(inside / (1 - inside)) + shift)));
}

/** What a threshold does to calibrated predictions. */
export function figuresAt(predictions, positive, threshold) {
  const byClass = new Map();
  for (const { class: name, probability } of predictions) {
    const counts = byClass.get(name) ?? { n: 0, wrong: 0 };
    counts.n += 1;
    if (probability >= threshold !== (name === positive)) counts.wrong += 1;
    byClass.set(name, counts);
  }
  const photos = byClass.get(positive);
  const others = [...byClass].filter(([name]) => name !== positive).map(([, counts]) => counts);
  const [n, wrong] = [others.reduce((sum, c) => sum + c.n, 0), others.reduce((sum, c) => sum + c.wrong, 0)];
  const [missed, taken] = [photos.wrong / photos.n, wrong / n];
  return {
    balancedAccuracy: 1 - (missed + taken) / 2,
    standardError: Math.sqrt((missed * (1 - missed)) / photos.n + (taken * (1 - taken)) / n) / 2,
    byClass: Object.fromEntries(byClass),
  };
}

/**
 * The threshold is the highest of those whose balanced accuracy is within one standard error of the best (the one-standard-error rule of Breiman et al., 1984): what
 * is not told apart by the figure is decided for fewer paintings among the photos. The review band reaches from where at most 5 % of the photos lie below
 * to where at most 5 % of all others lie above; where these leave nothing between them it is the threshold alone, and there is none.
 * @param cv a cv.json
 */
export function operatingPoint({ predictions, positive, calibration }) {
  const judged = predictions.map((p) => ({ ...p, probability: calibrated(p.probability, calibration) }));
  const candidates = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const figures = candidates.map((threshold) => ({ threshold, ...figuresAt(judged, positive, threshold) }));
  const best = figures.reduce((a, b) => (b.balancedAccuracy > a.balancedAccuracy ? b : a));
  const least = best.balancedAccuracy - standardErrors * best.standardError;
  const chosen = figures.findLast(({ balancedAccuracy }) => balancedAccuracy >= least);
  const share = (isPositive, test) => {
    const side = judged.filter(({ class: name }) => (name === positive) === isPositive);
    return side.filter(({ probability }) => test(probability)).length / side.length;
  };
  const low = candidates.findLast((c) => share(true, (p) => p < c) <= leftWrong) ?? 0;
  const high = candidates.find((c) => share(false, (p) => p >= c) <= leftWrong) ?? 1;
  const reviewBand =
    low < high ? { low: Math.min(low, chosen.threshold), high: Math.max(high, chosen.threshold) } : null;
  const inBand = reviewBand ? judged.filter(({ probability: p }) => p >= reviewBand.low && p < reviewBand.high) : [];
  return { ...chosen, best, reviewBand, reviewShare: inBand.length / judged.length };
}
