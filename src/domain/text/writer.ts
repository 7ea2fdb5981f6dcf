/** Numbers as a language writes them, for texts that are made away from the interface (reports, analyses). */

export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];

/** A text in every language. */
export type Texts = Readonly<Record<Language, string>>;

export class Writer {
  readonly language: Language;
  readonly #formats = new Map<string, Intl.NumberFormat>();

  constructor(language: Language) {
    this.language = language;
  }

  /** The text in this writer's language. */
  say(texts: Texts): string {
    return texts[this.language];
  }

  /** With at most `digits` digits after the point. */
  number(value: number, digits = 0): string {
    return this.#format(`n${digits}`, { maximumFractionDigits: digits }, value);
  }

  /** With exactly `digits` digits after the point. */
  fixed(value: number, digits: number): string {
    return this.#format(`f${digits}`, { minimumFractionDigits: digits, maximumFractionDigits: digits }, value);
  }

  /** A loss: enough digits to tell two of them apart, small or large. */
  loss(value: number): string {
    return this.fixed(value, Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 3);
  }

  /** A share from 0 to 1 as a percentage. */
  share(value: number, digits = 1): string {
    const options = { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
    return this.#format(`p${digits}`, options, value);
  }

  /** A difference of shares, in percentage points, with its sign. */
  points(value: number): string {
    const number = this.#format(
      "points",
      { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" },
      100 * value,
    );
    return this.language === "fr" ? `${number}\u00a0points` : `${number} points`;
  }

  /** `87.1–91.4%`. */
  shareInterval([low, high]: readonly [number, number]): string {
    const bare = (value: number) => this.fixed(100 * value, 1);
    return this.language === "fr" ? `${bare(low)}–${bare(high)}\u202f%` : `${bare(low)}–${bare(high)}%`;
  }

  /** A p-value: small ones are not written to digits that mean nothing. */
  pValue(value: number): string {
    const less = this.language === "fr" ? "<\u00a0" : "< ";
    return value < 0.001 ? `${less}${this.fixed(0.001, 3)}` : this.fixed(value, 3);
  }

  /** `45 s`, `3 min 20 s`, `2 h 5 min`. */
  duration(seconds: number): string {
    const gap = "\u00a0";
    const whole = Math.max(0, Math.round(seconds));
    if (whole < 60) return `${whole}${gap}s`;
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) return `${minutes}${gap}min${whole % 60 ? ` ${whole % 60}${gap}s` : ""}`;
    return `${Math.floor(minutes / 60)}${gap}h${minutes % 60 ? ` ${minutes % 60}${gap}min` : ""}`;
  }

  /** Bytes in megabytes. */
  megabytes(bytes: number): string {
    return `${this.number(bytes / 1e6, bytes < 1e7 ? 1 : 0)}\u00a0${this.language === "fr" ? "Mo" : "MB"}`;
  }

  date(milliseconds: number): string {
    return new Intl.DateTimeFormat(this.language, { dateStyle: "long", timeStyle: "short" }).format(milliseconds);
  }

  /** The form that the language uses for `count`: French says « 0 image », English “0 images”. */
  plural(count: number, one: string, other: string): string {
    return new Intl.PluralRules(this.language).select(count) === "one" ? one : other;
  }

  /** `a, b and c`. */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.language, { type: "conjunction" }).format(items);
  }

  /** A quotation. */
  quote(text: string): string {
    return this.language === "fr" ? `«\u00a0${text}\u00a0»` : `“${text}”`;
  }

  #format(key: string, options: Intl.NumberFormatOptions, value: number): string {
    let format = this.#formats.get(key);
    if (!format) this.#formats.set(key, (format = new Intl.NumberFormat(this.language, options)));
    return format.format(value);
  }
}
