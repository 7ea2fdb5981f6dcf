import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { FinalDecision } from "../../../domain/comparison/decision.ts";
import type { ExaminedRuns, ReportedRun } from "../../../domain/report/contents.ts";
import { proposalText } from "../../../domain/report/final-section.ts";
import type { ComparisonService } from "../../services/comparison-service.ts";
import { comparisonContext, modelContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/network/network-summary.ts";
import { notify } from "../../elements/toast/notify.ts";
import { hrefOf } from "../../routes.ts";
import type { ModelService } from "../../services/model-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatDateTime } from "../../text/format.ts";
import { textWriter } from "../../text/writer.ts";
import { runWord } from "./words.ts";

/** Which of the runs to keep: what Tamis proposes and why, what the lead decides and why, and the network that it comes to. */
@customElement("tamis-final-model")
export class FinalModel extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      p {
        max-width: 80ch;
      }
      .decided {
        padding: var(--space-4);
        border-radius: var(--radius);
        background: var(--accent-soft);
      }
      blockquote {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      form {
        display: grid;
        gap: var(--space-4);
        max-width: 80ch;
      }
      .field select {
        width: auto;
        max-width: 100%;
      }
      textarea {
        width: 100%;
        min-height: 6rem;
        padding: var(--space-2) var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--ink);
        font: inherit;
        resize: vertical;
      }
      textarea[aria-invalid="true"] {
        border-color: var(--danger);
        box-shadow: inset 0 0 0 1px var(--danger);
      }
    `,
  ];

  @consume({ context: comparisonContext }) private comparisons!: ComparisonService;
  @consume({ context: modelContext }) private models!: ModelService;

  @property({ attribute: false }) examined: ExaminedRuns | null = null;
  /** What the form is set to; null: as proposed. */
  @state() private chosen: string | null = null;
  @state() private reason = "";
  @state() private isAsking = false;
  @state() private isReasonMissing = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("examined")) this.chosen = null;
  }

  /** Those that have a model. */
  get #candidates(): readonly ReportedRun[] {
    return this.examined?.runs.filter(({ validation }) => validation) ?? [];
  }

  #decisionOf({ datasetId, runs }: ExaminedRuns): FinalDecision | null {
    const decision = this.stores.read(this.comparisons.decisions).find((one) => one.datasetId === datasetId);
    return decision && runs.some(({ run }) => run.id === decision.runId) ? decision : null;
  }

  async #decide(event: Event, examined: ExaminedRuns, runId: string): Promise<void> {
    event.preventDefault();
    const reason = this.reason.trim();
    this.isReasonMissing = reason === "";
    if (this.isReasonMissing) {
      this.renderRoot.querySelector("textarea")?.focus();
      return;
    }
    const { datasetId, runs, proposal } = examined;
    const undo = await this.comparisons.decide({
      datasetId,
      runId,
      reason,
      comparedRunIds: runs.map(({ run }) => run.id),
      proposedRunId: proposal?.proposed.runId ?? null,
    });
    this.isAsking = false;
    this.reason = "";
    notify({ text: msg("The decision is kept. It stands in the report and on the model."), undo });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".decided")?.focus();
  }

  async #takeBack({ datasetId }: ExaminedRuns): Promise<void> {
    notify({ text: msg("The decision is taken back."), undo: await this.comparisons.takeBack(datasetId) });
  }

  async #use(modelId: string): Promise<void> {
    await this.models.setDefault(modelId);
    notify({
      text: msg("This model classifies from now on."),
      link: { href: hrefOf("classify"), text: msg("Classify") },
    });
  }

  #renderDecided(decision: FinalDecision, examined: ExaminedRuns, final: ReportedRun) {
    const name = runWord(final.run);
    const time = formatDateTime(decision.decidedAt);
    const { modelId } = final.run;
    const isThere = this.stores.read(this.models.models).some(({ id }) => id === modelId);
    const isInUse = this.stores.read(this.models.defaultModelId) === modelId;
    return html`<div class="decided stack tight" tabindex="-1">
      <h3>${msg(str`Decided: ${name}`)}</h3>
      <blockquote>${decision.reason}</blockquote>
      <p class="small soft">${time}</p>
      <div class="actions">
        ${
          isThere && modelId !== null
            ? isInUse
              ? html`<span class="tag accent">${icon("check")}${msg("This model is in use")}</span>`
              : html`<button type="button" class="primary" @click=${() => void this.#use(modelId)}>
                  ${icon("check")}${msg("Use this model")}
                </button>`
            : nothing
        }
        <button
          type="button"
          @click=${() => {
            this.chosen = decision.runId;
            this.reason = decision.reason;
            this.isAsking = true;
          }}
        >
          ${icon("edit")}${msg("Decide otherwise")}
        </button>
        <button type="button" class="quiet" @click=${() => void this.#takeBack(examined)}>
          ${msg("Take the decision back")}
        </button>
      </div>
    </div>`;
  }

  #renderForm(examined: ExaminedRuns, suggested: string) {
    const chosen = this.chosen ?? suggested;
    return html`<form novalidate @submit=${(event: Event) => void this.#decide(event, examined, chosen)}>
      <div class="field">
        <label for="final">${msg("The final model")}</label>
        <select id="final" @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}>
          ${this.#candidates.map(
            ({ run }) => html`<option value=${run.id} ?selected=${run.id === chosen}>${runWord(run)}</option>`,
          )}
        </select>
      </div>
      <div class="field">
        <label for="reason">${msg("Why this one")}</label>
        <textarea
          id="reason"
          maxlength="2000"
          aria-describedby="reason-note"
          aria-invalid=${this.isReasonMissing ? "true" : "false"}
          .value=${this.reason}
          @input=${(event: Event) => {
            this.reason = (event.target as HTMLTextAreaElement).value;
            this.isReasonMissing = false;
          }}
        ></textarea>
        <p id="reason-note" class=${this.isReasonMissing ? "problem" : "hint"}>
          ${
            this.isReasonMissing
              ? msg("Say why in a few words: whoever reads the report will ask.")
              : msg("In your own words. It stands in the report and in the model’s card.")
          }
        </p>
      </div>
      <div class="actions">
        <button type="submit" class="primary">${icon("check")}${msg("Decide for this model")}</button>
        ${
          this.isAsking
            ? html`<button type="button" @click=${() => (this.isAsking = false)}>${msg("Cancel")}</button>`
            : nothing
        }
      </div>
    </form>`;
  }

  protected override render() {
    const { examined } = this;
    const [first] = this.#candidates;
    if (!examined || !first) return nothing;
    const { proposal, runs } = examined;
    const decision = this.#decisionOf(examined);
    const suggested = proposal?.proposed.runId ?? first.run.id;
    const finalId = this.isAsking || !decision ? (this.chosen ?? suggested) : decision.runId;
    const final = runs.find(({ run }) => run.id === finalId) ?? first;
    const proposed = runs.find(({ run }) => run.id === proposal?.proposed.runId);
    const name = proposed ? runWord(proposed.run) : "";
    return html`<section class="stack tight" aria-labelledby="title">
      <h2 id="title">${msg("The final model")}</h2>
      <div class="card stack">
        ${
          proposal
            ? html`<div>
                <h3>${msg(str`Proposed: ${name}`)}</h3>
                <p>${proposalText(proposal, runs, textWriter())}</p>
              </div>`
            : html`<p>
                ${msg("None is proposed: every run collapsed to one class, diverged, or could not be judged.")}
              </p>`
        }
        ${
          decision && !this.isAsking
            ? this.#renderDecided(decision, examined, final)
            : this.#renderForm(examined, suggested)
        }
        <div>
          <h3>${msg("Its network")}</h3>
          <tamis-network-summary .run=${final.run}></tamis-network-summary>
        </div>
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-final-model": FinalModel;
  }
}
