/** A model's card (after Mitchell et al., Model Cards for Model Reporting, 2019) as Markdown, for whoever gets the model without Tamis. */
import { sentenceOf } from "../analysis/sentences.ts";
import type { RunFinding } from "../analysis/findings.ts";
import type { FinalDecision } from "../comparison/decision.ts";
import type { Figure } from "../metrics/figures.ts";
import { methodChanges, presetName } from "../report/words.ts";
import type { Run } from "../run/run.ts";
import type { Texts, Writer } from "../text/writer.ts";
import type { MeasuredFigure, MeasuredPart } from "./measured.ts";
import type { ModelMetadata } from "./model.ts";

export interface CardContents {
  readonly metadata: ModelMetadata;
  /** What it comes from; null where it was trained elsewhere, or its run was deleted. */
  readonly run: Run | null;
  readonly findings: readonly RunFinding[];
  /** Empty where nothing was measured, or what was measured is of other weights. */
  readonly measured: readonly MeasuredPart[];
  /** Where the lead decided for this very model. */
  readonly decision: FinalDecision | null;
}

const figureNames: Readonly<Record<MeasuredFigure, Texts>> = {
  balancedAccuracy: { en: "Balanced accuracy", fr: "Exactitude équilibrée" },
  accuracy: { en: "Accuracy", fr: "Exactitude" },
  precision: { en: "Precision", fr: "Précision" },
  recall: { en: "Recall", fr: "Rappel" },
  specificity: { en: "Specificity", fr: "Spécificité" },
  f1: { en: "F1", fr: "F1" },
  auroc: { en: "AUROC", fr: "AUROC" },
  averagePrecision: { en: "Average precision", fr: "Précision moyenne" },
  calibrationError: { en: "Expected calibration error", fr: "Erreur de calibration attendue" },
};

