/** Language, theme, storage, network, updates, installation. */
import { version } from "../../../package.json";
import type { BackendInfo } from "../../contract/engine.ts";
import { getSetting, putSetting } from "../../storage/settings.ts";
import type { Locale, SystemService, Theme } from "../../ui/services/system-service.ts";
import type { ServiceWorkerWatch } from "../service-worker.ts";
import { MutableStore } from "./mutable-store.ts";

/** What Chromium fires when the app could be installed; not in the DOM's types. */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: "accepted" | "dismissed" }>;
}

export interface SystemParts {
  /** The first of the browser's languages that Tamis speaks. */
  readonly preferredLocale: Locale;
  /** Puts the interface into a language. */
  readonly applyLocale: (locale: Locale) => Promise<void>;
  readonly serviceWorker: ServiceWorkerWatch;
}

export class System implements SystemService {
  readonly version = version;
  readonly locale: MutableStore<Locale>;
  readonly theme = new MutableStore<Theme>("system");
  readonly backend = new MutableStore<BackendInfo | null>(null);
  readonly storage = new MutableStore<SystemService["storage"]["value"]>(null);
  readonly online = new MutableStore(navigator.onLine);
  readonly offlineReady: MutableStore<boolean>;
  readonly updateReady: MutableStore<boolean>;
  readonly installable = new MutableStore(false);
  readonly #parts: SystemParts;
  #installPrompt: BeforeInstallPromptEvent | null = null;

  constructor(parts: SystemParts) {
    this.#parts = parts;
    this.locale = new MutableStore(parts.preferredLocale);
    this.offlineReady = parts.serviceWorker.offlineReady;
    this.updateReady = parts.serviceWorker.updateReady;
    const tellOnline = (): void => this.online.set(navigator.onLine);
    addEventListener("online", tellOnline);
    addEventListener("offline", tellOnline);
    addEventListener("beforeinstallprompt", (event) => {
      // The browser's own banner would come at a time of its choosing.
      event.preventDefault();
      this.#installPrompt = event as BeforeInstallPromptEvent;
      this.installable.set(true);
    });
    addEventListener("appinstalled", () => {
      this.#installPrompt = null;
      this.installable.set(false);
    });
  }

  /** Reads and applies what was chosen before. */
  async load(): Promise<void> {
    const [locale, theme] = await Promise.all([getSetting("locale"), getSetting("theme")]);
    applyTheme(theme ?? "system");
    this.theme.set(theme ?? "system");
    const chosen = locale ?? this.#parts.preferredLocale;
    await this.#parts.applyLocale(chosen);
    this.locale.set(chosen);
  }

  async setLocale(locale: Locale): Promise<void> {
    await this.#parts.applyLocale(locale);
    this.locale.set(locale);
    await putSetting("locale", locale);
  }

  async setTheme(theme: Theme): Promise<void> {
    applyTheme(theme);
    this.theme.set(theme);
    await putSetting("theme", theme);
  }

  /** Measures the storage again: after imports, trainings, deletions. */
  async measureStorage(): Promise<void> {
    const [{ usage, quota }, persisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    this.storage.set({ used: usage ?? 0, quota: quota ?? 0, persisted });
  }

  applyUpdate(): void {
    this.#parts.serviceWorker.applyUpdate();
  }

  async install(): Promise<void> {
    const prompt = this.#installPrompt;
    if (!prompt) return;
    // It can be used once; the browser offers another when it likes to.
    this.#installPrompt = null;
    this.installable.set(false);
    await prompt.prompt();
  }
}

/** `data-theme` on the root; "system" leaves it to the browser's preference. */
function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") root.removeAttribute("data-theme");
  else root.dataset.theme = theme;
}
