import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Store } from "../../services/store.ts";

/**
 * Reads stores in `render()` and renders again when one of them changes. A store is followed from its first reading until the element
 * leaves the page; coming back, the element renders and so follows again.
 */
export class StoreController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #followed = new Map<Store<unknown>, () => void>();
  #connected = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The store's value now. */
  read<T>(store: Store<T>): T {
    if (this.#connected && !this.#followed.has(store)) {
      this.#followed.set(
        store,
        store.subscribe(() => this.#host.requestUpdate()),
      );
    }
    return store.value;
  }

  hostConnected(): void {
    this.#connected = true;
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#connected = false;
    for (const leave of this.#followed.values()) leave();
    this.#followed.clear();
  }
}
