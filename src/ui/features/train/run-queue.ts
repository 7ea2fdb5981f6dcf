import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { secondsLeft } from "../../../domain/run/queue-time.ts";
import { currentQueue, runsOfQueue, waitingRuns } from "../../../domain/run/queue.ts";
import type { Run } from "../../../domain/run/run.ts";
import { trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { confirmAction } from "../../elements/dialog/ask.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { notify } from "../../elements/toast/notify.ts";
import type { TrainingService } from "../../services/training-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatDuration, formatNumber } from "../../text/format.ts";
import { experimentWord } from "../../text/experiment-words.ts";

/** The queue of runs: how far the whole of it is, what comes next, and ways to reorder, take out, hold and go on. */
@customElement("tamis-run-queue")
export class RunQueue extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      li {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding-block: var(--space-1);
        border-top: 1px solid var(--line);
      }
      .what {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .up svg {
        rotate: 90deg;
      }
      .down svg {
        rotate: -90deg;
      }
    `,
  ];

  @consume({ context: trainingContext }) private training!: TrainingService;

  async #stopAll(): Promise<void> {
    const sure = await confirmAction({
      heading: msg("Stop all runs?"),
      text: msg(
        "The run that is computed ends, and keeps what its last finished epoch reached. The others stay in the queue until you let it go on.",
      ),
      action: msg("Stop all"),
    });
    if (!sure) return;
    await this.training.holdQueue(true);
    this.training.stop();
  }

  async #withdraw(run: Run): Promise<void> {
    const undo = await this.training.withdraw(run.id);
    const name = experimentWord(run.experiment);
    notify({ text: msg(str`“${name}” is no longer in the queue.`), undo });
  }

  async #move(run: Run, by: -1 | 1): Promise<void> {
    await this.training.moveInQueue(run.id, by);
    await this.updateComplete;
    // At either end the button that was pressed is switched off, and the focus would be lost.
    const row = this.renderRoot.querySelector(`[data-run="${run.id}"]`);
    const [pressed, other] = by < 0 ? [".up", ".down"] : [".down", ".up"];
    const button = row?.querySelector<HTMLButtonElement>(pressed);
    (button?.disabled ? row?.querySelector<HTMLButtonElement>(other) : button)?.focus();
  }

  #renderRun(run: Run, index: number, count: number) {
    const name = experimentWord(run.experiment);
    const size = formatNumber(run.experiment.inputSize);
    const epochs = formatNumber(run.experiment.epochs);
    const seed = String(run.experiment.seed);
    const done = formatNumber(run.history.length);
    return html`<li data-run=${run.id}>
      <span class="number soft">${formatNumber(index + 1)}.</span>
      <span class="what">
        ${name}
        <span class="soft small">
          ${msg(str`${size} × ${size} pixels, ${epochs} epochs, seed ${seed}, on “${run.datasetName}”`)}
          ${run.history.length > 0 ? msg(str`(goes on after epoch ${done})`) : nothing}
        </span>
      </span>
      <button
        type="button"
        class="quiet icon-only up"
        aria-label=${msg(str`Move “${name}”, seed ${seed}, up`)}
        ?disabled=${index === 0}
        @click=${() => void this.#move(run, -1)}
      >
        ${icon("back")}
      </button>
      <button
        type="button"
        class="quiet icon-only down"
        aria-label=${msg(str`Move “${name}”, seed ${seed}, down`)}
        ?disabled=${index === count - 1}
        @click=${() => void this.#move(run, 1)}
      >
        ${icon("back")}
      </button>
      <button
        type="button"
        class="quiet icon-only"
        aria-label=${msg(str`Take “${name}”, seed ${seed}, out of the queue`)}
        @click=${() => void this.#withdraw(run)}
      >
        ${icon("close")}
      </button>
    </li>`;
  }

  #renderTime(runs: readonly Run[]) {
    const active = this.stores.read(this.training.active);
    const seconds = secondsLeft(runs, active?.run ?? null, active?.step?.secondsLeft ?? null);
    if (seconds === null) return msg("The time left is known once an epoch has ended.");
    return msg(str`About ${formatDuration(seconds)} left for all, at the most.`);
  }

  protected override render() {
    const runs = this.stores.read(this.training.runs);
    const active = this.stores.read(this.training.active);
    const held = this.stores.read(this.training.queueHeld);
    const waiting = waitingRuns(runs).filter((run) => run.id !== active?.runId);
    const queueId = currentQueue(runs);
    if (queueId === null || waiting.length === 0) return nothing;
    const all = runsOfQueue(runs, queueId);
    const ended = all.filter((run) => run.status !== "queued" && run.status !== "running").length;
    const progress = { done: ended, total: all.length, rate: null, secondsLeft: null };
    return html`<section class="card stack tight" aria-labelledby="title">
      <div class="head">
        <div>
          <h2 id="title">${msg("Queue")}</h2>
          <p class="soft">
            ${
              held
                ? msg("The queue is held: no further run begins until you let it go on.")
                : msg(
                    "The runs are computed one after the other. Closing Tamis interrupts them; they go on when it is opened again.",
                  )
            }
          </p>
        </div>
        <div class="actions">
          ${
            held
              ? html`<button type="button" class="primary" @click=${() => void this.training.holdQueue(false)}>
                  ${icon("play")}${msg("Go on with the queue")}
                </button>`
              : html`<button type="button" @click=${() => void this.training.holdQueue(true)}>
                  ${icon("pause")}${msg("Hold after this run")}
                </button>`
          }
          ${
            active === null
              ? nothing
              : html`<button type="button" class="danger" @click=${() => void this.#stopAll()}>
                  ${icon("stop")}${msg("Stop all")}
                </button>`
          }
        </div>
      </div>
      ${held ? html`<tamis-failure-note .failure=${this.stores.read(this.training.queueProblem)}></tamis-failure-note>` : nothing}
      <tamis-progress-line .label=${msg("Runs ended")} .progress=${progress}></tamis-progress-line>
      <p class="soft small">${this.#renderTime(runs)}</p>
      <ol aria-label=${msg("Waiting runs")}>
        ${repeat(
          waiting,
          (run) => run.id,
          (run, index) => this.#renderRun(run, index, waiting.length),
        )}
      </ol>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-run-queue": RunQueue;
  }
}
