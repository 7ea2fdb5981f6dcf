import { consume } from "@lit/context";
import { msg } from "@lit/localize";
import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { systemContext, trainingContext } from "../contexts.ts";
import { TamisElement } from "../elements/base/tamis-element.ts";
import { icon, type IconName } from "../elements/icon/icon.ts";
import "../elements/toast/toasts.ts";
import { hrefOf, parseRoute, type Route, type Screen } from "../routes.ts";
import type { SystemService } from "../services/system-service.ts";
import type { TrainingService } from "../services/training-service.ts";
import { controls, foundation, layout } from "../styles/shared.ts";
import { appShellStyles } from "./app-shell.styles.ts";

/** Each screen is loaded when it is first visited. */
const load: Readonly<Record<Screen, () => Promise<unknown>>> = {
  classify: () => import("../features/classify/classify-screen.ts"),
  review: () => import("../features/review/review-screen.ts"),
  batches: () => import("../features/batches/batches-screen.ts"),
  data: () => import("../features/data/data-screen.ts"),
  train: () => import("../features/train/train-screen.ts"),
  runs: () => import("../features/train/run-screen.ts"),
  compare: () => import("../features/compare/compare-screen.ts"),
  models: () => import("../features/models/models-screen.ts"),
  settings: () => import("../features/settings/settings-screen.ts"),
};

/** Screens that belong to one of the navigation's. */
const partOf: Readonly<Partial<Record<Screen, Screen>>> = {
  runs: "train",
  compare: "train",
  review: "classify",
  batches: "classify",
};

/** Remembers that the person would rather not install; the settings still offer it. */
const declinedKey = "tamis-install-declined";

function wasDeclined(): boolean {
  try {
    return localStorage.getItem(declinedKey) !== null;
  } catch {
    return false;
  }
}

