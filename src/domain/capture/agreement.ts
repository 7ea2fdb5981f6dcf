/** How people and models get on over time, and whether what comes in still looks like what came in before. */
import type { Batch } from "./batch.ts";

/** Batches that count as recent. */
const recentBatches = 5;
/** Fewer pages than this say nothing about a share. */
const fewestPages = 30;
/** A share this many times the usual one is remarkable… */
const remarkableFactor = 2;
/** …and so is nothing below this. */
const remarkableShare = 0.1;

export interface ModelAgreement {
  readonly modelId: string;
  readonly modelName: string;
  /** Decisions on captures that the model was sure of. */
  readonly compared: number;
  /** Share of them where both said the same, 0 to 1; null where there are none. */
  readonly agreed: number | null;
  /** The same over the latest batches. */
  readonly recent: number | null;
  /** Share of pages that the model left to the person. */
  readonly doubtfulShare: number;
}

/** @param batches newest first */
export function agreementByModel(batches: readonly Batch[]): ModelAgreement[] {
  const byModel = new Map<string, Batch[]>();
  for (const batch of batches) {
    if (batch.counts.pages === 0) continue;
    const others = byModel.get(batch.modelId);
    if (others) others.push(batch);
    else byModel.set(batch.modelId, [batch]);
  }
  return [...byModel].map(([modelId, own]) => ({
    modelId,
    modelName: own[0]!.modelName,
    compared: sum(own, "compared"),
    agreed: agreedShare(own),
    recent: agreedShare(own.slice(0, recentBatches)),
    doubtfulShare: doubtfulShare(own),
  }));
}

/** Why a batch is remarkable: its share of doubtful pages, against the usual one of the same model before it. */
export interface ReviewDrift {
  readonly share: number;
  readonly usual: number;
}

/**
 * Whether a batch leaves remarkably more to the person than earlier ones did under the same model; null where it does not, or where there is too
 * little to tell.
 * @param batches all that are known
 */
export function reviewDrift(batch: Batch, batches: readonly Batch[]): ReviewDrift | null {
  const earlier = batches.filter(({ modelId, createdAt }) => modelId === batch.modelId && createdAt < batch.createdAt);
  if (batch.counts.pages < fewestPages || sum(earlier, "pages") < fewestPages) return null;
  const share = doubtfulShare([batch]);
  const usual = doubtfulShare(earlier);
  return share >= remarkableShare && share > remarkableFactor * usual ? { share, usual } : null;
}

function sum(batches: readonly Batch[], count: keyof Batch["counts"]): number {
  return batches.reduce((total, { counts }) => total + counts[count], 0);
}

function agreedShare(batches: readonly Batch[]): number | null {
  const compared = sum(batches, "compared");
  return compared === 0 ? null : 1 - sum(batches, "overruled") / compared;
}

function doubtfulShare(batches: readonly Batch[]): number {
  const pages = sum(batches, "pages");
  return pages === 0 ? 0 : sum(batches, "doubtful") / pages;
}
