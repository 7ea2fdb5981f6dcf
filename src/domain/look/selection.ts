/** Which of a list's items are selected, as lists on a desktop select: one, one more, from here to there. */

export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** Where a range begins; null where nothing was chosen yet. */
  readonly anchor: string | null;
}

export const nothingSelected: Selection = { keys: new Set(), anchor: null };

/** Adds an item, or takes it out. The next range begins at it. */
export function toggled({ keys }: Selection, key: string): Selection {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return { keys: next, anchor: key };
}

/** What was selected, with everything from the anchor to an item; without an anchor, the item alone is added. */
export function extendedTo({ keys, anchor }: Selection, order: readonly string[], key: string): Selection {
  const to = order.indexOf(key);
  const from = anchor === null ? -1 : order.indexOf(anchor);
  if (to < 0) return { keys, anchor };
  if (from < 0) return { keys: new Set([...keys, key]), anchor: key };
  return { keys: new Set([...keys, ...order.slice(Math.min(from, to), Math.max(from, to) + 1)]), anchor };
}

export function allSelected({ anchor }: Selection, order: readonly string[]): Selection {
  return { keys: new Set(order), anchor };
}

/** What is left of it among items that are still there. */
export function among({ keys, anchor }: Selection, order: readonly string[]): Selection {
  if (keys.size === 0) return nothingSelected;
  const there = new Set(order);
  const left = [...keys].filter((key) => there.has(key));
  return {
    keys: left.length === keys.size ? keys : new Set(left),
    anchor: anchor !== null && there.has(anchor) ? anchor : null,
  };
}
