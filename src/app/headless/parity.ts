/** Runs a reference case through the code that the app runs. */
import { compareOutputs } from "../../domain/parity/compare.ts";
import { readReferenceCase } from "../../domain/parity/reference-case.ts";
import { runReferenceCase } from "../../domain/parity/run-case.ts";
import type { ParityReport, ParityRequest } from "./protocol.ts";

/** Never rejects: a case that cannot be computed does not pass, and says why. */
export async function runParity({ json, files }: ParityRequest): Promise<ParityReport> {
  const { name, tolerance } = json as { readonly name?: string; readonly tolerance?: ParityReport["tolerance"] };
  const common = { name: name ?? "(without a name)", tolerance: tolerance ?? null };
  try {
    const reference = await readReferenceCase(json, (path) => {
      const content = files[path];
      if (content === undefined) throw new Error(`${path} is missing.`);
      return Promise.resolve(bytesOf(content));
    });
    const { passed, largestError, largestShare, problem } = compareOutputs(
      runReferenceCase(reference),
      reference.outputs,
    );
    return { ...common, passed, largest_error: largestError, largest_share: largestShare, problem };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...common, passed: false, largest_error: 0, largest_share: 0, problem };
  }
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
