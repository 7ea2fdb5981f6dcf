/** Guessing which class means "photo" from its name. */

/** "Photo" in languages that operators use, after `plain`: whole words, or beginnings where a word goes on in many ways. */
const words = new Set(["photo", "foto", "fotka", "fotografi", "pic", "snapshot", "valokuva", "zdjecie", "zdjecia"]);
const beginnings = ["photograph", "fotograf"];

/** Names that deny it: "not_photo", "non-photos", "sans photo". */
const denials = new Set(["no", "not", "non", "nicht", "kein", "keine", "sans", "pas", "without", "other", "autre"]);

/**
 * The class that is a photo by its name: `Photo`, `photos`, `PHOTOGRAPHIES`, `photographs`, `Fotos`, `01_photos_couleur` … A name that is nothing
 * else is surer than one that holds the word among others. `null` where no name or more than one fits best: a person has to say then.
 */
export function guessPositiveClass(classNames: readonly string[]): string | null {
  const best = Math.max(0, ...classNames.map(likeness));
  const candidates = classNames.filter((name) => likeness(name) === best);
  return best > 0 && candidates.length === 1 ? candidates[0]! : null;
}

/** 2: the name says photo and nothing else; 1: among other words; 0: it does not. */
function likeness(className: string): 0 | 1 | 2 {
  const parts = plain(className);
  if (parts.some((part) => denials.has(part)) || !parts.some(isPhotoWord)) return 0;
  return parts.every(isPhotoWord) ? 2 : 1;
}

function isPhotoWord(word: string): boolean {
  const singular = word.replace(/(?:es|s)$/, "");
  return words.has(word) || words.has(singular) || words.has(word.replace(/s$/, "")) || isBeginning(word);
}

function isBeginning(word: string): boolean {
  return beginnings.some((beginning) => word.startsWith(beginning));
}

/** Its words in lower case, without accents and numbers; `notAPhoto` is three. */
function plain(name: string): string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "");
}
