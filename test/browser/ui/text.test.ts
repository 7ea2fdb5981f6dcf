import { expect } from "chai";
import { errorCodes } from "../../../src/contract/outcome.ts";
import { findingReasons } from "../../../src/domain/dataset/dataset.ts";
import { runStatuses } from "../../../src/domain/run/run.ts";
import { preferredLocale, setAppLocale } from "../../../src/app/locales/localization.ts";
import {
  formatBytes,
  formatDateTime,
  formatDuration,
  formatFixed,
  formatImages,
  formatNumber,
  formatRate,
  formatShare,
  formatTimeLeft,
} from "../../../src/ui/text/format.ts";
import { failureTitle, findingRemedy, findingWord, statusWord, verdictWord } from "../../../src/ui/text/words.ts";

/** Intl writes several kinds of spaces that do not break. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

describe("words and numbers", () => {
  afterEach(() => setAppLocale("en"));

  it("are English by default", () => {
    expect(formatNumber(3214)).to.equal("3,214");
    expect(formatNumber(0.12345, 2)).to.equal("0.12");
    expect(formatFixed(0.5, 3)).to.equal("0.500");
    expect(formatShare(0.9384, 1)).to.equal("93.8%");
    expect(formatDuration(45)).to.equal("45 sec");
    expect(formatDuration(200)).to.equal("3 min 20 sec");
    expect(formatDuration(3599)).to.equal("1 hr");
    expect(formatDuration(7500)).to.equal("2 hr 5 min");
    expect(formatTimeLeft(2)).to.equal("a few seconds left");
    expect(formatTimeLeft(61)).to.equal("about 1 min 10 sec left");
    expect(formatRate(41.27)).to.equal("41 per second");
    expect(formatRate(4.13)).to.equal("4.1 per second");
    expect(formatImages(1)).to.equal("1 image");
    expect(formatImages(0)).to.equal("0 images");
    expect(formatDateTime(Date.UTC(2026, 10, 23, 12))).to.contain("2026");
  });

  it("write sizes in the largest unit that leaves at least 1", () => {
    expect(formatBytes(0)).to.equal("0 bytes");
    expect(formatBytes(999)).to.equal("999 bytes");
    expect(formatBytes(1500)).to.equal("1.5 kB");
    expect(formatBytes(412e6)).to.equal("412 MB");
    expect(formatBytes(999.9e6)).to.equal("1 GB");
    expect(formatBytes(5e15)).to.equal("5,000 TB");
  });

  it("are French in French, with French numbers", async () => {
    await setAppLocale("fr");
    expect(document.documentElement.lang).to.equal("fr");
    expect(plain(formatNumber(3214))).to.equal("3 214");
    expect(plain(formatShare(0.9384, 1))).to.equal("93,8 %");
    expect(plain(formatBytes(2.1e6))).to.equal("2,1 Mo");
    expect(plain(formatImages(0))).to.equal("0 image");
    expect(plain(formatImages(2))).to.equal("2 images");
    expect(plain(formatTimeLeft(3))).to.equal("encore quelques secondes");
    expect(verdictWord("not-photo")).to.equal("Pas une photo");
    await setAppLocale("en");
    expect(verdictWord("not-photo")).to.equal("Not a photo");
    expect(formatNumber(3214)).to.equal("3,214");
  });

  it("have something to say about every code, in both languages", async () => {
    for (const locale of ["en", "fr"] as const) {
      await setAppLocale(locale);
      const said = [
        ...errorCodes.map(failureTitle),
        ...findingReasons.flatMap((reason) => [findingWord(reason), findingRemedy(reason)]),
        ...runStatuses.map(statusWord),
      ];
      for (const text of said) expect(text, locale).to.match(/\p{L}{2}/u);
      expect(new Set(errorCodes.map(failureTitle)).size).to.equal(errorCodes.length);
    }
  });

  it("choose the first language that Tamis speaks", () => {
    expect(preferredLocale(["de-DE", "fr-CA", "en-GB"])).to.equal("fr");
    expect(preferredLocale(["en-US", "fr"])).to.equal("en");
    expect(preferredLocale(["de"])).to.equal("en");
    expect(preferredLocale([])).to.equal("en");
  });

  it("use French typography: no straight apostrophe, no space that breaks before : ; ? ! or inside « »", async () => {
    const { templates } = (await import("../../../src/app/locales/generated/fr.ts")) as {
      templates: Record<string, unknown>;
    };
    const texts = Object.values(templates).map((template) =>
      typeof template === "string" ? template : (template as { strings: readonly string[] }).strings.join("…"),
    );
    expect(texts.length).to.be.greaterThan(300);
    for (const text of texts) {
      expect(text).not.to.contain("'");
      expect(text).not.to.match(/ [:;?!»]|« /);
      expect(text).not.to.match(/\p{L}[;?!]/u);
    }
  });
});
