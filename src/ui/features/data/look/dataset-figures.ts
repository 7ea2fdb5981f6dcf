import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Dataset } from "../../../../domain/dataset/dataset.ts";
import type { Run } from "../../../../domain/run/run.ts";
import { type BatchTensor, batchShapeOf } from "../../../../domain/experiment/batch-shape.ts";
import { type CatalogueImage, isLeftOut } from "../../../../domain/look/catalogue.ts";
import {
  aspectEdges,
  aspectRatio,
  binned,
  colourEdges,
  longerSide,
  type RangeBin,
  sizeEdges,
  tallied,
} from "../../../../domain/look/distributions.ts";
import { type Rebalanced, rebalancedEpochs } from "../../../../domain/look/rebalancing.ts";
import { trainingContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import type { TrainingService } from "../../../services/training-service.ts";
import { controls, foundation, layout, tables } from "../../../styles/shared.ts";
import { formatNumber } from "../../../text/format.ts";
import { presetWord } from "../../../text/words.ts";
import { runWord } from "../../compare/words.ts";
import { type BarRow } from "./bar-table.ts";
import "./bar-table.ts";
import { formatWord } from "./look-words.ts";

/** Draws that the figures of an epoch are of where no run says; any other seed draws as many. */
const defaultSeed = 42;

/** A dataset in figures: classes before and after relabelling and rebalancing, sizes, shapes, formats, colours, and what a batch of it is. */
@customElement("tamis-dataset-figures")
export class DatasetFigures extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    css`
      .figures {
        display: grid;
        gap: var(--space-5);
        grid-template-columns: repeat(auto-fit, minmax(min(29rem, 100%), 1fr));
      }
      .field {
        max-width: 24rem;
      }
      code {
        font-family: var(--font-mono);
        font-size: var(--text-small);
      }
    `,
  ];

  @consume({ context: trainingContext }) private training!: TrainingService;

  @property({ attribute: false }) shown: Dataset | null = null;
  /** Null until they are read. */
  @property({ attribute: false }) images: readonly CatalogueImage[] | null = null;
  /** The run whose split and batches are shown; null for the default split and a preset's. */
  @property({ attribute: false }) run: Run | null = null;
  @state() private presetName = "compact";

  /** Those that take part. */
  #used: readonly CatalogueImage[] = [];
  /** Of the training part. */
  #epochs: readonly Rebalanced[] = [];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("images") && !changed.has("shown") && !changed.has("run")) return;
    this.#used = (this.images ?? []).filter((image) => !isLeftOut(image));
    const training = this.#used.filter(({ part }) => part === "training").map(({ image }) => image);
    this.#epochs = rebalancedEpochs(
      training,
      this.shown?.positiveClass ?? "",
      this.run?.experiment.seed ?? defaultSeed,
    );
  }

  #wayWord(way: Rebalanced["way"]): string {
    switch (way) {
      case "none":
        return msg("As they are");
      case "oversample":
        return msg("The smaller side drawn again");
      case "class-weights":
        return msg("Class weights");
    }
  }

  #renderClasses({ classNames, positiveClass }: Dataset) {
    const before = tallied(this.#used, ({ image }) => image.className);
    const rows: BarRow[] = classNames.map((label) => {
      const { positives = 0, negatives = 0 } = before.find(({ name }) => name === label) ?? {};
      return { label, positives, negatives };
    });
    const positives = this.#used.filter(({ isPositive }) => isPositive).length;
    const negatives = this.#used.length - positives;
    const sides: BarRow[] = [
      { label: positiveClass, positives, negatives: 0 },
      { label: msg(str`Not ${positiveClass}`), positives: 0, negatives },
    ];
    return html`<div class="figures">
      <div class="card">
        <tamis-bar-table .heading=${msg("Original classes")} .of=${msg("Class")} .rows=${rows}></tamis-bar-table>
      </div>
      <div class="card">
        <tamis-bar-table
          .heading=${msg("After relabelling: photo or not")}
          .of=${msg("Class")}
          .rows=${sides}
        ></tamis-bar-table>
      </div>
    </div>`;
  }

  #renderEpochs() {
    if (this.#epochs.length === 0) return nothing;
    const weight = (value: number | undefined) => formatNumber(value ?? 1, 2);
    return html`<div class="card stack tight">
      <div class="table-scroll">
        <table>
          <caption>
            ${msg("What an epoch draws from the training part, by the way to rebalance")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${msg("Way")}</th>
              <th scope="col" class="end">${msg("Photos")}</th>
              <th scope="col" class="end">${msg("Not photos")}</th>
              <th scope="col" class="end">${msg("A photo’s loss counts")}</th>
              <th scope="col" class="end">${msg("Another image’s loss counts")}</th>
            </tr>
          </thead>
          <tbody>
            ${this.#epochs.map(
              ({ way, positives, negatives, weights }) =>
                html`<tr>
                  <th scope="row">${this.#wayWord(way)}</th>
                  <td class="end">${formatNumber(positives)}</td>
                  <td class="end">${formatNumber(negatives)}</td>
                  <td class="end">${weight(weights?.positive)}</td>
                  <td class="end">${weight(weights?.negative)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>`;
  }

  #renderSpread() {
    const images = this.#used;
    const named = (bins: readonly RangeBin[], write: (value: number) => string): BarRow[] =>
      bins.map((bin) => ({ ...bin, label: rangeWord(bin, write) }));
    const sizes = named(binned(images, sizeEdges, longerSide), (value) => formatNumber(value));
    const aspects = named(binned(images, aspectEdges, aspectRatio), (value) => formatNumber(value, 2));
    const colours = named(
      binned(images, colourEdges, ({ colourfulness }) => colourfulness),
      (value) => formatNumber(value),
    );
    const formats = tallied(images, ({ image }) => formatWord(image.mediaType)).map(({ name, ...bin }) => ({
      ...bin,
      label: name,
    }));
    const figure = (heading: string, of: string, rows: readonly BarRow[]) =>
      html`<div class="card"><tamis-bar-table .heading=${heading} .of=${of} .rows=${rows}></tamis-bar-table></div>`;
    return html`<div class="figures">
      ${figure(msg("Sizes"), msg("Longer side, pixels"), sizes)}
      ${figure(msg("Aspect ratios"), msg("Width by height"), aspects)} ${figure(msg("Formats"), msg("Format"), formats)}
      ${figure(msg("Colourfulness"), msg("Hasler–Süsstrunk"), colours)}
    </div>`;
  }

  #tensorWord(name: BatchTensor["name"]): string {
    switch (name) {
      case "images":
        return msg("Images");
      case "labels":
        return msg("Labels");
      case "targets":
        return msg("Targets of the loss");
    }
  }

  #renderPresets(chosen: string) {
    return html`<div class="field">
      <label for="preset">${msg("Network")}</label>
      <select id="preset" @change=${(event: Event) => (this.presetName = (event.target as HTMLSelectElement).value)}>
        ${this.training.presets.map(
          ({ preset }) => html`<option value=${preset} .selected=${preset === chosen}>${presetWord(preset)}</option>`,
        )}
      </select>
    </div>`;
  }

  #renderBatch({ classNames }: Dataset) {
    const experiment =
      this.run?.experiment ??
      this.training.presets.find(({ preset }) => preset === this.presetName) ??
      this.training.presets[0];
    const [asTheyAre] = this.#epochs;
    if (!experiment || !asTheyAre) return nothing;
    const { positives, negatives } = asTheyAre;
    const shape = batchShapeOf(experiment, positives + negatives, positives, classNames.length);
    const steps = formatNumber(shape.stepsPerEpoch);
    const last = formatNumber(shape.lastBatch);
    return html`<div class="card stack tight">
      ${this.run ? html`<p>${msg(str`As “${runWord(this.run)}” had them.`)}</p>` : this.#renderPresets(experiment.preset)}
      <div class="table-scroll">
        <table>
          <caption>
            ${msg("Tensors of a batch")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${msg("Tensor")}</th>
              <th scope="col">${msg("Shape")}</th>
              <th scope="col">${msg("Type")}</th>
              <th scope="col">${msg("Values")}</th>
            </tr>
          </thead>
          <tbody>
            ${shape.tensors.map(
              ({ name, shape: sides, type, range: [low, high] }) =>
                html`<tr>
                  <th scope="row">${this.#tensorWord(name)}</th>
                  <td><code>[${sides.join(", ")}]</code></td>
                  <td><code>${type}</code></td>
                  <td>${formatNumber(low, 3)} – ${formatNumber(high, 3)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="small soft">${msg(str`Batches an epoch: ${steps}; images in the last one: ${last}.`)}</p>
    </div>`;
  }

  protected override render() {
    const { shown, images } = this;
    if (!shown) return nothing;
    if (!images) return html`<p class="soft" role="status">${msg("Loading…")}</p>`;
    return html`<div class="stack">
      <section class="stack tight">
        <h2>${msg("Classes")}</h2>
        ${this.#renderClasses(shown)} ${this.#renderEpochs()}
      </section>
      <section class="stack tight">
        <h2>${msg("Images")}</h2>
        ${this.#renderSpread()}
      </section>
      <section class="stack tight">
        <h2>${msg("A training batch")}</h2>
        ${this.#renderBatch(shown)}
      </section>
    </div>`;
  }
}

/** `256 – 512`, the open ends in words. */
function rangeWord({ from, to }: RangeBin, write: (value: number) => string): string {
  const low = write(from);
  const high = write(to);
  if (!Number.isFinite(to)) return msg(str`${low} or more`);
  return from === 0 ? msg(str`below ${high}`) : `${low} – ${high}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-dataset-figures": DatasetFigures;
  }
}
