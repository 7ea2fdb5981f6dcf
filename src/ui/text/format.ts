/** Numbers, shares, sizes, durations and dates as the interface's language writes them. */
import { msg, str } from "@lit/localize";
import { currentLocale } from "./locale.ts";

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules>();

/** One formatter for a language and a way of writing: making one is slow, and lists ask for thousands. */
function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.PluralRules>(
  kind: string,
  make: (locale: string) => T,
): T {
  const locale = currentLocale();
  const key = `${locale} ${kind}`;
  let formatter = cache.get(key) as T | undefined;
  if (!formatter) cache.set(key, (formatter = make(locale)));
  return formatter;
}

/** A number with at most `digits` digits after the point. */
export function formatNumber(value: number, digits = 0): string {
  return cached(`n${digits}`, (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits })).format(
    value,
  );
}

/** A number with exactly `digits` digits after the point, for columns. */
export function formatFixed(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return cached(`f${digits}`, (locale) => new Intl.NumberFormat(locale, options)).format(value);
}

/** A share from 0 to 1 as a percentage with `digits` digits after the point. */
export function formatShare(share: number, digits = 0): string {
  const options = { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return cached(`p${digits}`, (locale) => new Intl.NumberFormat(locale, options)).format(share);
}

const sizeUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Bytes in the largest unit (powers of 1000) that leaves at least 1. */
export function formatBytes(bytes: number): string {
  let step = 0;
  let value = bytes;
  while (value >= 999.5 && step < sizeUnits.length - 1) {
    value /= 1000;
    step += 1;
  }
  const unit = sizeUnits[step] ?? "byte";
  const maximumFractionDigits = step === 0 || value >= 10 ? 0 : 1;
  const options = {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits,
  } as const;
  return cached(`b${unit}${maximumFractionDigits}`, (locale) => new Intl.NumberFormat(locale, options)).format(value);
}

function unit(value: number, name: "second" | "minute" | "hour"): string {
  const options = { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 0 } as const;
  return cached(`u${name}`, (locale) => new Intl.NumberFormat(locale, options)).format(value);
}

/** Seconds as `45 sec`, `3 min 20 sec`, `2 hr 5 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return unit(whole, "second");
  const minutes = Math.floor(whole / 60);
  if (minutes < 10) {
    const rest = whole % 60;
    return rest === 0 ? unit(minutes, "minute") : `${unit(minutes, "minute")} ${unit(rest, "second")}`;
  }
  const rounded = Math.round(whole / 60);
  if (rounded < 60) return unit(rounded, "minute");
  const hours = Math.floor(rounded / 60);
  const rest = rounded % 60;
  return rest === 0 ? unit(hours, "hour") : `${unit(hours, "hour")} ${unit(rest, "minute")}`;
}

/** Time left, coarse on purpose: it is an estimate. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 5) return msg("a few seconds left");
  const coarse = seconds < 60 ? Math.ceil(seconds / 5) * 5 : seconds < 600 ? Math.ceil(seconds / 10) * 10 : seconds;
  const duration = formatDuration(coarse);
  return msg(str`about ${duration} left`);
}

/** Items a second. */
export function formatRate(rate: number): string {
  const value = formatNumber(rate, rate < 10 ? 1 : 0);
  return msg(str`${value} per second`);
}

/** Day and time, for example `23 Nov 2026, 03:10`. */
export function formatDateTime(milliseconds: number): string {
  const options = { dateStyle: "medium", timeStyle: "short" } as const;
  return cached("dt", (locale) => new Intl.DateTimeFormat(locale, options)).format(milliseconds);
}

/** The day only. */
export function formatDate(milliseconds: number): string {
  return cached("d", (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" })).format(milliseconds);
}

/** Picks the form that the language uses for `count`: French says « 0 image », English “0 images”. */
export function plural(count: number, forms: { readonly one: string; readonly other: string }): string {
  return cached("plural", (locale) => new Intl.PluralRules(locale)).select(count) === "one" ? forms.one : forms.other;
}

/** `1 image`, `3,214 images`. */
export function formatImages(count: number): string {
  const n = formatNumber(count);
  return plural(count, { one: msg(str`${n} image`), other: msg(str`${n} images`) });
}

/** `1 file`, `12 files`. */
export function formatFiles(count: number): string {
  const n = formatNumber(count);
  return plural(count, { one: msg(str`${n} file`), other: msg(str`${n} files`) });
}
