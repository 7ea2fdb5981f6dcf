/**
 * The services that screens reach through context. The app provides all five on `document.body` before it adds `<tamis-app>`, since an
 * element asks for its context when it is connected.
 */
import { createContext } from "@lit/context";
import type {
  ClassificationService,
  DatasetService,
  ModelService,
  SortingService,
  SystemService,
  TrainingService,
} from "./services.ts";

/** Annotated images and their import. */
export const datasetContext = createContext<DatasetService>(Symbol("datasets"));
/** Runs: start, watch, stop, judge. */
export const trainingContext = createContext<TrainingService>(Symbol("training"));
/** Models: which there are, which one classifies. */
export const modelContext = createContext<ModelService>(Symbol("models"));
/** Captures and their verdicts. */
export const classificationContext = createContext<ClassificationService>(Symbol("classification"));
/** A batch's files into folders. */
export const sortingContext = createContext<SortingService>(Symbol("sorting"));
/** Language, theme, storage, updates. */
export const systemContext = createContext<SystemService>(Symbol("system"));
