/** Where the keys of a grid lead. */

export interface GridShape {
  readonly count: number;
  readonly columns: number;
  /** Rows that a page of the view holds, at least 1. */
  readonly pageRows: number;
}

/** The index that a key leads to from an index; null for a key that leads nowhere. */
export function indexAfterKey(key: string, index: number, { count, columns, pageRows }: GridShape): number | null {
  const last = count - 1;
  const byRows = (rows: number): number => {
    const target = index + rows * columns;
    if (target >= 0 && target <= last) return target;
    if (target < 0) return index % columns;
    const lastRow = Math.floor(last / columns);
    // The last row may be shorter.
    return Math.floor(index / columns) === lastRow ? index : Math.min(last, lastRow * columns + (index % columns));
  };
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, index - 1);
    case "ArrowRight":
      return Math.min(last, index + 1);
    case "ArrowUp":
      return index < columns ? index : index - columns;
    case "ArrowDown":
      return byRows(1);
    case "PageUp":
      return byRows(-pageRows);
    case "PageDown":
      return byRows(pageRows);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
