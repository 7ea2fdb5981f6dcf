/**
 * What `<tamis-classify>` says, by the language of the page around it. The app's own translations are not here: they belong to a page that chooses
 * its language, and are forty times as many.
 */
import type { Verdict } from "../domain/capture/capture.ts";

export interface Texts {
  readonly choose: string;
  readonly drop: string;
  readonly loading: string;
  readonly classifying: (name: string) => string;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly page: (number: number) => string;
  readonly failed: (name: string) => string;
  /** Why a file cannot be read, by the code before the colon of a failure's message. */
  readonly reasons: Readonly<Record<string, string>>;
}

const english: Texts = {
  choose: "Choose images",
  drop: "or drop them here. They stay on this device.",
  loading: "Loading the model…",
  classifying: (name) => `Looking at ${name}…`,
  verdicts: { photo: "Photo", "not-photo": "Not a photo", "to-review": "To review" },
  page: (number) => `page ${number}`,
  failed: (name) => `${name} cannot be classified.`,
  reasons: {
    empty: "The file is empty.",
    "not-an-image": "It is not an image.",
    "unsupported-format": "Its format cannot be read.",
    damaged: "It is damaged.",
    "too-large": "It is too large for this device.",
    encrypted: "It opens with a password only.",
  },
};

const french: Texts = {
  choose: "Choisir des images",
  drop: "ou déposez-les ici. Elles restent sur cet appareil.",
  loading: "Chargement du modèle…",
  classifying: (name) => `Examen de ${name}…`,
  verdicts: { photo: "Photo", "not-photo": "Pas une photo", "to-review": "À vérifier" },
  page: (number) => `page ${number}`,
  failed: (name) => `${name} ne peut pas être classé.`,
  reasons: {
    empty: "Le fichier est vide.",
    "not-an-image": "Ce n’est pas une image.",
    "unsupported-format": "Son format n’est pas lisible.",
    damaged: "Il est endommagé.",
    "too-large": "Il est trop grand pour cet appareil.",
    encrypted: "Il ne s’ouvre qu’avec un mot de passe.",
  },
};

/** @param language as in a `lang` attribute */
export function textsFor(language: string): Texts {
  return /^fr\b/i.test(language) ? french : english;
}
