/**
 * The services that screens reach through context. The app provides them all on `document.body` before it adds `<tamis-app>`, since an
 * element asks for its context when it is connected.
 */
import { createContext } from "@lit/context";
import type { ComparisonService } from "./services/comparison-service.ts";
import type { ClassificationService } from "./services/classification-service.ts";
import type { DatasetService } from "./services/dataset-service.ts";
import type { ExplanationService } from "./services/explanation-service.ts";
import type { LabellingService } from "./services/labelling-service.ts";
import type { ModelService } from "./services/model-service.ts";
import type { SortingService } from "./services/sorting-service.ts";
import type { SystemService } from "./services/system-service.ts";
import type { TrainingService } from "./services/training-service.ts";
import type { VettingService } from "./services/vetting-service.ts";

/** Annotated images and their import. */
export const datasetContext = createContext<DatasetService>(Symbol("datasets"));
/** What is wrong with annotated images, and what people decided about them. */
export const vettingContext = createContext<VettingService>(Symbol("vetting"));
/** Runs: start, watch, stop, judge. */
export const trainingContext = createContext<TrainingService>(Symbol("training"));
/** Runs against each other. */
export const comparisonContext = createContext<ComparisonService>(Symbol("comparison"));
/** Models: which there are, which one classifies. */
export const modelContext = createContext<ModelService>(Symbol("models"));
/** Captures and their verdicts. */
export const classificationContext = createContext<ClassificationService>(Symbol("classification"));
/** Why a model says what it says of a picture. */
export const explanationContext = createContext<ExplanationService>(Symbol("explanations"));
/** A batch's files into folders. */
export const sortingContext = createContext<SortingService>(Symbol("sorting"));
/** Captures into a dataset. */
export const labellingContext = createContext<LabellingService>(Symbol("labelling"));
/** Language, theme, storage, updates. */
export const systemContext = createContext<SystemService>(Symbol("system"));
