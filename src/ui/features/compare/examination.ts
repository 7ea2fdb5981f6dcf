/** Examines runs for a screen: once for what they are, again when they change, and not at all when the screen is left. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type Failure, failureOf } from "../../../contract/outcome.ts";
import type { ExaminedRuns } from "../../../domain/report/contents.ts";
import type { Model } from "../../../domain/model/model.ts";
import type { Run } from "../../../domain/run/run.ts";
import type { ComparisonService } from "../../services/comparison-service.ts";
import type { Progress } from "../../services/progress.ts";

export class Examination implements ReactiveController {
  examined: ExaminedRuns | null = null;
  failure: Failure | null = null;
  progress: Progress | null = null;
  readonly #host: ReactiveControllerHost;
  readonly #service: () => ComparisonService;
  #stopping: AbortController | null = null;
  #key = "";

  constructor(host: ReactiveControllerHost, service: () => ComparisonService) {
    this.#host = host;
    this.#service = service;
    host.addController(this);
  }

  get isWorking(): boolean {
    return this.#stopping !== null;
  }

  hostDisconnected(): void {
    this.cancel();
    // Whoever comes back finds what was examined; what was not is begun again.
    if (!this.examined) this.#key = "";
  }

  /** To be called while updating: begins where these are other runs than before, or others by now. */
  follow(runs: readonly Run[], models: readonly Model[]): void {
    const key = JSON.stringify(
      runs.map(({ id, history, modelId }) => {
        const { threshold, calibration } = models.find((model) => model.id === modelId)?.metadata ?? {};
        return [id, history.length, threshold, calibration];
      }),
    );
    if (key === this.#key) return;
    this.#key = key;
    void this.#examine(runs);
  }

  again(runs: readonly Run[]): void {
    void this.#examine(runs);
  }

  cancel(): void {
    this.#stopping?.abort();
    this.#stopping = null;
    this.#host.requestUpdate();
  }

  async #examine(runs: readonly Run[]): Promise<void> {
    this.#stopping?.abort();
    this.examined = null;
    this.failure = null;
    this.progress = null;
    if (runs.length === 0) return;
    const stopping = new AbortController();
    this.#stopping = stopping;
    const onProgress = (progress: Progress): void => {
      this.progress = progress;
      this.#host.requestUpdate();
    };
    const outcome = await this.#service().examine(runs, onProgress, stopping.signal).catch(failureOf);
    // Another examination may have begun meanwhile.
    if (this.#stopping !== stopping) return;
    this.#stopping = null;
    if (outcome.ok) this.examined = outcome.value;
    else this.failure = outcome;
    this.#host.requestUpdate();
  }
}
