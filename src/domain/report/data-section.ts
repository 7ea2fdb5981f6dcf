/** The report on its data: how many images of which class are in which part, how unevenly, and what was done about it. */
import { balanceOf } from "../experiment/regularization.ts";
import type { Writer } from "../text/writer.ts";
import type { ReportContents } from "./contents.ts";
import { type Cell, paragraph, source, table } from "./html.ts";
import { balanceNames } from "./words.ts";

export function dataSection({ classes, unreadable, runs, positiveClass }: ReportContents, w: Writer): string {
  const parts = ["training", "validation", "test"] as const;
  const split = runs[0]?.run.split;
  const row = (name: string, counts: Readonly<Record<(typeof parts)[number], number | null>>): Cell[] => {
    const all = parts.reduce((sum, part) => sum + (counts[part] ?? Number.NaN), 0);
    return [name, ...parts.map((part) => count(counts[part], w)), count(all, w)];
  };
  const total = {
    training: split?.training.length ?? 0,
    validation: split?.validation.length ?? 0,
    test: split?.test.length ?? 0,
  };
  const all = w.say({ en: "All", fr: "Total" });
  const rows = [...classes.map((counts) => row(counts.name, counts)), row(all, total)];
  const positives = classes.find(({ name }) => name === positiveClass)?.training ?? null;
  const balances = [...new Set(runs.map(({ run }) => w.say(balanceNames[balanceOf(run.experiment)])))];
  return (
    table(
      w.say({ en: "Images of each original class by part.", fr: "Images de chaque classe d’origine par partie." }),
      [
        w.say({ en: "Class", fr: "Classe" }),
        w.say({ en: "Training", fr: "Entraînement" }),
        w.say({ en: "Validation", fr: "Validation" }),
        w.say({ en: "Test", fr: "Test" }),
        all,
      ],
      rows,
    ) +
    splitText({ runs }, w) +
    paragraph(
      [
        positives === null || total.training === 0
          ? w.say({
              en: "The dataset was deleted since, so the classes of its training images are not known any more.",
              fr: "Le jeu de données a été supprimé depuis\u00a0: les classes de ses images d’entraînement ne sont plus connues.",
            })
          : w.say({
              en: `Of the training images ${w.share(positives / total.training)} are photos.`,
              fr: `${w.share(positives / total.training)} des images d’entraînement sont des photos.`,
            }),
        w.say({
          en: `Uneven classes were met by: ${w.list(balances)}.`,
          fr: `Les classes inégales ont été traitées par\u00a0: ${w.list(balances)}.`,
        }),
      ].join(" "),
    ) +
    (unreadable > 0
      ? paragraph(
          w.say({
            en: `${w.number(unreadable)} ${w.plural(unreadable, "file", "files")} could not be read and ${w.plural(unreadable, "is", "are")} not part of it.`,
            fr: `${w.number(unreadable)} ${w.plural(unreadable, "fichier n’a pas pu être lu et n’en fait", "fichiers n’ont pas pu être lus et n’en font")} pas partie.`,
          }),
        )
      : "")
  );
}

function count(value: number | null, w: Writer): Cell {
  return { number: value === null || Number.isNaN(value) ? "–" : w.number(value) };
}

function splitText({ runs }: Pick<ReportContents, "runs">, w: Writer): string {
  const split = runs[0]?.run.split;
  if (!split) return "";
  const kinds = {
    keras: w.say({
      en: `The split is the one that Keras’ image_dataset_from_directory draws with the seed ${split.seed}; it has no test part.`,
      fr: `La répartition est celle que tire image_dataset_from_directory de Keras avec la graine ${split.seed}\u00a0; elle n’a pas de partie de test.`,
    }),
    stratified: w.say({
      en: `Every class was divided by the same shares with the seed ${split.seed}${split.bySource ? ", whole sources together" : ""}; near-duplicates that are known and the pages of a file are in one part.`,
      fr: `Chaque classe a été répartie selon les mêmes parts avec la graine ${split.seed}${split.bySource ? ", les sources entières ensemble" : ""}\u00a0; les quasi-doublons connus et les pages d’un même fichier sont dans une seule partie.`,
    }),
    given: w.say({
      en: "Who started the runs said which images are for validation.",
      fr: "Les images de validation ont été données par qui a lancé les entraînements.",
    }),
  } as const;
  const saved = w.say({
    en: "Every run stores the ids of the images of each part.",
    fr: "Chaque entraînement garde les identifiants des images de chaque partie.",
  });
  return paragraph(kinds[split.kind]) + source(saved);
}
