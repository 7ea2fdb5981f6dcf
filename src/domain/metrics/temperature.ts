/** Temperature scaling (C. Guo and others, On Calibration of Modern Neural Networks, 2017): one number that makes probabilities more or less sure. */

export interface TemperatureFit {
  /** P = σ(z / T), or softmax(z / T). */
  readonly temperature: number;
  /** Mean negative log-likelihood at T = 1. */
  readonly lossBefore: number;
  readonly lossAfter: number;
}

export const temperatureBounds = [0.05, 20] as const;

/**
 * The T within bounds that minimises the mean negative log-likelihood. The loss is convex in 1 / T, so its derivative is bisected; logits that a
 * threshold separates give the lower bound, those of the wrong sign the upper one.
 * @param labels class indices (0 and 1 where `classes` is 1)
 * @param logits `classes` numbers an image; one for a sigmoid
 */
export function fitTemperature(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  classes = 1,
  [lowest, highest]: readonly [number, number] = temperatureBounds,
): TemperatureFit {
  const measure = classes === 1 ? sigmoidLoss(labels, logits) : softmaxLoss(labels, logits, classes);
  let [low, high] = [1 / highest, 1 / lowest];
  let temperature: number;
  if (measure(low).slope >= 0) temperature = highest;
  else if (measure(high).slope <= 0) temperature = lowest;
  else {
    for (let step = 0; step < 60 && low < high; step++) {
      const middle = (low + high) / 2;
      if (measure(middle).slope < 0) low = middle;
      else high = middle;
    }
    temperature = 2 / (low + high);
  }
  return { temperature, lossBefore: measure(1).loss, lossAfter: measure(1 / temperature).loss };
}

/** Mean loss and its derivative at an inverse temperature. */
type Measure = (inverse: number) => { readonly loss: number; readonly slope: number };

function sigmoidLoss(labels: ArrayLike<number>, logits: ArrayLike<number>): Measure {
  return (inverse) => {
    let [loss, slope] = [0, 0];
    for (let i = 0; i < labels.length; i++) {
      const z = logits[i]!;
      const scaled = z * inverse;
      const small = Math.exp(-Math.abs(scaled));
      const p = scaled >= 0 ? 1 / (1 + small) : small / (1 + small);
      loss += Math.max(scaled, 0) - scaled * labels[i]! + Math.log1p(small);
      slope += (p - labels[i]!) * z;
    }
    return { loss: loss / labels.length, slope: slope / labels.length };
  };
}

function softmaxLoss(labels: ArrayLike<number>, logits: ArrayLike<number>, classes: number): Measure {
  return (inverse) => {
    let [loss, slope] = [0, 0];
    for (let i = 0; i < labels.length; i++) {
      const begin = i * classes;
      let largest = -Infinity;
      for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[begin + c]!);
      let [sum, weighted] = [0, 0];
      for (let c = 0; c < classes; c++) {
        const z = logits[begin + c]! - largest;
        const share = Math.exp(z * inverse);
        sum += share;
        weighted += share * z;
      }
      const right = logits[begin + labels[i]!]! - largest;
      loss += Math.log(sum) - right * inverse;
      slope += weighted / sum - right;
    }
    return { loss: loss / labels.length, slope: slope / labels.length };
  };
}
