import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { BackendInfo } from "../../../contract/engine.ts";
import { systemContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import type { Locale, SystemService, Theme } from "../../services/system-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatBytes, formatNumber } from "../../text/format.ts";

/** Languages are named in themselves, so that whoever needs one finds it. */
const languages: readonly (readonly [Locale, string])[] = [
  ["en", "English"],
  ["fr", "Français"],
];

const themes: readonly Theme[] = ["system", "light", "dark"];

/** Language, theme, what Tamis keeps on the device, what it computes with, and what it is. */
@customElement("tamis-settings-screen")
export class SettingsScreen extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
      }
      legend {
        padding: 0;
        font-weight: 560;
        margin-bottom: var(--space-2);
      }
      .columns {
        display: grid;
        gap: var(--space-5);
        grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr));
      }
      .columns .card {
        align-content: start;
      }
      .choice {
        display: inline-flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        padding: var(--space-1);
        border-radius: calc(var(--radius) + var(--space-1));
        background: var(--surface-sunken);
      }
      .choice label {
        position: relative;
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
        padding-inline: var(--space-4);
        border-radius: var(--radius);
        cursor: pointer;
        color: var(--ink-soft);
      }
      .choice input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        appearance: none;
        border-radius: inherit;
        cursor: pointer;
      }
      .choice label:has(:checked) {
        background: var(--surface-raised);
        color: var(--ink);
        box-shadow:
          var(--shadow),
          inset 0 0 0 1px var(--line);
      }
      .state {
        display: flex;
        align-items: start;
        gap: var(--space-2);
      }
      .state .icon {
        margin-top: 0.15rem;
        color: var(--photo);
      }
      .state.waiting .icon {
        color: var(--review);
      }
      meter {
        display: block;
        width: 100%;
        height: 0.75rem;
        appearance: none;
      }
      meter::-webkit-meter-inner-element {
        display: block;
      }
      meter::-webkit-meter-bar {
        height: 100%;
        border: 0;
        border-radius: var(--radius-round);
        background: var(--surface-sunken);
      }
      meter::-webkit-meter-optimum-value,
      meter::-webkit-meter-suboptimum-value,
      meter::-webkit-meter-even-less-good-value {
        border-radius: var(--radius-round);
      }
      meter::-webkit-meter-optimum-value {
        background: var(--accent);
      }
      meter::-webkit-meter-suboptimum-value,
      meter::-webkit-meter-even-less-good-value {
        background: var(--review);
      }
    `,
  ];

  @consume({ context: systemContext }) private system!: SystemService;

  #renderChoice<T extends string>(
    name: string,
    legend: string,
    options: readonly (readonly [T, string])[],
    value: T,
    choose: (value: T) => void,
  ) {
    return html`<fieldset>
      <legend>${legend}</legend>
      <div class="choice">
        ${options.map(
          ([option, words]) =>
            html`<label
              ><input
                type="radio"
                name=${name}
                value=${option}
                .checked=${option === value}
                @change=${() => choose(option)}
              /><span lang=${name === "language" ? option : nothing}>${words}</span></label
            >`,
        )}
      </div>
    </fieldset>`;
  }

  #themeWord(theme: Theme): string {
    switch (theme) {
      case "system":
        return msg("As the system");
      case "light":
        return msg("Light");
      case "dark":
        return msg("Dark");
    }
  }

  #renderAppearance() {
    return html`<section class="card stack" aria-labelledby="appearance">
      <h2 id="appearance">${msg("Language and appearance")}</h2>
      ${this.#renderChoice(
        "language",
        msg("Language"),
        languages,
        this.stores.read(this.system.locale),
        (locale) => void this.system.setLocale(locale),
      )}
      ${this.#renderChoice(
        "theme",
        msg("Theme"),
        themes.map((theme) => [theme, this.#themeWord(theme)] as const),
        this.stores.read(this.system.theme),
        (theme) => void this.system.setTheme(theme),
      )}
    </section>`;
  }

  #renderStorage() {
    const storage = this.stores.read(this.system.storage);
    const used = formatBytes(storage?.used ?? 0);
    const quota = formatBytes(storage?.quota ?? 0);
    return html`<section class="card stack tight" aria-labelledby="storage">
      <h2 id="storage">${msg("Storage on this device")}</h2>
      ${
        storage
          ? html`<p>${msg(str`${used} used, ${quota} available at most.`)}</p>
              <meter
                min="0"
                max=${Math.max(1, storage.quota)}
                high=${storage.quota * 0.8}
                optimum="0"
                .value=${storage.used}
                aria-label=${msg("Storage used")}
              ></meter>
              <p class="state ${storage.persisted ? "" : "waiting"}">
                ${icon(storage.persisted ? "check" : "warning")}
                ${
                  storage.persisted
                    ? msg("The browser will not clear it by itself.")
                    : msg(
                        "The browser may clear it when space runs out. Install Tamis, or keep exported copies of your models.",
                      )
                }
              </p>`
          : html`<p class="soft">${msg("This browser does not tell.")}</p>`
      }
    </section>`;
  }

  #backendWords(backend: BackendInfo): string {
    if (backend.name === "webgpu") {
      return backend.isSoftware ? msg("WebGPU, computed on the processor") : msg("WebGPU, on the graphics processor");
    }
    const threads = formatNumber(backend.threads);
    switch (backend.simd) {
      case "none":
        return msg(str`WebAssembly, threads: ${threads}`);
      case "simd":
        return msg(str`WebAssembly with SIMD, threads: ${threads}`);
      case "relaxed":
        return msg(str`WebAssembly with relaxed SIMD, threads: ${threads}`);
    }
  }

  /** Why this backend computes. */
  #choiceWords({ name, stepMilliseconds: times }: BackendInfo): string {
    if (!times) {
      return name === "wasm"
        ? msg("This browser offers no graphics processor through WebGPU.")
        : msg("WebAssembly does not start in this browser.");
    }
    const wasm = formatNumber(times.wasm);
    const webgpu = formatNumber(times.webgpu);
    return msg(str`Chosen by measuring: a test step took ${wasm} ms on WebAssembly and ${webgpu} ms on WebGPU.`);
  }

  #renderEngine() {
    const backend = this.stores.read(this.system.backend);
    return html`<section class="card stack tight" aria-labelledby="engine">
      <h2 id="engine">${msg("Computing")}</h2>
      ${
        backend
          ? html`<p>${this.#backendWords(backend)}</p>
              <p class="small soft">${this.#choiceWords(backend)}</p>`
          : html`<p class="soft">
              ${msg("Chosen by measuring, the first time that something is trained or classified.")}
            </p>`
      }
    </section>`;
  }

  #renderAbout() {
    const ready = this.stores.read(this.system.offlineReady);
    const installable = this.stores.read(this.system.installable);
    const { version } = this.system;
    return html`<section class="card stack tight" aria-labelledby="about">
      <h2 id="about">${msg("About Tamis")}</h2>
      <p class="state">
        ${icon("shield")}
        ${msg("No scan ever leaves this device: images, models and results stay in this browser. Nothing is counted, nothing is sent.")}
      </p>
      <p class="state ${ready ? "" : "waiting"}">
        ${icon(ready ? "check" : "offline")}
        ${
          ready
            ? msg("Everything works without a network.")
            : msg("Not ready to work without a network yet: stay connected for a moment.")
        }
      </p>
      ${
        installable
          ? html`<div class="actions">
              <button type="button" @click=${() => void this.system.install()}>
                ${icon("download")}${msg("Install Tamis")}
              </button>
            </div>`
          : nothing
      }
      <p class="small soft">${msg(str`Version ${version}`)}</p>
    </section>`;
  }

  protected override render() {
    return html`<div class="stack">
      <h1>${msg("Settings")}</h1>
      <div class="columns">
        ${this.#renderAppearance()} ${this.#renderStorage()} ${this.#renderEngine()} ${this.#renderAbout()}
      </div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-settings-screen": SettingsScreen;
  }
}
