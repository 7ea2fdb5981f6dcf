/** What another app shares with Tamis: kept until the page takes it, since the sharing works without a network and without a page. */

declare const self: ServiceWorkerGlobalScope;

/** The page knows these names too (src/app/incoming.ts): change both. */
const cacheName = "tamis-shared";
const nameHeader = "X-Tamis-Name";

/** The address that the web manifest names. */
export function shareTarget(): string {
  return new URL("share-target", self.registration.scope).href;
}

/** Keeps the files of a share, and leads to the screen that classifies them. */
export async function takeShared(request: Request): Promise<Response> {
  const files = (await request.formData()).getAll("images").filter((entry): entry is File => entry instanceof File);
  const cache = await caches.open(cacheName);
  const moment = Date.now();
  for (const [index, file] of files.entries()) {
    const headers = { "Content-Type": file.type, [nameHeader]: encodeURIComponent(file.name) };
    await cache.put(new URL(`shared/${moment}-${index}`, self.registration.scope), new Response(file, { headers }));
  }
  return Response.redirect(new URL("./#/classify", self.registration.scope).href, 303);
}