/** Text that Markdown would take for marks is left as it was written. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, "\\$&").replace(/\s+/g, " ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

export function writeCard(contents: CardContents, w: Writer): string {
  const { metadata } = contents;
  const sections: readonly (readonly [title: string, body: string])[] = [
    [w.say({ en: "Intended use", fr: "Usage prévu" }), intendedUse(contents, w)],
    [w.say({ en: "Data", fr: "Données" }), data(contents, w)],
    [w.say({ en: "Figures", fr: "Valeurs" }), figures(contents, w)],
    [w.say({ en: "How it decides", fr: "Comment il décide" }), deciding(contents, w)],
    [w.say({ en: "Limits", fr: "Limites" }), limits(contents, w)],
    [w.say({ en: "Provenance", fr: "Provenance" }), provenance(contents, w)],
  ];
  const body = sections.map(([title, text]) => `## ${title}\n\n${text}\n`).join("\n");
  return `# ${plain(metadata.name)}\n\n${body}`;
}

function intendedUse({ metadata: { output } }: CardContents, w: Writer): string {
  const positive = plain(output.labels[output.positive] ?? "");
  return w.say({
    en: `It tells whether a scan is a photo (“${positive}”) or anything else, to sort scans. A person looks at what it is unsure of. It was made for nothing else: it says nothing of what a picture shows, and nothing about people.`,
    fr: `Il dit si une numérisation est une photo («\u00a0${positive}\u00a0») ou autre chose, pour trier des numérisations. Une personne regarde ce dont il n’est pas sûr. Il n’est fait pour rien d’autre\u00a0: il ne dit rien de ce qu’une image montre, ni des personnes.`,
  });
}

function data({ metadata: { training }, run, measured }: CardContents, w: Writer): string {
  if (!training) {
    return w.say({
      en: "It came without a word on what it was trained on.",
      fr: "Il est venu sans un mot sur ce qui a servi à l’entraîner.",
    });
  }
  const classes = training.classNames.map(plain);
  const items = [
    w.say({
      en: `Dataset “${plain(training.datasetName)}”, with the classes ${w.list(classes)}.`,
      fr: `Jeu de données «\u00a0${plain(training.datasetName)}\u00a0», avec les classes ${w.list(classes)}.`,
    }),
    w.say({
      en: `${w.number(training.trainingImages)} images to learn from, ${w.number(training.validationImages)} to choose by${run ? `, ${w.number(run.split.test.length)} for the last judgement` : ""}.`,
      fr: `${w.number(training.trainingImages)} images pour apprendre, ${w.number(training.validationImages)} pour choisir${run ? `, ${w.number(run.split.test.length)} pour le jugement final` : ""}.`,
    }),
    ...(run ? splitTexts(run, w) : []),
    ...measured.map(({ part, images, positives }) =>
      part === "test"
        ? w.say({
            en: `Of the ${w.number(images)} test images, ${w.number(positives)} are photos.`,
            fr: `Des ${w.number(images)} images de test, ${w.number(positives)} sont des photos.`,
          })
        : w.say({
            en: `Of the ${w.number(images)} validation images, ${w.number(positives)} are photos.`,
            fr: `Des ${w.number(images)} images de validation, ${w.number(positives)} sont des photos.`,
          }),
    ),
  ];
  return list(items);
}

function splitTexts({ split, leakage }: Run, w: Writer): string[] {
  const kinds = {
    keras: w.say({
      en: `The split is the one that Keras’ image\\_dataset\\_from\\_directory draws with the seed ${split.seed}.`,
      fr: `La répartition est celle que tire image\\_dataset\\_from\\_directory de Keras avec la graine ${split.seed}.`,
    }),
    stratified: w.say({
      en: `Every class was divided by the same shares with the seed ${split.seed}${split.bySource ? ", whole sources together" : ""}.`,
      fr: `Chaque classe a été répartie selon les mêmes parts avec la graine ${split.seed}${split.bySource ? ", les sources entières ensemble" : ""}.`,
    }),
    given: w.say({
      en: "Who trained it said which images are for validation.",
      fr: "Les images de validation ont été données par qui l’a entraîné.",
    }),
  } as const;
  const near = leakage?.test?.near ?? leakage?.validation.near ?? null;
  const leaks =
    near === null
      ? w.say({
          en: "Nobody looked for near-duplicates between the parts.",
          fr: "Personne n’a cherché de quasi-doublons entre les parties.",
        })
      : w.say({
          en: `${w.number(near)} of the images that it was judged on have a known near-duplicate among those that it learnt from.`,
          fr: `${w.number(near)} des images sur lesquelles il a été jugé ont un quasi-doublon connu parmi celles dont il a appris.`,
        });
  return [kinds[split.kind], leaks];
}

function figureCells(name: MeasuredFigure, { value, interval }: Figure, w: Writer): string[] {
  const isShare = name !== "auroc" && name !== "averagePrecision" && name !== "calibrationError";
  const write = (one: number) => (isShare ? w.share(one) : w.fixed(one, 3));
  return [
    w.say(figureNames[name]),
    value === null ? "–" : write(value),
    interval ? `${write(interval[0])} – ${write(interval[1])}` : "–",
  ];
}

function figures({ measured }: CardContents, w: Writer): string {
  if (measured.length === 0) {
    return w.say({ en: "None were measured with these weights.", fr: "Aucune n’a été mesurée avec ces poids." });
  }
  return measured
    .map(({ part, images, threshold, figures: all, classes }) => {
      const head = [
        w.say({ en: "Figure", fr: "Valeur" }),
        w.say({ en: "Measured", fr: "Mesurée" }),
        w.say({ en: "95% interval", fr: "Intervalle à 95\u00a0%" }),
      ];
      const names = Object.keys(figureNames) as MeasuredFigure[];
      const byClass = classes.filter(({ n }) => n > 0);
      const on =
        part === "test"
          ? w.say({
              en: `On ${w.number(images)} test images, which no choice has looked at, at the threshold ${w.number(threshold, 3)}; intervals are of a bootstrap over the images.`,
              fr: `Sur ${w.number(images)} images de test, qu’aucun choix n’a regardées, au seuil ${w.number(threshold, 3)}\u00a0; les intervalles sont d’un bootstrap sur les images.`,
            })
          : w.say({
              en: `On ${w.number(images)} validation images, which were looked at to choose, so that these figures flatter; at the threshold ${w.number(threshold, 3)}.`,
              fr: `Sur ${w.number(images)} images de validation, regardées pour choisir, si bien que ces valeurs flattent\u00a0; au seuil ${w.number(threshold, 3)}.`,
            });
      const classHead = [
        w.say({ en: "Original class", fr: "Classe d’origine" }),
        "Images",
        w.say({ en: "Right", fr: "Justes" }),
        w.say({ en: "95% interval", fr: "Intervalle à 95\u00a0%" }),
      ];
      const classRows = byClass.map(({ className, n, right: { value, interval } }) => [
        plain(className),
        w.number(n),
        value === null ? "–" : w.share(value),
        interval ? w.shareInterval(interval) : "–",
      ]);
      return [
        on,
        table(
          head,
          names.map((name) => figureCells(name, all[name], w)),
        ),
        table(classHead, classRows),
      ].join("\n\n");
    })
    .join("\n\n");
}

function deciding(
  { metadata: { threshold, reviewBand, calibration, preprocessing } }: CardContents,
  w: Writer,
): string {
  const { pixels, inputSize } = preprocessing;
  return list([
    w.say({
      en: `A photo from a probability of ${w.number(threshold, 4)}.`,
      fr: `Photo à partir d’une probabilité de ${w.number(threshold, 4)}.`,
    }),
    reviewBand
      ? w.say({
          en: `From ${w.number(reviewBand.low, 4)} to ${w.number(reviewBand.high, 4)} a person is asked.`,
          fr: `De ${w.number(reviewBand.low, 4)} à ${w.number(reviewBand.high, 4)}, une personne est consultée.`,
        })
      : w.say({
          en: "It asks nobody: there is no review band.",
          fr: "Il ne consulte personne\u00a0: pas de bande de revue.",
        }),
    calibration
      ? w.say({
          en: `Probabilities are calibrated (logit × ${w.number(calibration.scale, 4)} + ${w.number(calibration.shift, 4)}).`,
          fr: `Les probabilités sont calibrées (logit × ${w.number(calibration.scale, 4)} + ${w.number(calibration.shift, 4)}).`,
        })
      : w.say({
          en: "Probabilities are as the network puts them out.",
          fr: "Les probabilités sont celles que donne le réseau.",
        }),
    w.say({
      en: `Images are decoded with their EXIF orientation, transparency over white, resized to ${pixels.width} × ${pixels.height} pixels (${pixels.resampling}, ${pixels.aspect}); the network sees ${inputSize} × ${inputSize}. metadata.json has every number.`,
      fr: `Les images sont décodées avec leur orientation EXIF, la transparence sur du blanc, réduites à ${pixels.width} × ${pixels.height} pixels (${pixels.resampling}, ${pixels.aspect})\u00a0; le réseau voit ${inputSize} × ${inputSize}. metadata.json a chaque nombre.`,
    }),
  ]);
}

function limits({ findings, measured }: CardContents, w: Writer): string {
  const weak = measured.find(({ part }) => part === "test") ?? measured[0];
  const fewest = weak?.classes.filter(({ n }) => n > 0).sort((a, b) => a.n - b.n)[0];
  const told = findings.filter(({ kind }) => kind !== "weights" && kind !== "early-stopping");
  return list([
    w.say({
      en: "It learnt from one dataset, and was judged on images of the same sources: on scans from elsewhere more mistakes have to be expected. Judge it on some of your own before you rely on it.",
      fr: "Il a appris d’un seul jeu de données et a été jugé sur des images des mêmes sources\u00a0: sur des numérisations d’ailleurs, il faut s’attendre à plus d’erreurs. Jugez-le sur quelques-unes des vôtres avant de vous y fier.",
    }),
    ...(fewest
      ? [
          w.say({
            en: `Of “${plain(fewest.className)}” only ${w.number(fewest.n)} ${w.plural(fewest.n, "image was", "images were")} judged: the intervals say how little that shows.`,
            fr: `De «\u00a0${plain(fewest.className)}\u00a0», ${w.number(fewest.n)} ${w.plural(fewest.n, "image seulement a été jugée", "images seulement ont été jugées")}\u00a0: les intervalles disent combien c’est peu.`,
          }),
        ]
      : []),
    ...told.map((finding) => plain(sentenceOf(finding, w))),
  ]);
}

function provenance({ metadata, run, decision }: CardContents, w: Writer): string {
  const { training, preset, parameters, createdAt } = metadata;
  const changes = run ? methodChanges(run.experiment, w) : "";
  return list([
    w.say({ en: `Made on ${w.date(createdAt)}.`, fr: `Fait le ${w.date(createdAt)}.` }),
    `${plain(presetName(preset, w))}${changes ? ` (${plain(changes)})` : ""}, ${w.number(parameters)} ${w.say({ en: "parameters", fr: "paramètres" })}.`,
    ...(training
      ? [
          w.say({
            en: `Trained in Tamis for ${w.number(training.epochs)} epochs with the seed ${training.seed}, on ${training.backend}.`,
            fr: `Entraîné dans Tamis pendant ${w.number(training.epochs)} époques avec la graine ${training.seed}, sur ${training.backend}.`,
          }),
        ]
      : []),
    ...(run
      ? [
          w.say({
            en: `Run ${run.id}; the weights are those of epoch ${run.keptEpoch ?? "–"}.`,
            fr: `Entraînement ${run.id}\u00a0; les poids sont ceux de l’époque ${run.keptEpoch ?? "–"}.`,
          }),
        ]
      : []),
    ...(decision
      ? [
          w.say({
            en: `Decided for on ${w.date(decision.decidedAt)}, of ${w.number(decision.comparedRunIds.length)} runs: ${w.quote(plain(decision.reason))}`,
            fr: `Choisi le ${w.date(decision.decidedAt)}, parmi ${w.number(decision.comparedRunIds.length)} entraînements\u00a0: ${w.quote(plain(decision.reason))}`,
          }),
        ]
      : []),
  ]);
}