/** A file dropped where no drop zone takes it would be opened by the browser, and what is running would be lost. */
function keepPage(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

/** A sieve from above: a round frame and what passes through. */
const mark = svg`<circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="2.2"/>
  <g fill="currentColor">
    <circle cx="12" cy="12" r="1.35"/><circle cx="7.4" cy="12" r="1.35"/><circle cx="16.6" cy="12" r="1.35"/>
    <circle cx="9.7" cy="8" r="1.35"/><circle cx="14.3" cy="8" r="1.35"/><circle cx="9.7" cy="16" r="1.35"/>
    <circle cx="14.3" cy="16" r="1.35"/>
  </g>`;

/** Tamis itself: header, navigation, the screen that the address names, banners and messages. */
@customElement("tamis-app")
export class AppShell extends TamisElement {
  static override styles = [foundation, controls, layout, appShellStyles];

  @consume({ context: systemContext }) private system!: SystemService;
  @consume({ context: trainingContext }) private training!: TrainingService;

  @state() private route: Route = parseRoute(location.hash);
  @state() private loaded: ReadonlySet<Screen> = new Set();
  @state() private failed = false;
  @state() private updateDismissed = false;
  @state() private installDeclined = wasDeclined();
  @query("main") private main!: HTMLElement;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#navigated);
    window.addEventListener("dragover", keepPage);
    window.addEventListener("drop", keepPage);
    void this.#load(this.route.screen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#navigated);
    window.removeEventListener("dragover", keepPage);
    window.removeEventListener("drop", keepPage);
  }

  readonly #navigated = (): void => {
    this.route = parseRoute(location.hash);
    window.scrollTo({ top: 0, behavior: "instant" });
    void this.#load(this.route.screen).then(() => this.#focusHeading());
  };

  async #load(screen: Screen): Promise<void> {
    this.failed = false;
    try {
      await load[screen]();
      this.loaded = new Set([...this.loaded, screen]);
    } catch (error) {
      console.error(`The screen ${screen} could not be loaded.`, error);
      this.failed = true;
    }
  }

  /** A new screen is announced by its heading; without this, the focus would stay on the link that led to it. */
  async #focusHeading(): Promise<void> {
    await this.updateComplete;
    const screen = this.main.firstElementChild as (HTMLElement & { updateComplete?: Promise<unknown> }) | null;
    await screen?.updateComplete;
    const heading = screen?.shadowRoot?.querySelector("h1");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    } else this.main.focus({ preventScroll: true });
  }

  #titles(): Readonly<Record<Screen, string>> {
    return {
      classify: msg("Classify"),
      review: msg("Review"),
      batches: msg("Earlier batches"),
      data: msg("Data"),
      train: msg("Train"),
      runs: msg("Run"),
      compare: msg("Comparison"),
      models: msg("Models"),
      settings: msg("Settings"),
    };
  }

  protected override willUpdate(): void {
    document.title = `${this.#titles()[this.route.screen]} · Tamis`;
  }

  #renderNavigation(): TemplateResult {
    const titles = this.#titles();
    const entries: readonly (readonly [Screen, IconName])[] = [
      ["classify", "classify"],
      ["data", "data"],
      ["train", "train"],
      ["models", "models"],
      ["settings", "settings"],
    ];
    const here = partOf[this.route.screen] ?? this.route.screen;
    const working = this.stores.read(this.training.active) !== null;
    return html`<nav aria-label=${msg("Main")}>
      <ul role="list">
        ${entries.map(
          ([screen, symbol]) =>
            html`<li>
              <a href=${hrefOf(screen)} aria-current=${screen === here ? "page" : nothing}>
                ${icon(symbol)}<span>${titles[screen]}</span>${
                  screen === "train" && working
                    ? html`<span class="working"></span><span class="visually-hidden">${msg("(training now)")}</span>`
                    : nothing
                }
              </a>
            </li>`,
        )}
      </ul>
    </nav>`;
  }

  #renderBanners(): TemplateResult {
    const update = this.stores.read(this.system.updateReady) && !this.updateDismissed;
    const install =
      this.route.screen === "classify" && this.stores.read(this.system.installable) && !this.installDeclined;
    const training = this.stores.read(this.training.active) !== null;
    return html`
      ${
        update
          ? html`<div class="banner" role="status">
              ${icon("download")}
              <p>
                ${
                  training
                    ? msg("A new version is ready. Taking it over reloads Tamis and would interrupt the training.")
                    : msg("A new version is ready. Taking it over reloads Tamis.")
                }
              </p>
              <button type="button" class="quiet" @click=${() => (this.updateDismissed = true)}>${msg("Later")}</button>
              <button type="button" class="primary" @click=${() => this.system.applyUpdate()}>
                ${msg("Reload now")}
              </button>
            </div>`
          : nothing
      }
      ${
        install && !update
          ? html`<div class="banner">
              ${icon("download")}
              <p>${msg("Install Tamis to open it from the desktop or home screen, also without a network.")}</p>
              <button type="button" class="quiet" @click=${this.#declineInstall}>${msg("Not now")}</button>
              <button type="button" class="primary" @click=${() => void this.system.install()}>
                ${msg("Install")}
              </button>
            </div>`
          : nothing
      }
    `;
  }

  readonly #declineInstall = (): void => {
    this.installDeclined = true;
    try {
      localStorage.setItem(declinedKey, "yes");
    } catch {
      // Without this storage the question comes again with the next visit.
    }
  };

  #renderScreen(): TemplateResult {
    const { screen, id } = this.route;
    if (this.failed) {
      return html`<div class="loading" role="alert">
        <p>${msg("This screen could not be loaded. Check the network once, then try again.")}</p>
        <button type="button" @click=${() => void this.#load(screen)}>${msg("Try again")}</button>
      </div>`;
    }
    if (!this.loaded.has(screen)) return html`<p class="loading" role="status">${msg("Loading…")}</p>`;
    switch (screen) {
      case "classify":
        return html`<tamis-classify-screen></tamis-classify-screen>`;
      case "review":
        return html`<tamis-review-screen></tamis-review-screen>`;
      case "batches":
        return html`<tamis-batches-screen></tamis-batches-screen>`;
      case "data":
        return html`<tamis-data-screen .datasetId=${id}></tamis-data-screen>`;
      case "train":
        return html`<tamis-train-screen .datasetId=${id}></tamis-train-screen>`;
      case "runs":
        return html`<tamis-run-screen .runId=${id}></tamis-run-screen>`;
      case "compare":
        return html`<tamis-compare-screen .runIds=${id?.split(",") ?? []}></tamis-compare-screen>`;
      case "models":
        return html`<tamis-models-screen></tamis-models-screen>`;
      case "settings":
        return html`<tamis-settings-screen></tamis-settings-screen>`;
    }
  }

  protected override render() {
    const online = this.stores.read(this.system.online);
    return html`
      <a class="button primary skip" href="#main" @click=${this.#skip}>${msg("Skip to content")}</a>
      <header>
        <div class="bar">
          <a class="name" href=${hrefOf("classify")}><svg viewBox="0 0 24 24" aria-hidden="true">${mark}</svg>Tamis</a>
          ${this.#renderNavigation()}
          <span class="state" role="status">
            ${online ? nothing : html`<span class="tag">${icon("offline")}${msg("Offline")}</span>`}
          </span>
        </div>
      </header>
      <div>
        ${this.#renderBanners()}
        <main id="main" tabindex="-1">${this.#renderScreen()}</main>
      </div>
      <tamis-toasts></tamis-toasts>
    `;
  }

  /** The address names the screen, so a plain `#main` would leave it. */
  #skip(event: Event): void {
    event.preventDefault();
    void this.#focusHeading();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-app": AppShell;
  }
}
