/** Inside the engine a failure is thrown; at its edge it becomes a value. */
import {
  type ErrorCode,
  failed,
  type Failure,
  failureOf,
  type Outcome,
  succeeded,
} from "../../src/contract/outcome.ts";

/** A failure on its way to the edge. */
export class EngineError extends Error {
  readonly failure: Failure;

  constructor(code: ErrorCode, message: string, remedy = "") {
    super(message);
    this.failure = failed(code, message, remedy);
  }
}

/** Runs `work` and turns what it throws into a failure with a code. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return succeeded(await work());
  } catch (error) {
    return failureFrom(error);
  }
}

export function failureFrom(error: unknown): Failure {
  if (error instanceof EngineError) return error.failure;
  if (isOutOfMemory(error)) {
    return failed(
      "out-of-memory",
      `The memory did not suffice: ${(error as Error).message}`,
      "Choose a smaller size or smaller batches, or close other tabs.",
    );
  }
  return failureOf(error);
}

/** A WASM heap at its end traps; big arrays throw a RangeError. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof RangeError && /alloc|memory|room|array (buffer )?length/i.test(error.message);
}
