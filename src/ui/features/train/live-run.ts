import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/curves/curves.ts";
import { confirmAction } from "../../elements/dialog/ask.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import type { Progress } from "../../services/progress.ts";
import type { ActiveRun, TrainingService } from "../../services/training-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatDuration, formatFixed, formatNumber, formatShare } from "../../text/format.ts";
import { phaseWord, presetWord } from "../../text/words.ts";

/** Share of the run that is done, as steps; null before training began. */
function stepsOf({ run, started, step }: ActiveRun): Progress | null {
  if (!started) return null;
  const { stepsPerEpoch } = started;
  const epochs = run.history.length;
  const done = step && step.epoch > epochs ? (step.epoch - 1) * stepsPerEpoch + step.step : epochs * stepsPerEpoch;
  return {
    done,
    total: run.experiment.epochs * stepsPerEpoch,
    rate: null,
    secondsLeft: step?.secondsLeft ?? null,
  };
}

/** A run while it is computed: phase, place, speed, time left, curves, and a way to stop it. */
@customElement("tamis-live-run")
export class LiveRun extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      .phase {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
      }
      .phase::before {
        content: "";
        width: 0.6rem;
        height: 0.6rem;
        border-radius: 50%;
        /* It does not move: where the browser draws on the processor, an animation takes a third of the training's speed. */
        background: var(--series-validation);
      }
    `,
  ];

  @consume({ context: trainingContext }) private training!: TrainingService;

  @property({ attribute: false }) active: ActiveRun | null = null;

  async #stop(run: ActiveRun["run"]): Promise<void> {
    const sure = await confirmAction({
      heading: msg("Stop training?"),
      text:
        run.history.length > 0
          ? msg(
              "What the last finished epoch reached is kept, as a run and as a model. The run can go on from there later.",
            )
          : msg("No epoch has ended yet, so there would be no model."),
      action: msg("Stop training"),
    });
    if (sure) this.training.stop();
  }

  #renderPause({ phase }: ActiveRun) {
    if (phase === "paused") {
      return html`<button type="button" class="primary" @click=${() => this.training.pause(false)}>
        ${icon("play")}${msg("Go on")}
      </button>`;
    }
    if (phase !== "training") return nothing;
    return html`<button type="button" @click=${() => this.training.pause(true)}>
      ${icon("pause")}${msg("Pause")}
    </button>`;
  }

  #renderFacts({ run, started, step }: ActiveRun) {
    if (!started) return nothing;
    const epoch = formatNumber(Math.min(run.experiment.epochs, step?.epoch ?? run.history.length + 1));
    const epochs = formatNumber(run.experiment.epochs);
    const current = formatNumber(step?.step ?? 0);
    const steps = formatNumber(started.stepsPerEpoch);
    const milliseconds = step?.millisecondsPerStep ?? 0;
    const images = milliseconds > 0 ? formatNumber((1000 * run.experiment.batchSize) / milliseconds) : "";
    return html`<dl class="facts">
      <div>
        <dt>${msg("Epoch")}</dt>
        <dd>${msg(str`${epoch} of ${epochs}`)}</dd>
      </div>
      <div>
        <dt>${msg("Step")}</dt>
        <dd>${msg(str`${current} of ${steps}`)}</dd>
      </div>
      <div>
        <dt>${msg("Training loss")}</dt>
        <dd>${step ? formatFixed(step.loss, 4) : "–"}</dd>
      </div>
      <div>
        <dt>${msg("Training accuracy")}</dt>
        <dd>${step ? formatShare(step.accuracy, 1) : "–"}</dd>
      </div>
      <div>
        <dt>${msg("Speed")}</dt>
        <dd>${images ? msg(str`${images} images per second`) : "–"}</dd>
      </div>
      <div>
        <dt>${msg("Time left")}</dt>
        <dd>${step ? formatDuration(step.secondsLeft) : "–"}</dd>
      </div>
    </dl>`;
  }

  /** Spoken once an epoch: often enough to follow, seldom enough to bear. */
  #renderSpoken({ run }: ActiveRun) {
    const last = run.history.at(-1);
    if (!last) return nothing;
    const epoch = formatNumber(last.epoch);
    const accuracy = formatShare(last.validationAccuracy, 1);
    return msg(str`Epoch ${epoch} has ended: validation accuracy ${accuracy}.`);
  }

  protected override render() {
    const { active } = this;
    if (!active) return nothing;
    const { run } = active;
    const preset = presetWord(run.experiment.preset);
    const dataset = run.datasetName;
    const isPreparing = active.phase === "preparing" || active.phase === "extracting";
    const progress = isPreparing ? active.preparing : stepsOf(active);
    return html`<section class="card stack" aria-label=${msg("Training now")}>
      <div class="head">
        <div>
          <h2>${msg(str`${preset} on “${dataset}”`)}</h2>
          <p class="soft phase">${phaseWord(active.phase)}</p>
        </div>
        <div class="actions">
          ${this.#renderPause(active)}
          <button
            type="button"
            class="danger"
            ?disabled=${active.phase === "stopping"}
            @click=${() => void this.#stop(run)}
          >
            ${icon("stop")}${msg("Stop")}
          </button>
        </div>
      </div>
      ${
        active.recovered === null
          ? nothing
          : html`<p role="status">
              ${msg("The engine failed and was started again; the run goes on from its last finished epoch.")}
              <span class="soft small" lang="en">${active.recovered}</span>
            </p>`
      }
      <tamis-progress-line
        .label=${isPreparing ? msg("Images ready") : msg("Steps")}
        .progress=${progress}
      ></tamis-progress-line>
      ${this.#renderFacts(active)}
      <p class="visually-hidden" role="status">${this.#renderSpoken(active)}</p>
      ${
        run.history.length > 0
          ? html`<tamis-curves .history=${run.history} .epochs=${run.experiment.epochs}></tamis-curves>`
          : html`<p class="soft small">${msg("The curves begin when the first epoch has ended.")}</p>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-live-run": LiveRun;
  }
}
