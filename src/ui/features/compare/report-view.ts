import { consume } from "@lit/context";
import { msg } from "@lit/localize";
import { css, html, nothing, type PropertyValues, unsafeCSS } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { ExaminedRuns, ReportContents } from "../../../domain/report/contents.ts";
import { reportStyle } from "../../../domain/report/html.ts";
import { reportPage, writeReport } from "../../../domain/report/report.ts";
import { safeFileName } from "../../../domain/text/file-name.ts";
import { type Language, languages, Writer } from "../../../domain/text/writer.ts";
import type { ComparisonService } from "../../services/comparison-service.ts";
import { comparisonContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { saveFile } from "../../files/save.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { textWriter } from "../../text/writer.ts";

/**
 * The report of the examined runs as it will be, on white paper in every theme; as one HTML file, or printed.
 * @fires tamis-close - the person wants the comparison back
 */
@customElement("tamis-report-view")
export class ReportView extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    unsafeCSS(reportStyle(".paper")),
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3);
        padding-block: var(--space-3);
      }
      .bar select {
        width: auto;
      }
      .paper {
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      @media print {
        .bar {
          display: none;
        }
        .paper {
          border: 0;
        }
      }
    `,
  ];

  @consume({ context: comparisonContext }) private comparisons!: ComparisonService;

  @property({ attribute: false }) examined: ExaminedRuns | null = null;
  @state() private language: Language = textWriter().language;
  @state() private contents: ReportContents | null = null;
  #gathering: AbortController | null = null;

  constructor() {
    super();
    this.addEventListener("click", (event) => this.#followed(event));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#gathering?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("examined") && this.examined) void this.#gather(this.examined);
  }

  async #gather(examined: ExaminedRuns): Promise<void> {
    this.#gathering?.abort();
    const gathering = new AbortController();
    this.#gathering = gathering;
    const contents = await this.comparisons.contents(examined, gathering.signal);
    if (!gathering.signal.aborted) this.contents = contents;
  }

  #save(contents: ReportContents): void {
    const writer = new Writer(this.language);
    const name = safeFileName(`${contents.datasetName}-${this.language}`, "report");
    saveFile(new File([reportPage(contents, writer)], `${name}.html`, { type: "text/html" }));
  }

  /** The report's own addresses are places in it; here the address names the screen. */
  #followed(event: Event): void {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    const target = link?.getAttribute("href")?.replace(/^#/, "");
    if (!link || !target) return;
    event.preventDefault();
    const heading = this.renderRoot.querySelector<HTMLElement>(`.paper [id="${CSS.escape(target)}"]`);
    if (!heading) return;
    heading.tabIndex = -1;
    heading.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  }

  protected override render() {
    const { contents } = this;
    const report = contents && writeReport(contents, new Writer(this.language));
    const names: Readonly<Record<Language, string>> = { en: "English", fr: "Français" };
    return html`<div class="bar" role="group" aria-label=${msg("Report")}>
        <button type="button" @click=${() => this.dispatchEvent(new Event("tamis-close"))}>
          ${icon("back")}${msg("Back to the comparison")}
        </button>
        <select
          aria-label=${msg("Language of the report")}
          @change=${(event: Event) => (this.language = (event.target as HTMLSelectElement).value as Language)}
        >
          ${languages.map(
            (language) =>
              html`<option value=${language} lang=${language} ?selected=${language === this.language}>
                ${names[language]}
              </option>`,
          )}
        </select>
        ${
          contents
            ? html`<button type="button" class="primary" @click=${() => this.#save(contents)}>
                  ${icon("download")}${msg("Save as HTML")}
                </button>
                <button type="button" @click=${() => window.print()}>
                  ${icon("report")}${msg("Print or save as PDF")}
                </button>`
            : nothing
        }
      </div>
      ${
        report
          ? html`<article class="paper" lang=${this.language} aria-label=${report.title}>
              ${unsafeHTML(`<header>${report.header}</header>${report.sections}`)}
            </article>`
          : html`<tamis-progress-line class="card" .label=${msg("Writing the report")}></tamis-progress-line>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-report-view": ReportView;
  }
}
