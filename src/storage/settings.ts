/** Small things to remember: locale, theme, the default model. */
import { database } from "./database.ts";

/** What each name holds. */
export interface Settings {
  locale: "fr" | "en";
  theme: "light" | "dark" | "system";
  defaultModelId: string;
  /** SHA-256 of the starter model's zip that was installed last, in hexadecimal. */
  starterDigest: string;
  /** The queue of runs waits until the person lets it go on. */
  queueHeld: boolean;
  /** Why, where it was not the person who held it: a Failure of the boundary. */
  queueProblem: { readonly code: string; readonly message: string; readonly remedy: string } | null;
}

export async function getSetting<N extends keyof Settings>(name: N): Promise<Settings[N] | undefined> {
  return (await (await database()).get("settings", name))?.value as Settings[N] | undefined;
}

export async function putSetting<N extends keyof Settings>(name: N, value: Settings[N]): Promise<void> {
  await (await database()).put("settings", { name, value });
}
