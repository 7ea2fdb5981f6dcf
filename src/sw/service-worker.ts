/**
 * The service worker: after one visit everything works offline, and threads work on hosts that set no headers.
 *
 * A new version waits until a page says `SKIP_WAITING` (workbox-window's `messageSkipWaiting`), since taking over in the middle of a training
 * would end it.
 */
import { clientsClaim } from "workbox-core";
import {
  addPlugins,
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { withHeaders } from "./headers.ts";
import { shareTarget, takeShared } from "./shared-files.ts";

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[] };

self.addEventListener("message", (event) => {
  const message: unknown = event.data;
  if (typeof message !== "object" || message === null || !("type" in message)) return;
  if (message.type === "SKIP_WAITING") void self.skipWaiting();
});

// The page of the first visit too: it can then be reloaded into cross-origin isolation, and works offline from there on.
clientsClaim();
cleanupOutdatedCaches();

addPlugins([{ handlerWillRespond: ({ response }) => Promise.resolve(withHeaders(response)) }]);
precacheAndRoute([...self.__WB_MANIFEST]);

// Any address of the app is the app; the page that the command line drives is not part of it.
registerRoute(new NavigationRoute(createHandlerBoundToURL("index.html"), { denylist: [/\/headless\.html$/] }));

registerRoute(
  ({ url }) => url.href === shareTarget(),
  ({ request }) => takeShared(request),
  "POST",
);

// What is not precached still needs its headers.
registerRoute(
  ({ sameOrigin }) => sameOrigin,
  async ({ request }) => withHeaders(await fetch(request)),
);
