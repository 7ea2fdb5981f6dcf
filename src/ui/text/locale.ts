/** The language that numbers and dates are written in: the one that the texts are in. */
import { LOCALE_STATUS_EVENT, type LocaleStatusEventDetail } from "@lit/localize";

let locale = "en";

// Elements hear of a new language later than this module does, so they render with it already.
window.addEventListener(LOCALE_STATUS_EVENT, (event) => {
  const detail = event.detail;
  if (detail.status === "ready") locale = detail.readyLocale;
});

export function currentLocale(): string {
  return locale;
}
