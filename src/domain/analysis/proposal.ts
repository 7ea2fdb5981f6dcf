/** Which of several models to use: as good as the best as far as the images can tell, then small, then fast. */
import type { Figure } from "../metrics/figures.ts";

export interface Candidate {
  readonly runId: string;
  /** On the validation images: those that a choice may look at. */
  readonly balancedAccuracy: Figure;
  readonly parameters: number;
  /** Floating-point operations for a scan, all views; null where they are not known. */
  readonly operations: number | null;
}

export interface Proposal {
  readonly proposed: Candidate;
  readonly best: Candidate;
  /** Those whose balanced accuracy lies within the interval of the best. */
  readonly asGood: readonly Candidate[];
  readonly others: number;
}

/** Null where no candidate has a balanced accuracy. */
export function propose(candidates: readonly Candidate[]): Proposal | null {
  const judged = candidates.filter(({ balancedAccuracy }) => balancedAccuracy.value !== null);
  const [first, ...rest] = judged;
  if (!first) return null;
  const valueOf = ({ balancedAccuracy }: Candidate) => balancedAccuracy.value!;
  const best = rest.reduce((a, b) => (valueOf(b) > valueOf(a) ? b : a), first);
  const bound = best.balancedAccuracy.interval?.[0] ?? valueOf(best);
  const asGood = judged.filter((candidate) => valueOf(candidate) >= bound);
  const size = ({ parameters, operations }: Candidate) => [parameters, operations ?? Infinity] as const;
  const proposed = asGood.reduce((a, b) => {
    const [sizeA, sizeB] = [size(a), size(b)];
    if (sizeB[0] !== sizeA[0]) return sizeB[0] < sizeA[0] ? b : a;
    if (sizeB[1] !== sizeA[1]) return sizeB[1] < sizeA[1] ? b : a;
    return valueOf(b) > valueOf(a) ? b : a;
  });
  return { proposed, best, asGood, others: judged.length - asGood.length };
}
