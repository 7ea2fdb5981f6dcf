/** A model that is not taken, and what the person can do about it. */
import { EngineError } from "../failure.ts";

export const chooseAnother = "Choose another model file, or export the model again.";

/** @param message names the file and what is wrong with it */
export function refused(message: string, remedy = chooseAnother): EngineError {
  return new EngineError("bad-model", message, remedy);
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
