/** Failures are values: an Error loses its code on its way out of a worker. */

export const errorCodes = [
  "cancelled",
  "worker-died",
  "backend-unavailable",
  "out-of-memory",
  "does-not-fit",
  "device-lost",
  "diverged",
  "not-found",
  "not-cached",
  "too-few-images",
  "bad-model",
  "bad-input",
  "storage-full",
  "busy",
  "unexpected",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export interface Failure {
  readonly ok: false;
  readonly code: ErrorCode;
  /** What happened, in English, with names and numbers. */
  readonly message: string;
  /** What the person can do about it, in English; empty where nothing helps. */
  readonly remedy: string;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | Failure;

export function succeeded<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failed(code: ErrorCode, message: string, remedy = ""): Failure {
  return { ok: false, code, message, remedy };
}

/** Turns anything thrown into a failure; an abort becomes `cancelled`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DOMException) {
    if (error.name === "AbortError") return failed("cancelled", "Cancelled.");
    if (error.name === "QuotaExceededError") {
      return failed(
        "storage-full",
        "The device's storage for Tamis is full.",
        "Delete datasets or models, or free disk space.",
      );
    }
  }
  return failed("unexpected", error instanceof Error ? error.message : String(error));
}
