import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import { momentName } from "../../files/pasted.ts";
import { greyOf, SteadyTrigger } from "../../../domain/capture/steadiness.ts";
import { classificationContext } from "../../contexts.ts";
import "../../elements/verdict-badge/verdict-badge.ts";
import type { ClassificationService, Judgement } from "../../services/classification-service.ts";
import type { PickedFile } from "../../services/picked-files.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatNumber, formatShare } from "../../text/format.ts";
import { blobOf, type CameraProblem, drawn, problemOf, problemWords } from "./camera.ts";
import { cameraPanelStyles } from "./camera-panel.styles.ts";

/** JPEG quality of a shot: high, since it is judged by its texture. */
const shotQuality = 0.95;

/** Of the picture that is judged while the camera runs. */
const previewQuality = 0.9;
/** Longer side of it, in pixels: more than any model looks at, less than makes a tablet warm. */
const previewSide = 448;
/** Longer side of what tells movement, in pixels. */
const tinySide = 48;
/** Between two looks, in milliseconds; a look that takes longer leaves the next ones out. */
const lookEvery = 250;

/**
 * The camera's live picture with a shutter: button or space bar. The camera is let go when the element leaves the page.
 * @fires tamis-shot - detail: the shot as a PickedFile
 * @fires tamis-close - the person is done with the camera
 */
@customElement("tamis-camera-panel")
export class CameraPanel extends TamisElement {
  static override styles = [foundation, controls, layout, cameraPanelStyles];

  @state() private cameras: readonly MediaDeviceInfo[] = [];
  @state() private cameraId = "";
  @state() private running = false;
  @state() private problem: CameraProblem | null = null;
  @state() private shots = 0;
  @query("video") private video!: HTMLVideoElement | null;
  @query(".flash") private flash!: HTMLElement | null;
  @query(".shutter") private shutter!: HTMLButtonElement | null;

  /** What the model says of the live picture. */
  @state() private live: Judgement | null = null;
  @state() private hasTorch = false;
  @state() private torch = false;
  /** Pictures are taken by themselves when the live one holds still. */
  @state() private steady = false;
  @consume({ context: classificationContext }) private classification!: ClassificationService;

