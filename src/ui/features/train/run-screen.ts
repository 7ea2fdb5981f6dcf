import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { canResume, computedSeconds, type Run } from "../../../domain/run/run.ts";
import type { ComparisonService } from "../../services/comparison-service.ts";
import { comparisonContext, modelContext, trainingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/curves/curves.ts";
import { confirmAction } from "../../elements/dialog/ask.ts";
import { icon } from "../../elements/icon/icon.ts";
import { notify } from "../../elements/toast/notify.ts";
import { hrefOf } from "../../routes.ts";
import type { ModelService } from "../../services/model-service.ts";
import type { TrainingService } from "../../services/training-service.ts";
import { controls, foundation, layout, tables } from "../../styles/shared.ts";
import { formatBytes, formatDateTime, formatDuration, formatNumber } from "../../text/format.ts";
import { presetWord, statusWord } from "../../text/words.ts";
import "./live-run.ts";
import "../evaluation/run-evaluation.ts";
import "./run-analysis.ts";
import type { RunAnalysis } from "./run-analysis.ts";
import { renderLeakage, splitSizes, splitWord } from "./run-split.ts";

/** One run: what it was, how it went, how good its model is; and the model's way into use. */
@customElement("tamis-run-screen")
export class RunScreen extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    css`
      .lead {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
      }
      .trouble {
        padding: var(--space-3) var(--space-4);
        border-radius: var(--radius);
        background: var(--review-soft);
      }
    `,
  ];

  @consume({ context: trainingContext }) private training!: TrainingService;
  @consume({ context: comparisonContext }) private comparisons!: ComparisonService;
  @consume({ context: modelContext }) private models!: ModelService;

  @property({ attribute: false }) runId: string | null = null;
  @query("tamis-run-analysis") private analysis!: RunAnalysis | null;

  async #use(modelId: string): Promise<void> {
    await this.models.setDefault(modelId);
    notify({
      text: msg("This model classifies from now on."),
      link: { href: hrefOf("classify"), text: msg("Classify") },
    });
  }

  async #remove(run: Run): Promise<void> {
    const sure = await confirmAction({
      heading: msg("Delete this run?"),
      text: msg("Its curves and its settings are deleted. Its model stays in the list of models."),
      action: msg("Delete"),
      danger: true,
    });
    if (!sure) return;
    await this.training.remove(run.id);
    notify({ text: msg("The run is deleted.") });
    location.hash = hrefOf("train");
  }

  async #resume(run: Run): Promise<void> {
    const outcome = await this.training.resumeRun(run.id);
    if (!outcome.ok) notify({ text: outcome.message });
  }

  #renderFacts(run: Run) {
    const { experiment, engine } = run;
    const seconds = computedSeconds(run);
    const size = formatNumber(experiment.inputSize);
    const done = formatNumber(run.history.length);
    const planned = formatNumber(experiment.epochs);
    const step = engine ? formatNumber(engine.millisecondsPerStep) : "";
    const threads = formatNumber(engine?.threads ?? 0);
    const facts: readonly (readonly [string, string])[] = [
      [msg("Images"), splitSizes(run.split)],
      [msg("Split"), splitWord(run.split)],
      [msg("Image size"), msg(str`${size} × ${size} pixels`)],
      [msg("Epochs"), msg(str`${done} of ${planned}`)],
      ...(run.keptEpoch === null || run.keptEpoch === run.history.length
        ? []
        : [[msg("Weights kept"), msg(str`of epoch ${formatNumber(run.keptEpoch)}, the best`)] as const]),
      [msg("Batch size"), formatNumber(experiment.batchSize)],
      [msg("Learning rate"), formatNumber(experiment.optimizer.learningRate, 6)],
      [msg("Seed"), String(experiment.seed)],
      [msg("Duration"), formatDuration(seconds)],
      ...(engine
        ? ([
            [msg("Parameters"), formatNumber(engine.parameters)],
            [msg("Time per step"), msg(str`${step} ms`)],
            [msg("Computed with"), engine.backend === "wasm" ? msg(str`WebAssembly, threads: ${threads}`) : "WebGPU"],
            [msg("Most memory used"), formatBytes(engine.peakHeapBytes)],
          ] as const)
        : []),
    ];
    return html`<dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
  }

  #renderActions(run: Run, isActive: boolean) {
    const inUse = run.modelId !== null && this.stores.read(this.models.defaultModelId) === run.modelId;
    const modelId = run.modelId;
    const exists = this.stores.read(this.models.models).some((model) => model.id === modelId);
    return html`<div class="actions">
      ${
        isActive
          ? nothing
          : html`<button type="button" class="danger" @click=${() => void this.#remove(run)}>
              ${icon("remove")}${msg("Delete")}
            </button>`
      }
      ${
        isActive || !canResume(run)
          ? nothing
          : html`<button
              type="button"
              class="primary"
              ?disabled=${this.stores.read(this.training.active) !== null}
              @click=${() => void this.#resume(run)}
            >
              ${icon("play")}${msg("Resume")}
            </button>`
      }
      ${
        modelId === null || !exists
          ? nothing
          : inUse
            ? html`<span class="tag accent">${icon("check")}${msg("This model is in use")}</span>`
            : html`<button type="button" class="primary" @click=${() => void this.#use(modelId)}>
                ${icon("check")}${msg("Use this model")}
              </button>`
      }
    </div>`;
  }

  protected override render() {
    const active = this.stores.read(this.training.active);
    const isActive = active !== null && active.runId === this.runId;
    const run = isActive
      ? active.run
      : this.stores.read(this.training.runs).find((candidate) => candidate.id === this.runId);
    const back = html`<a class="back" href=${hrefOf("train")}>${icon("back")}${msg("All runs")}</a>`;
    if (!run) {
      return html`<div class="stack">
        ${back}
        <h1>${msg("This run does not exist")}</h1>
        <p>${msg("It may have been deleted.")}</p>
      </div>`;
    }
    const isFinal = this.stores.read(this.comparisons.decisions).some(({ runId }) => runId === run.id);
    const preset = presetWord(run.experiment.preset);
    const dataset = run.datasetName;
    return html`<div class="stack">
      ${back}
      <div class="head">
        <div>
          <h1>${msg(str`${preset} on “${dataset}”`)}</h1>
          <p class="lead">
            <span>${formatDateTime(run.createdAt)}</span>
            <span class="tag ${run.status === "failed" ? "danger" : run.status === "finished" ? "photo" : ""}">
              ${statusWord(run.status)}
            </span>
            ${isFinal ? html`<span class="tag accent">${icon("star")}${msg("Final model")}</span>` : nothing}
          </p>
        </div>
        ${this.#renderActions(run, isActive)}
      </div>
      ${run.checkpointProblem ? html`<p class="trouble" lang="en">${run.checkpointProblem}</p>` : nothing}
      ${run.problem ? html`<p class="trouble" lang="en">${run.problem}</p>` : nothing}
      ${
        isActive
          ? html`<tamis-live-run .active=${active}></tamis-live-run>`
          : html`<section class="stack tight">
              <h2>${msg("History")}</h2>
              <div class="card stack">
                ${
                  run.history.length > 0
                    ? html`<tamis-curves .history=${run.history} .epochs=${run.history.length}></tamis-curves>`
                    : html`<p class="soft">${msg("No epoch ended, so there is nothing to show and no model.")}</p>`
                }
                ${this.#renderFacts(run)}
              </div>
            </section>`
      }
      ${isActive ? nothing : html`<tamis-run-analysis .run=${run}></tamis-run-analysis>`}
      ${!isActive && run.modelId !== null ? html`<tamis-run-evaluation .run=${run} @tamis-judged=${() => this.analysis?.reread()}></tamis-run-evaluation>` : nothing}
      ${renderLeakage(run)}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-run-screen": RunScreen;
  }
}
