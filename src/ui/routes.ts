/** Screens and their addresses. Addresses live in the hash, so that any static host and any sub-path will do. */

export const screens = [
  "classify",
  "review",
  "batches",
  "data",
  "train",
  "runs",
  "compare",
  "models",
  "settings",
] as const;
export type Screen = (typeof screens)[number];

export interface Route {
  readonly screen: Screen;
  /** What the screen is about: a dataset, a run, several runs with commas between; null for none. */
  readonly id: string | null;
}

/** Reads `#/data/abc`; anything unknown is the first screen, runs without their ids are the list of runs. */
export function parseRoute(hash: string): Route {
  const [name = "", id = ""] = hash.replace(/^#\/?/, "").split("/");
  const screen = screens.find((candidate) => candidate === name);
  if (!screen) return { screen: "classify", id: null };
  const decoded = id === "" ? null : decode(id);
  return (screen === "runs" || screen === "compare") && decoded === null
    ? { screen: "train", id: null }
    : { screen, id: decoded };
}

/** The address of a screen. */
export function hrefOf(screen: Screen, id?: string): string {
  return id === undefined ? `#/${screen}` : `#/${screen}/${encodeURIComponent(id)}`;
}

/** The address of a screen that is about several things. */
export function hrefOfSeveral(screen: Screen, ids: readonly string[]): string {
  return `#/${screen}/${ids.map(encodeURIComponent).join(",")}`;
}

/** A hand-typed address may hold a stray `%`. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
