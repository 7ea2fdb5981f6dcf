import { css, type ReactiveController, type ReactiveControllerHost } from "lit";

type Drawings = typeof import("./drawings.ts");

/** Kept while it loads, dropped when loading fails, so that the next figure tries again. */
let loading: Promise<Drawings> | null = null;
function loadDrawings(): Promise<Drawings> {
  loading ??= import("./drawings.ts").catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** What an element needs to draw a figure as wide as it is itself. */
export class FigureController implements ReactiveController {
  /** Of the element, in CSS pixels; 0 until measured. */
  width = 0;
  /** Null until loaded. */
  drawings: Drawings | null = null;
  /** What draws could not be loaded. */
  isUnavailable = false;

  readonly #host: ReactiveControllerHost & Element;
  #observer: ResizeObserver | null = null;
  #frame = 0;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    // In the next frame: rendering while sizes are being observed would change what is observed.
    this.#observer = new ResizeObserver(() => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => {
        this.width = this.#host.clientWidth;
        this.#host.requestUpdate();
      });
    });
    this.#observer.observe(this.#host);
    loadDrawings().then(
      (drawings) => {
        this.drawings = drawings;
        this.isUnavailable = false;
        this.#host.requestUpdate();
      },
      () => {
        this.isUnavailable = true;
        this.#host.requestUpdate();
      },
    );
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    cancelAnimationFrame(this.#frame);
  }
}

/** The rules of a figure's SVG, which may bring no style of its own: the Content-Security-Policy forbids it. */
export const figures = css`
  .figure svg {
    display: block;
    max-width: 100%;
    overflow: visible;
    color: var(--ink-soft);
    font: 12px/1.2 var(--font);
    --plot-background: var(--surface);
  }
  .figure svg text,
  .figure svg tspan {
    white-space: pre;
  }
  .figure svg [aria-label="tip"] {
    color: var(--ink);
  }
`;
