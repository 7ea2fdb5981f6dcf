import { updateWhenLocaleChanges } from "@lit/localize";
import { LitElement } from "lit";
import { StoreController } from "./store-controller.ts";

/** What every element of Tamis is: it speaks the chosen language and follows the stores that it reads. */
export class TamisElement extends LitElement {
  /** Read stores through this while rendering. */
  protected readonly stores = new StoreController(this);

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }
}
