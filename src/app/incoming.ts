/// <reference types="wicg-file-system-access" />
/** Files that come from outside the page: shared by another app, or opened with Tamis from the desktop. */
import type { ClassificationService } from "../ui/services/classification-service.ts";
import type { ModelService } from "../ui/services/model-service.ts";
import type { PickedFile } from "../ui/services/picked-files.ts";

/** The service worker knows these names too (src/sw/shared-files.ts): change both. */
const cacheName = "tamis-shared";
const nameHeader = "X-Tamis-Name";

/** Chromium's; not in the DOM's types. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Classifies what comes, as soon as there is a model. */
export function takeIncoming(
  classification: Pick<ClassificationService, "classify">,
  models: Pick<ModelService, "defaultModelId">,
): void {
  const { launchQueue } = window as { readonly launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files = [] }) => {
    const opened = Promise.all(files.map((handle) => handle.getFile()));
    void opened.then(async (list) => {
      await modelThere(models);
      await classification.classify(list.map(picked), { source: "files" });
    });
  });
  void takeShared().then(async (files) => {
    if (files.length === 0) return;
    await modelThere(models);
    await classification.classify(files, { source: "shared" });
  });
}

function picked(file: File): PickedFile {
  return { path: file.name, file };
}

/** Takes out what the service worker kept. */
async function takeShared(): Promise<PickedFile[]> {
  if (!("caches" in window) || !(await caches.has(cacheName))) return [];
  const cache = await caches.open(cacheName);
  const files: PickedFile[] = [];
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    // Another tab may have taken it.
    if (!response || !(await cache.delete(request))) continue;
    const name = decodeURIComponent(response.headers.get(nameHeader) ?? "") || "shared";
    files.push(picked(new File([await response.blob()], name, { type: response.headers.get("Content-Type") ?? "" })));
  }
  return files;
}

/** At the first start the starter model is still being installed. */
function modelThere({ defaultModelId }: Pick<ModelService, "defaultModelId">): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (defaultModelId.value === null) return;
      leave();
      resolve();
    };
    const leave = defaultModelId.subscribe(look);
    look();
  });
}
