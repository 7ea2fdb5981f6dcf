/** A model of Tamis for any web page, without its interface. */
import type { OpenedModel, PageVerdict } from "../contract/embed.ts";
import { failed, failureOf, type Outcome, succeeded } from "../contract/outcome.ts";
import { EmbedClient } from "../runtime/embed-client.ts";

/** Everything is computed in one worker, which starts with the first model; no file leaves the page. */
export class TamisClassifier {
  readonly #client = new EmbedClient();

  /** @param model address of a Tamis zip (or `.keras`, `.onnx` that says all there is to know), or the file itself */
  async open(model: string | URL | File): Promise<Outcome<OpenedModel>> {
    try {
      const found = model instanceof File ? succeeded(model) : await fetched(new URL(model, document.baseURI));
      if (!found.ok) return found;
      const file = found.value;
      return await this.#client.open([{ path: file.name, file }]);
    } catch (error) {
      return failureOf(error);
    }
  }

  /** The verdict on each page of an image, PDF or TIFF. Calls are done one after the other. */
  async classify(file: Blob): Promise<Outcome<readonly PageVerdict[]>> {
    return this.#client.classify(file);
  }

  /** Ends the worker; the next call starts it again. */
  close(): void {
    this.#client.terminate();
  }
}

async function fetched(url: URL): Promise<Outcome<File>> {
  const response = await fetch(url);
  if (response.ok) return succeeded(new File([await response.blob()], url.pathname.split("/").at(-1) ?? "model.zip"));
  return failed("not-found", `There is no model at ${url.href} (status ${response.status}).`, "Correct its address.");
}
