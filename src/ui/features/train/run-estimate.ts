import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { RunEstimate } from "../../../contract/engine.ts";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { defaultSplit, type SplitPlan } from "../../../domain/dataset/split-types.ts";
import type { Experiment } from "../../../domain/experiment/experiment.ts";
import { memoryEstimate } from "../../../domain/experiment/memory-estimate.ts";
import { trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import type { TrainingService } from "../../services/training-service.ts";
import { foundation } from "../../styles/shared.ts";
import { formatBytes, formatDuration, formatNumber } from "../../text/format.ts";

/** Nothing is probed while the person still changes the form, in milliseconds. */
const settling = 800;

/** What a run would cost: parameters and memory at once, time after a short probe. */
@customElement("tamis-run-estimate")
export class RunEstimateNote extends TamisElement {
  static override styles = [foundation];

  @consume({ context: trainingContext }) private training!: TrainingService;

  @property({ attribute: false }) source: Dataset | null = null;
  /** One that was checked and can run; null where there is none. */
  @property({ attribute: false }) experiment: Experiment | null = null;

  @property({ attribute: false }) split: SplitPlan = defaultSplit;

  @state() private estimate: RunEstimate | null = null;
  @state() private isMeasuring = false;
  /** What the estimate is of, as text: the form makes a new experiment at every change of anything. */
  #subject = "";
  #probe: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    this.#subject = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const isBusy = this.stores.read(this.training.active) !== null;
    const { source: dataset, experiment, split } = this;
    const subject = dataset && experiment && !isBusy ? JSON.stringify([dataset.classCounts, experiment, split]) : "";
    if (subject === this.#subject) return;
    this.#subject = subject;
    this.#leave();
    this.estimate = null;
    if (dataset && experiment && subject !== "") {
      this.#timer = setTimeout(() => void this.#measure(dataset, experiment), settling);
    }
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#probe?.abort();
    this.#probe = null;
    this.isMeasuring = false;
  }

  async #measure(dataset: Dataset, experiment: Experiment): Promise<void> {
    const probe = new AbortController();
    this.#probe = probe;
    this.isMeasuring = true;
    const outcome = await this.training.estimate(dataset, experiment, this.split, probe.signal);
    if (this.#probe !== probe) return;
    this.isMeasuring = false;
    // Where the probe failed the run itself will say why; until then there is nothing to tell.
    if (outcome.ok) this.estimate = outcome.value;
  }

  #renderTime({
    experiment,
    estimate,
    isMeasuring,
  }: {
    experiment: Experiment;
    estimate: RunEstimate | null;
    isMeasuring: boolean;
  }) {
    if (isMeasuring) return msg("Measuring how long it takes …");
    if (!estimate) return nothing;
    const epoch = formatDuration(estimate.secondsPerEpoch);
    const all = formatDuration(estimate.seconds);
    return experiment.earlyStopping === null
      ? msg(str`About ${epoch} an epoch, ${all} in all.`)
      : msg(str`About ${epoch} an epoch, ${all} in all at the most.`);
  }

  protected override render() {
    const { source: dataset, experiment, estimate, isMeasuring } = this;
    if (!dataset || !experiment) return nothing;
    const outputs = experiment.output === "binary" ? 1 : dataset.classNames.length;
    const { parameters, bytes } = memoryEstimate(experiment, outputs);
    const count = formatNumber(parameters);
    const memory = formatBytes(bytes);
    return html`<p class="small soft">
      ${msg(str`${count} parameters, about ${memory} of memory.`)}
      <span role="status">${this.#renderTime({ experiment, estimate, isMeasuring })}</span>
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-run-estimate": RunEstimateNote;
  }
}
