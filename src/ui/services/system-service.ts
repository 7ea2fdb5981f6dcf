import type { BackendInfo } from "../../contract/engine.ts";
import type { Store } from "./store.ts";

export type Locale = "fr" | "en";

export type Theme = "light" | "dark" | "system";

/** Language, theme, storage, updates. */
export interface SystemService {
  /** Tamis' own version, for example `0.1.0`. */
  readonly version: string;
  readonly locale: Store<Locale>;
  setLocale(locale: Locale): Promise<void>;
  readonly theme: Store<Theme>;
  setTheme(theme: Theme): Promise<void>;
  /** Null until the engine started. */
  readonly backend: Store<BackendInfo | null>;
  /** Bytes used and available; `persisted`: the browser promised not to clear them by itself. */
  readonly storage: Store<{ readonly used: number; readonly quota: number; readonly persisted: boolean } | null>;
  readonly online: Store<boolean>;
  /** True once everything is cached and Tamis works without a network. */
  readonly offlineReady: Store<boolean>;
  /** A new version waits; `applyUpdate` reloads into it. */
  readonly updateReady: Store<boolean>;
  applyUpdate(): void;
  /** Tamis can be installed as an app; `install` asks the browser to. */
  readonly installable: Store<boolean>;
  install(): Promise<void>;
}
