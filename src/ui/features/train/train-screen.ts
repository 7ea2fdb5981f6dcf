import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Failure } from "../../../contract/outcome.ts";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { waitingRuns } from "../../../domain/run/queue.ts";
import type { Run } from "../../../domain/run/run.ts";
import { datasetContext, trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/empty-state/empty-state.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import { notify } from "../../elements/toast/notify.ts";
import { hrefOf } from "../../routes.ts";
import type { DatasetService } from "../../services/dataset-service.ts";
import type { ActiveRun, TrainingService } from "../../services/training-service.ts";
import { controls, disclosures, foundation, layout } from "../../styles/shared.ts";
import { formatNumber, formatShare, plural } from "../../text/format.ts";
import type { QueueRequest } from "./comparison-form.ts";
import "./comparison-form.ts";
import "./live-run.ts";
import "./run-list.ts";
import "./run-queue.ts";
import type { TrainingRequest } from "./training-form.ts";
import "./training-form.ts";

/** Trains: choose, start, watch, stop; and the runs so far. */
@customElement("tamis-train-screen")
export class TrainScreen extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    disclosures,
    css`
      .done {
        background: var(--photo-soft);
        border-color: transparent;
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @consume({ context: trainingContext }) private training!: TrainingService;

  /** The dataset to begin the form with. */
  @property({ attribute: false }) datasetId: string | null = null;
  @state() private failure: Failure | null = null;
  @state() private ended: Run | null = null;
  @query("h1") private heading!: HTMLElement;

  async #enqueue({ datasetId, experiments, split }: QueueRequest): Promise<void> {
    this.failure = null;
    const outcome = await this.training.enqueue(datasetId, experiments, split);
    if (!outcome.ok) {
      this.failure = outcome;
      return;
    }
    const runs = formatNumber(outcome.value.length);
    notify({
      text: plural(outcome.value.length, {
        one: msg(str`${runs} run is in the queue.`),
        other: msg(str`${runs} runs are in the queue.`),
      }),
    });
    this.heading.focus();
  }

  async #train({ datasetId, experiment, split }: TrainingRequest): Promise<void> {
    if (this.#isQueueing) {
      await this.#enqueue({ datasetId, experiments: [experiment], split });
      return;
    }
    this.failure = null;
    this.ended = null;
    const training = this.training.train(datasetId, experiment, split);
    // The form goes, and the focus with it.
    this.heading.focus();
    const outcome = await training;
    if (!outcome.ok) {
      this.failure = outcome;
      if (!this.isConnected && outcome.code !== "cancelled")
        notify({ text: msg("The training failed."), problem: true });
      return;
    }
    this.ended = outcome.value;
    if (this.isConnected) return;
    const name = outcome.value.datasetName;
    notify({
      text: msg(str`The training on “${name}” has ended.`),
      link: { href: hrefOf("runs", outcome.value.id), text: msg("See the result") },
    });
  }

  get #isQueueing(): boolean {
    const waits = waitingRuns(this.stores.read(this.training.runs)).length > 0;
    return waits || this.stores.read(this.training.active) !== null;
  }

  #renderNew(datasets: readonly Dataset[], active: ActiveRun | null) {
    const { presets } = this.training;
    return html`<section class="stack tight" aria-labelledby="new">
      <h2 id="new">${msg("New runs")}</h2>
      <details .open=${active === null}>
        <summary>${msg("One network")}</summary>
        <tamis-training-form
          .datasets=${datasets}
          .presets=${presets}
          .initialDatasetId=${this.datasetId}
          .queueing=${this.#isQueueing}
          @tamis-train=${(event: CustomEvent<TrainingRequest>) => void this.#train(event.detail)}
        ></tamis-training-form>
      </details>
      <details>
        <summary>${msg("Several networks and seeds, to compare them")}</summary>
        <tamis-comparison-form
          .datasets=${datasets}
          .presets=${presets}
          .initialDatasetId=${this.datasetId}
          @tamis-enqueue=${(event: CustomEvent<QueueRequest>) => void this.#enqueue(event.detail)}
        ></tamis-comparison-form>
      </details>
    </section>`;
  }

  #renderEnded(run: Run) {
    const last = run.history.at(-1);
    const accuracy = last ? formatShare(last.validationAccuracy, 1) : "";
    return html`<div class="card done head" role="status">
      <div>
        <h2>${run.status === "stopped" ? msg("Training stopped") : msg("Training finished")}</h2>
        <p>
          ${
            last
              ? msg(str`Accuracy on the validation images: ${accuracy}.`)
              : msg("It was stopped before its first epoch ended, so there is no model.")
          }
        </p>
      </div>
      <a class="button primary" href=${hrefOf("runs", run.id)}>${msg("See the result")}${icon("forward")}</a>
    </div>`;
  }

  protected override render() {
    const datasets = this.stores.read(this.datasets.datasets);
    const runs = this.stores.read(this.training.runs);
    const active = this.stores.read(this.training.active);
    const past = runs.filter((run) => run.id !== active?.runId && run.status !== "queued");
    return html`<div class="stack">
      <div>
        <h1 tabindex="-1">${msg("Train")}</h1>
        <p class="lead">
          ${msg("A network learns from a dataset, here on this device. You can leave this screen meanwhile, but keep Tamis open.")}
        </p>
      </div>
      ${active ? html`<tamis-live-run .active=${active}></tamis-live-run>` : nothing}
      <tamis-run-queue></tamis-run-queue>
      ${this.ended && !active ? this.#renderEnded(this.ended) : nothing}
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${
        datasets.length === 0
          ? html`<div class="card">
              <tamis-empty-state symbol="data" .heading=${msg("There is nothing to learn from yet")}>
                ${msg("Import a folder of annotated images first. A few hundred per class are a good beginning.")}
                <a slot="actions" class="button primary" href=${hrefOf("data")}>${msg("Import images")}</a>
              </tamis-empty-state>
            </div>`
          : this.#renderNew(datasets, active)
      }
      ${past.length > 0 ? html`<tamis-run-list .runs=${past}></tamis-run-list>` : nothing}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-train-screen": TrainScreen;
  }
}
