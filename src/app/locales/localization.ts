/** The interface's languages: English is in the code, French is loaded when it is asked for. */
import { configureLocalization } from "@lit/localize";
import type { Locale } from "../../ui/services/system-service.ts";
import { currentLocale, setTextLocale } from "../../ui/text/locale.ts";
import { sourceLocale, targetLocales } from "./generated/locale-codes.ts";

const { setLocale } = configureLocalization({
  sourceLocale,
  targetLocales,
  loadLocale: () => import("./generated/fr.ts"),
});

/** Every language that Tamis speaks. */
export const locales: readonly Locale[] = ["en", "fr"];

/** The first of the browser's languages that Tamis speaks; English where it speaks none of them. */
export function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const match = locales.find((locale) => language.toLowerCase().split("-")[0] === locale);
    if (match) return match;
  }
  return "en";
}

/** Puts the interface and the document's `lang` into a language; rejects where its texts cannot be loaded. */
export async function setAppLocale(locale: Locale): Promise<void> {
  const before = currentLocale();
  setTextLocale(locale);
  try {
    await setLocale(locale);
  } catch (error) {
    setTextLocale(before);
    throw error;
  }
  document.documentElement.lang = locale;
}
