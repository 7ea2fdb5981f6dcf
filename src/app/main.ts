/** The composition root: creates the services, hands them to the elements, shows Tamis. */
import { ContextProvider } from "@lit/context";
import {
  classificationContext,
  comparisonContext,
  datasetContext,
  explanationContext,
  labellingContext,
  modelContext,
  sortingContext,
  systemContext,
  trainingContext,
  vettingContext,
} from "../ui/contexts.ts";
import { preferredLocale, setAppLocale } from "./locales/localization.ts";
import { ServiceWorkerWatch } from "./service-worker.ts";
import { createRuntime, createServices } from "./services/services.ts";
import { LazyLabelling } from "./services/classification/lazy-labelling.ts";
import { LazySorting } from "./services/classification/lazy-sorting.ts";
import { System } from "./services/system-service.ts";
import { Tabs } from "./services/tabs.ts";

/** Leaves the first screen alone: installing the starter model loads the engine. In milliseconds. */
const starterDelay = 500;

async function start(): Promise<void> {
  const serviceWorker = new ServiceWorkerWatch();
  const system = new System({
    preferredLocale: preferredLocale(navigator.languages),
    applyLocale: setAppLocale,
    serviceWorker,
  });
  const runtime = createRuntime();
  runtime.engine.onBackend = (backend) => system.backend.set(backend);
  const services = createServices(runtime, new Tabs(), () => void system.measureStorage());
  const { datasets, vetting, training, comparisons, models, classification, explanations } = services;

  serviceWorker.mayReload = () =>
    training.active.value === null && datasets.importing.value === null && classification.progress.value === null;
  if (import.meta.env.PROD) {
    // Not awaited: Tamis works without it as long as there is a network.
    serviceWorker.register().catch((error: unknown) => console.warn("No service worker:", error));
  }
  await Promise.all([system.load(), services.load()]);

  new ContextProvider(document.body, { context: datasetContext, initialValue: datasets });
  new ContextProvider(document.body, { context: vettingContext, initialValue: vetting });
  new ContextProvider(document.body, { context: trainingContext, initialValue: training });
  new ContextProvider(document.body, { context: comparisonContext, initialValue: comparisons });
  new ContextProvider(document.body, { context: modelContext, initialValue: models });
  new ContextProvider(document.body, { context: classificationContext, initialValue: classification });
  new ContextProvider(document.body, { context: explanationContext, initialValue: explanations });
  new ContextProvider(document.body, {
    context: sortingContext,
    initialValue: new LazySorting(classification.originals),
  });
  const { originals } = classification;
  const { decoders } = runtime;
  new ContextProvider(document.body, {
    context: labellingContext,
    initialValue: new LazyLabelling({ originals, decoders, datasets, vetting }),
  });
  new ContextProvider(document.body, { context: systemContext, initialValue: system });
  addEventListener("beforeunload", (event) => {
    // The browser then asks whether to leave.
    if (!serviceWorker.mayReload()) event.preventDefault();
  });
  await import("../ui/app-shell/app-shell.ts");
  document.body.append(document.createElement("tamis-app"));

  void import("./incoming.ts").then(({ takeIncoming }) => takeIncoming(classification, models));
  void system.measureStorage();
  // After the first screen: it loads the engine.
  setTimeout(() => void services.installStarter(), starterDelay);
}

/** Where even the database cannot be opened (a private window, a full disk) there is no interface to say so in. */
function tellFailure(error: unknown): void {
  const note = document.createElement("p");
  note.setAttribute("role", "alert");
  const reason = error instanceof Error ? error.message : String(error);
  note.textContent = `Tamis cannot start. · Tamis ne peut pas démarrer. (${reason})`;
  document.body.append(note);
}

start().catch(tellFailure);
