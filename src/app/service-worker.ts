/** Registers the service worker, and follows its life: ready for use without a network, a new version waiting, isolation. */
import { Workbox } from "workbox-window";
import { MutableStore } from "./services/mutable-store.ts";

/** How often a tab that stays open asks for a new version, in milliseconds. */
const updateInterval = 60 * 60_000;
/** Kept for the life of the tab: a host on which isolation cannot be had must not be reloaded for ever. */
const reloadedKey = "tamis-reloaded-for-isolation";

export class ServiceWorkerWatch {
  readonly offlineReady = new MutableStore(false);
  readonly updateReady = new MutableStore(false);
  /** Whether the page may be reloaded without asking; the app sets it to "nothing is running". */
  mayReload: () => boolean = () => true;
  #workbox: Workbox | null = null;

  /**
   * Registers `service-worker.js` beside the document.
   * @throws where the browser refuses it; the app works on, with a network only
   */
  async register(): Promise<void> {
    if (!("serviceWorker" in navigator)) return;
    this.#reloadForIsolation();
    const workbox = new Workbox("./service-worker.js");
    this.#workbox = workbox;
    // An active service worker has everything in its cache: it precaches before it activates.
    workbox.addEventListener("activated", () => this.offlineReady.set(true));
    workbox.addEventListener("waiting", () => this.updateReady.set(true));
    workbox.addEventListener("controlling", (event) => {
      // Another tab took the new version: this page's scripts are gone from the cache.
      if (event.isUpdate || event.isExternal) {
        if (this.mayReload()) location.reload();
        return;
      }
      this.#reloadForIsolation();
    });
    const registration = await workbox.register();
    if (registration?.active) this.offlineReady.set(true);
    // Without a network it fails, and the next one may not.
    setInterval(() => void workbox.update().catch(() => undefined), updateInterval);
  }

  /** Lets the waiting version take over and reloads into it. */
  applyUpdate(): void {
    const workbox = this.#workbox;
    if (!workbox) return;
    this.mayReload = () => true;
    workbox.messageSkipWaiting();
  }

  /** Threads need cross-origin isolation: where the host does not send the headers, the service worker does, from the next load on. */
  #reloadForIsolation(): void {
    if (crossOriginIsolated || !isSecureContext || !navigator.serviceWorker.controller || !this.mayReload()) return;
    if (sessionStorage.getItem(reloadedKey) !== null) return;
    sessionStorage.setItem(reloadedKey, "yes");
    location.reload();
  }
}