  #stream: MediaStream | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #trigger = new SteadyTrigger();
  readonly #preview = document.createElement("canvas");
  readonly #tiny = document.createElement("canvas");

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.#pressed);
    void this.#start("");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.#pressed);
    this.#release();
  }

  #release(): void {
    clearInterval(this.#timer);
    this.live = null;
    this.hasTorch = false;
    this.torch = false;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.running = false;
  }

  async #start(cameraId: string): Promise<void> {
    this.#release();
    this.problem = null;
    // A browser leaves this out where the address is not secure, whatever its types say.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) {
      this.problem = "insecure";
      return;
    }
    try {
      const size = { width: { ideal: 1920 }, height: { ideal: 1080 } };
      const which = cameraId ? { deviceId: { exact: cameraId } } : { facingMode: { ideal: "environment" } };
      const stream = await devices.getUserMedia({ video: { ...size, ...which }, audio: false });
      if (!this.isConnected) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#stream = stream;
      const track = stream.getVideoTracks()[0];
      track?.addEventListener("ended", () => {
        this.#release();
        this.problem = "taken";
      });
      this.cameraId = track?.getSettings().deviceId ?? cameraId;
      // Names are told only after the permission was given.
      this.cameras = (await devices.enumerateDevices()).filter((device) => device.kind === "videoinput");
      await this.updateComplete;
      if (!this.video) return;
      this.video.srcObject = stream;
      await this.video.play();
      this.running = true;
      // Not in the DOM's types: cameras of phones and tablets have it.
      const abilities = track?.getCapabilities?.() as
        (MediaTrackCapabilities & { readonly torch?: boolean }) | undefined;
      this.hasTorch = abilities?.torch === true;
      this.#trigger = new SteadyTrigger();
      this.#timer = setInterval(() => void this.#look(), lookEvery);
      await this.updateComplete;
      this.shutter?.focus();
    } catch (error) {
      this.#release();
      this.problem = problemOf(error);
    }
  }

  /** Space takes a shot wherever the focus is, unless the focused control needs it for itself. */
  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.key !== " " || event.repeat || !this.running) return;
    const target = event.composedPath()[0];
    if (target instanceof Element && target.closest("button, input, select, textarea, a, summary, dialog")) return;
    event.preventDefault();
    void this.#shoot();
  };

  /** Judges the live picture, and sees whether it holds still. */
  async #look(): Promise<void> {
    const { video } = this;
    if (!video || !this.running || video.videoWidth === 0) return;
    if (this.steady) {
      const pixels = drawn(video, this.#tiny, tinySide)?.getImageData(0, 0, this.#tiny.width, this.#tiny.height).data;
      if (pixels && this.#trigger.look(greyOf(pixels), performance.now())) void this.#shoot();
    }
    drawn(video, this.#preview, previewSide);
    const picture = await blobOf(this.#preview, previewQuality);
    const live = picture && (await this.classification.judge(picture));
    if (live && this.running) this.live = live;
  }

  async #switchTorch(): Promise<void> {
    const on = !this.torch;
    const constraints = { advanced: [{ torch: on }] } as unknown as MediaTrackConstraints;
    try {
      await this.#stream?.getVideoTracks()[0]?.applyConstraints(constraints);
      this.torch = on;
    } catch {
      // The camera changed its mind: there is no light to switch.
      this.hasTorch = false;
    }
  }

  async #shoot(): Promise<void> {
    const { video } = this;
    if (!video || !this.running || video.videoWidth === 0) return;
    const canvas = document.createElement("canvas");
    drawn(video, canvas, Math.max(video.videoWidth, video.videoHeight));
    const blob = await blobOf(canvas, shotQuality);
    if (!blob) return;
    const now = new Date();
    const file = new File([blob], momentName("camera", now, "jpg"), { type: blob.type, lastModified: now.getTime() });
    this.shots += 1;
    this.flash?.classList.add("on");
    this.dispatchEvent(new CustomEvent<PickedFile>("tamis-shot", { detail: { path: file.name, file } }));
  }

  #renderProblem(problem: CameraProblem) {
    const { title, remedy } = problemWords(problem);
    return html`<div class="refused" role="alert">
        ${icon("camera")}
        <p><strong>${title}</strong></p>
        <p>${remedy}</p>
      </div>
      <div class="actions">
        <button type="button" @click=${() => void this.#start(this.cameraId)}>${msg("Try again")}</button>
        <button type="button" @click=${this.#close}>${msg("Close the camera")}</button>
      </div>`;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new Event("tamis-close"));
  };

  #renderChoice() {
    if (this.cameras.length < 2) return html`<span></span>`;
    return html`<div class="field">
      <label for="camera" class="small">${msg("Camera")}</label>
      <select id="camera" @change=${(event: Event) => void this.#start((event.target as HTMLSelectElement).value)}>
        ${this.cameras.map((camera, index) => {
          const number = formatNumber(index + 1);
          return html`<option value=${camera.deviceId} ?selected=${camera.deviceId === this.cameraId}>
            ${camera.label || msg(str`Camera ${number}`)}
          </option>`;
        })}
      </select>
    </div>`;
  }

  #renderLive({ probability, verdict }: Judgement) {
    const share = formatShare(probability);
    return html`<div class="live ${verdict}">
      <tamis-verdict-badge .verdict=${verdict}></tamis-verdict-badge>
      <span class="number">${msg(str`${share} photo`)}</span>
    </div>`;
  }

  protected override render() {
    const shots = formatNumber(this.shots);
    return html`<section class="card stack tight" aria-label=${msg("Camera")}>
      ${
        this.problem
          ? this.#renderProblem(this.problem)
          : html`<div class="stage">
                <video muted playsinline aria-label=${msg("Live picture of the camera")}></video>
                <div class="flash" @animationend=${() => this.flash?.classList.remove("on")}></div>
                ${this.running ? nothing : html`<p role="status">${msg("Starting the camera…")}</p>`}
                ${this.live ? this.#renderLive(this.live) : nothing}
              </div>
              <div class="bar">
                ${this.#renderChoice()}
                <button
                  type="button"
                  class="primary shutter"
                  ?disabled=${!this.running}
                  @click=${() => void this.#shoot()}
                >
                  ${icon("camera")}${msg("Take a picture")}
                </button>
                <button type="button" class="quiet" @click=${this.#close}>
                  ${icon("close")}${msg("Close the camera")}
                </button>
              </div>
              <div class="actions">
                <label class="steady">
                  <input
                    type="checkbox"
                    .checked=${this.steady}
                    @change=${(event: Event) => (this.steady = (event.target as HTMLInputElement).checked)}
                  />
                  ${msg("Take a picture whenever the image holds still")}
                </label>
                ${
                  this.hasTorch
                    ? html`<button type="button" aria-pressed=${this.torch} @click=${() => void this.#switchTorch()}>
                        ${icon("torch")}${msg("Light")}
                      </button>`
                    : nothing
                }
              </div>
              <p class="small soft">
                ${msg("The space bar takes a picture too.")}
                <span role="status">${this.shots > 0 ? msg(str`Taken: ${shots}.`) : nothing}</span>
              </p>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-camera-panel": CameraPanel;
  }
}
