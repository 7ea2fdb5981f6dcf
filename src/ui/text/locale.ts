/** The language that numbers and dates are written in: the one that the texts are in. */
let locale = "en";

/** Set by whoever changes the language, before the texts change: elements render as soon as those are there. */
export function setTextLocale(changed: string): void {
  locale = changed;
}

export function currentLocale(): string {
  return locale;
}
