import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ExportOptions } from "../../../contract/engine.ts";
import { failureOf, type Failure } from "../../../contract/outcome.ts";
import type { Model } from "../../../domain/model/model.ts";
import type { ComparisonService } from "../../services/comparison-service.ts";
import { comparisonContext, modelContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { askText } from "../../elements/dialog/ask.ts";
import "../../elements/drop-zone/drop-zone.ts";
import "../../elements/empty-state/empty-state.ts";
import "../../elements/failure-note/failure-note.ts";
import type { FilePicker } from "../../elements/file-picker/file-picker.ts";
import "../../elements/file-picker/file-picker.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { notify } from "../../elements/toast/notify.ts";
import { filesOf, type Dropped } from "../../files/folders.ts";
import { saveFile } from "../../files/save.ts";
import { hrefOf } from "../../routes.ts";
import type { ModelAnswers, ModelService } from "../../services/model-service.ts";
import type { PickedFile, PickedFolder } from "../../services/picked-files.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import type { ModelWish } from "./model-card.ts";
import "./model-card.ts";

/** The models: which there are, which one classifies; out and in as one file. */
@customElement("tamis-models-screen")
export class ModelsScreen extends TamisElement {
  static override styles = [foundation, controls, layout];

  @consume({ context: modelContext }) private models!: ModelService;
  @consume({ context: comparisonContext }) private comparisons!: ComparisonService;

  @state() private failure: Failure | null = null;
  /** What is being read or written; empty when nothing is. */
  @state() private working = "";
  @query("tamis-file-picker") private picker!: FilePicker;

  async #import(files: readonly PickedFile[]): Promise<void> {
    const [first] = files;
    if (!first) return;
    const source = files.length > 1 ? (first.path.split("/").at(-2) ?? first.path) : first.path;
    this.failure = null;
    this.working = msg(str`Importing “${source}”`);
    try {
      const outcome = await this.models.importFiles(files);
      if (!outcome.ok) {
        this.failure = outcome;
        return;
      }
      const { name } = outcome.value.metadata;
      notify({ text: msg(str`“${name}” is imported.`) });
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.working = "";
    }
  }

  async #dropped(event: CustomEvent<Promise<Dropped>>): Promise<void> {
    void this.#import(filesOf(await event.detail));
  }

  async #export(model: Model, options: ExportOptions): Promise<void> {
    const { name } = model.metadata;
    this.failure = null;
    this.working = msg(str`Exporting “${name}”`);
    try {
      const outcome = await this.models.exportBundle(model.id, options);
      if (outcome.ok) saveFile(outcome.value);
      else this.failure = outcome;
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.working = "";
    }
  }

  async #answer(model: Model, answers: ModelAnswers): Promise<void> {
    const { name } = model.metadata;
    await this.models.answer(model.id, answers);
    notify({ text: msg(str`“${name}” can classify now.`) });
  }

  async #fulfil(wish: ModelWish, model: Model): Promise<void> {
    const { name } = model.metadata;
    switch (wish) {
      case "use":
        await this.models.setDefault(model.id);
        notify({
          text: msg(str`“${name}” classifies from now on.`),
          link: { href: hrefOf("classify"), text: msg("Classify") },
        });
        return;
      case "rename": {
        const renamed = await askText({
          heading: msg("Rename the model"),
          field: { label: msg("Name"), value: name },
          action: msg("Rename"),
        });
        if (renamed !== null) await this.models.rename(model.id, renamed);
        return;
      }
      case "remove":
        notify({ text: msg(str`“${name}” is deleted.`), undo: await this.models.remove(model.id) });
    }
  }

  #renderImport() {
    return html`<tamis-file-picker
        accept=".zip,.json,.bin,.keras,.h5,.hdf5,.onnx,.txt,application/zip"
        .label=${msg("Model files")}
        @tamis-picked=${({ detail }: CustomEvent<PickedFolder>) => void this.#import(detail.files)}
      ></tamis-file-picker>
      <tamis-drop-zone
        compact
        symbol="models"
        .label=${msg("Drop the model to import it")}
        @tamis-dropped=${this.#dropped}
      >
        <div class="head">
          <p class="soft">
            ${msg(
              "Import a model from another device or another program: a Tamis zip, TensorFlow.js (all of its files), Teachable Machine, Keras (.keras, .h5) or ONNX. Choose it, or drop its files or folder here.",
            )}
          </p>
          <button type="button" ?disabled=${this.working !== ""} @click=${() => this.picker.open()}>
            ${icon("upload")}${msg("Import a model")}
          </button>
        </div>
      </tamis-drop-zone>`;
  }

  protected override render() {
    const models = this.stores.read(this.models.models);
    const inUse = this.stores.read(this.models.defaultModelId);
    const decisions = this.stores.read(this.comparisons.decisions);
    return html`<div class="stack">
      <div>
        <h1>${msg("Models")}</h1>
        <p class="lead">
          ${msg("The model in use judges what you classify. Export one to install it on another device.")}
        </p>
      </div>
      ${this.#renderImport()}
      ${this.working ? html`<tamis-progress-line class="card" .label=${this.working}></tamis-progress-line>` : ""}
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${
        models.length === 0
          ? html`<div class="card">
              <tamis-empty-state symbol="models" .heading=${msg("No model yet")}>
                ${msg("Train one on annotated images, or import one that was exported elsewhere.")}
                <a slot="actions" class="button primary" href=${hrefOf("train")}>${msg("Train a model")}</a>
              </tamis-empty-state>
            </div>`
          : repeat(
              models,
              (model) => model.id,
              (model) =>
                html`<tamis-model-card
                  .model=${model}
                  ?inUse=${model.id === inUse}
                  ?final=${decisions.some(({ runId }) => runId === model.runId)}
                  ?busy=${this.working !== ""}
                  @tamis-wish=${(event: CustomEvent<ModelWish>) => void this.#fulfil(event.detail, model)}
                  @tamis-export=${(event: CustomEvent<ExportOptions>) => void this.#export(model, event.detail)}
                  @tamis-answers=${(event: CustomEvent<ModelAnswers>) => void this.#answer(model, event.detail)}
                ></tamis-model-card>`,
            )
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-models-screen": ModelsScreen;
  }
}
