/** The report of a set of experiments, as one HTML file that stands by itself and prints. */
import { sentenceOf } from "../analysis/sentences.ts";
import { settingOf } from "../comparison/comparable.ts";
import { drawCurves } from "../figure/curves.ts";
import { escapeMarkup } from "../figure/svg.ts";
import type { Figure } from "../metrics/figures.ts";
import { mean, sampleDeviation } from "../metrics/statistics.ts";
import type { JudgedPart } from "../run/predictions.ts";
import { computedSeconds } from "../run/run.ts";
import type { Writer } from "../text/writer.ts";
import type { PartFigures, ReportContents, ReportedRun } from "./contents.ts";
import { dataSection } from "./data-section.ts";
import { finalSection } from "./final-section.ts";
import { type Cell, figure, heading, page, paragraph, source, table } from "./html.ts";
import { experimentName, presetName, statusNames } from "./words.ts";

export interface Report {
  readonly title: string;
  /** HTML: what stands before the sections. */
  readonly header: string;
  /** HTML. */
  readonly sections: string;
}

/** The report as one HTML file that needs nothing else. */
export function reportPage(contents: ReportContents, w: Writer): string {
  const { title, header, sections } = writeReport(contents, w);
  return page(w.language, title, `<header>${header}</header><main>${sections}</main>`);
}

/** Everything in it can be traced to a stored run, and says on which images it was measured. */
export function writeReport(contents: ReportContents, w: Writer): Report {
  const title = w.say({
    en: `Experiments on “${contents.datasetName}”`,
    fr: `Expériences sur «\u00a0${contents.datasetName}\u00a0»`,
  });
  const sections: readonly (readonly [id: string, heading: string, body: string])[] = [
    ["context", w.say({ en: "Context", fr: "Contexte" }), context(contents, w)],
    [
      "data",
      w.say({ en: "Data, split and balance", fr: "Données, répartition et équilibrage" }),
      dataSection(contents, w),
    ],
    ["experiments", w.say({ en: "Experiments", fr: "Expériences" }), experiments(contents, w)],
    ["analyses", w.say({ en: "Curves and analyses", fr: "Courbes et analyses" }), analyses(contents, w)],
    ["comparison", w.say({ en: "Comparison", fr: "Comparaison" }), comparison(contents, w)],
    ["final", w.say({ en: "The final model", fr: "Le modèle final" }), finalSection(contents, w)],
    ["conclusion", w.say({ en: "Conclusion", fr: "Conclusion" }), conclusion(contents, w)],
  ];
  const index = sections.map(([id, name]) => `<li><a href="#${id}">${escapeMarkup(name)}</a></li>`).join("");
  const made = w.say({
    en: `Written by Tamis ${contents.version} on ${w.date(contents.createdAt)}. All figures were measured on this device.`,
    fr: `Écrit par Tamis ${contents.version} le ${w.date(contents.createdAt)}. Toutes les valeurs ont été mesurées sur cet appareil.`,
  });
  const nav = `<nav aria-label="${w.say({ en: "Contents", fr: "Sommaire" })}"><ol>${index}</ol></nav>`;
  return {
    title,
    header: `<h1>${escapeMarkup(title)}</h1>${source(made)}${nav}`,
    sections: sections.map(([id, name, content]) => `<section>${heading(2, name, id)}${content}</section>`).join(""),
  };
}

function context({ runs, positiveClass }: ReportContents, w: Writer): string {
  const presets = [...new Set(runs.map(({ run }) => presetName(run.experiment.preset, w)))];
  const seeds = [...new Set(runs.map(({ run }) => run.experiment.seed))];
  const engine = runs.find(({ run }) => run.engine)?.run.engine;
  const count = w.number(runs.length);
  return (
    paragraph(
      w.say({
        en: `The question is whether a scan is a photo (class “${positiveClass}”) or anything else. ${count} ${w.plural(runs.length, "run", "runs")} of ${w.list(presets)} were trained for it, with ${w.plural(seeds.length, "the seed", "the seeds")} ${w.list(seeds.map(String))}, all on the same split of the same images, so that they can be compared image by image.`,
        fr: `La question est de savoir si une numérisation est une photo (classe «\u00a0${positiveClass}\u00a0») ou autre chose. ${count} ${w.plural(runs.length, "entraînement", "entraînements")} de ${w.list(presets)} ont été faits pour cela, avec ${w.plural(seeds.length, "la graine", "les graines")} ${w.list(seeds.map(String))}, tous sur la même répartition des mêmes images, si bien qu’ils se comparent image par image.`,
      }),
    ) +
    paragraph(
      w.say({
        en: "Validation images are looked at while choosing (early stopping, thresholds, the choice of a model), so figures on them flatter. Test images, where there are any, are looked at by nothing but the final judgement. Intervals are 95 % bootstrap intervals over the images; they say nothing of scans from other sources.",
        fr: "Les images de validation sont regardées en choisissant (arrêt précoce, seuils, choix d’un modèle)\u00a0: les valeurs mesurées sur elles flattent. Les images de test, s’il y en a, ne servent qu’au jugement final. Les intervalles sont des intervalles bootstrap à 95\u00a0% sur les images\u00a0; ils ne disent rien de numérisations venues d’autres sources.",
      }),
    ) +
    (engine
      ? source(
          w.say({
            en: `Computed with ${engine.backend === "wasm" ? "WebAssembly" : "WebGPU"}, ${engine.threads} threads.`,
            fr: `Calculé avec ${engine.backend === "wasm" ? "WebAssembly" : "WebGPU"}, ${engine.threads} fils.`,
          }),
        )
      : "")
  );
}

function experiments({ runs }: ReportContents, w: Writer): string {
  const head = [
    w.say({ en: "Experiment", fr: "Expérience" }),
    "px",
    w.say({ en: "Epochs", fr: "Époques" }),
    w.say({ en: "Kept", fr: "Gardée" }),
    w.say({ en: "Parameters", fr: "Paramètres" }),
    w.say({ en: "Time", fr: "Durée" }),
    w.say({ en: "Status", fr: "État" }),
    w.say({ en: "Run", fr: "Entraînement" }),
  ];
  const rows = runs.map(({ run }): Cell[] => [
    experimentName(run.experiment, w),
    { number: String(run.experiment.inputSize) },
    { number: `${run.history.length}/${run.experiment.epochs}` },
    { number: run.keptEpoch === null ? "–" : String(run.keptEpoch) },
    { number: run.engine ? w.number(run.engine.parameters) : "–" },
    { number: w.duration(computedSeconds(run)) },
    w.say(statusNames[run.status]),
    run.id.slice(0, 8),
  ]);
  const caption = w.say({
    en: "Every run, with the first eight characters of its id in Tamis. “Kept”: the epoch whose weights the model has.",
    fr: "Tous les entraînements, avec les huit premiers caractères de leur identifiant dans Tamis. «\u00a0Gardée\u00a0»\u00a0: l’époque dont le modèle a les poids.",
  });
  return table(caption, head, rows);
}

function analyses({ runs }: ReportContents, w: Writer): string {
  const withCurves = runs.filter(({ run }) => run.history.length > 0);
  const all = withCurves.map(({ run }) => ({ name: experimentName(run.experiment, w), history: run.history }));
  const overlay =
    all.length > 1
      ? figure(
          drawCurves(all.slice(0, 8), w),
          w.say({
            en: all.length > 8 ? "The first eight runs laid over each other." : "All runs laid over each other.",
            fr: all.length > 8 ? "Les huit premiers entraînements superposés." : "Tous les entraînements superposés.",
          }),
        )
      : "";
  return overlay + runs.map((reported) => analysisOf(reported, w)).join("");
}

function analysisOf({ run, findings, validation, problem }: ReportedRun, w: Writer): string {
  const name = experimentName(run.experiment, w);
  const curves =
    run.history.length > 0
      ? figure(
          drawCurves([{ name, history: run.history }], w),
          w.say({ en: "Accuracy and loss by epoch.", fr: "Exactitude et perte par époque." }),
        )
      : "";
  const traced = w.say({
    en: `Run ${run.id}. Training values: ${w.number(run.split.training.length)} training images; validation values: ${w.number(run.split.validation.length)} validation images.`,
    fr: `Entraînement ${run.id}. Valeurs d’entraînement\u00a0: ${w.number(run.split.training.length)} images d’entraînement\u00a0; de validation\u00a0: ${w.number(run.split.validation.length)} images de validation.`,
  });
  return (
    `<div class="run">${heading(3, name)}${curves}` +
    findings.map((finding) => paragraph(sentenceOf(finding, w))).join("") +
    (validation ? confusionText(validation, w) : "") +
    (problem ? paragraph(notJudged(problem, w)) : "") +
    `${source(traced)}</div>`
  );
}

function notJudged(problem: string, w: Writer): string {
  return w.say({
    en: `Its model could not be judged on all of its images: ${problem}`,
    fr: `Son modèle n’a pas pu être jugé sur toutes ses images\u00a0: ${problem}`,
  });
}

function confusionText({ confusion: { tp, fp, tn, fn }, threshold }: PartFigures, w: Writer): string {
  return paragraph(
    w.say({
      en: `At the threshold ${w.number(threshold, 3)}, of the validation images: ${w.number(tp)} photos found, ${w.number(fn)} missed; ${w.number(tn)} others kept out, ${w.number(fp)} let through.`,
      fr: `Au seuil ${w.number(threshold, 3)}, sur les images de validation\u00a0: ${w.number(tp)} photos trouvées, ${w.number(fn)} manquées\u00a0; ${w.number(tn)} autres écartées, ${w.number(fp)} laissées passer.`,
    }),
  );
}

function shareFigure({ value, interval }: Figure, w: Writer): Cell {
  if (value === null) return { number: "–" };
  return interval ? { number: w.share(value), below: w.shareInterval(interval) } : { number: w.share(value) };
}

function rankFigure({ value, interval }: Figure, w: Writer): Cell {
  if (value === null) return { number: "–" };
  const number = w.fixed(value, 3);
  return interval ? { number, below: `${w.fixed(interval[0], 3)}–${w.fixed(interval[1], 3)}` } : { number };
}

function comparison(contents: ReportContents, w: Writer): string {
  return (
    figuresTable(contents, "validation", w) +
    figuresTable(contents, "test", w) +
    seedsTable(contents, w) +
    testsTable(contents, w)
  );
}

function figuresTable({ runs }: ReportContents, part: JudgedPart, w: Writer): string {
  const judged = runs.flatMap(({ run, ...parts }) => {
    const figures = parts[part];
    return figures ? [{ run, figures, ...parts }] : [];
  });
  const [first] = judged;
  if (!first) return "";
  const images = w.number(first.figures.images);
  const caption =
    part === "validation"
      ? w.say({
          en: `On the ${images} validation images, with 95 % intervals.`,
          fr: `Sur les ${images} images de validation, avec intervalles à 95\u00a0%.`,
        })
      : w.say({
          en: `On the ${images} test images, which no choice has looked at, with 95 % intervals.`,
          fr: `Sur les ${images} images de test, qu’aucun choix n’a regardées, avec intervalles à 95\u00a0%.`,
        });
  const head = [
    w.say({ en: "Experiment", fr: "Expérience" }),
    w.say({ en: "Balanced accuracy", fr: "Exactitude équilibrée" }),
    w.say({ en: "Accuracy", fr: "Exactitude" }),
    "AUROC",
    w.say({ en: "Precision", fr: "Précision" }),
    w.say({ en: "Recall", fr: "Rappel" }),
    w.say({ en: "Size, time per image", fr: "Taille, temps par image" }),
  ];
  const rows = judged.map(({ run, figures: { figures }, weightBytes, millisecondsPerImage: time }): Cell[] => [
    experimentName(run.experiment, w),
    shareFigure(figures.balancedAccuracy, w),
    shareFigure(figures.accuracy, w),
    rankFigure(figures.auroc, w),
    shareFigure(figures.precision, w),
    shareFigure(figures.recall, w),
    {
      number: weightBytes === null ? "–" : w.megabytes(weightBytes),
      below:
        time === null ? w.say({ en: "not measured", fr: "non mesuré" }) : `${w.fixed(time, time < 10 ? 1 : 0)}\u00a0ms`,
    },
  ]);
  return table(caption, head, rows);
}

/** Settings that several seeds were run of: how far the seed alone moves the result. */
function seedsTable({ runs }: ReportContents, w: Writer): string {
  const part = runs.some(({ test }) => test) ? "test" : "validation";
  const settings = new Map<string, { readonly name: string; readonly scores: number[] }>();
  for (const { run, ...parts } of runs) {
    const value = parts[part]?.figures.balancedAccuracy.value;
    if (value === null || value === undefined) continue;
    const key = settingOf(run);
    const name = experimentName(run.experiment, w).replace(/, [^,]+$/, "");
    const setting = settings.get(key) ?? { name, scores: [] };
    settings.set(key, setting);
    setting.scores.push(value);
  }
  const several = [...settings.values()].filter(({ scores }) => scores.length > 1);
  if (several.length === 0) return "";
  const rows = several.map(({ name, scores }): Cell[] => [
    name,
    { number: String(scores.length) },
    { number: w.share(mean(scores)) },
    { number: w.fixed(100 * sampleDeviation(scores), 1) },
    { number: `${w.share(Math.min(...scores))} – ${w.share(Math.max(...scores))}` },
  ]);
  const images =
    part === "test" ? w.say({ en: "test", fr: "de test" }) : w.say({ en: "validation", fr: "de validation" });
  return table(
    w.say({
      en: `What the seed alone changes: balanced accuracy on the ${images} images.`,
      fr: `Ce que la graine seule change\u00a0: exactitude équilibrée sur les images ${images}.`,
    }),
    [
      w.say({ en: "Setting", fr: "Réglage" }),
      w.say({ en: "Seeds", fr: "Graines" }),
      w.say({ en: "Mean", fr: "Moyenne" }),
      w.say({ en: "Standard deviation, points", fr: "Écart type, points" }),
      w.say({ en: "From – to", fr: "De – à" }),
    ],
    rows,
  );
}

function testsTable({ comparisons, runs }: ReportContents, w: Writer): string {
  const [first] = comparisons;
  if (!first) return "";
  const nameOf = (runId: string) => {
    const found = runs.find(({ run }) => run.id === runId);
    return found ? experimentName(found.run.experiment, w) : runId.slice(0, 8);
  };
  const verdicts = {
    "a-better": w.say({ en: "the final model is better", fr: "le modèle final est meilleur" }),
    "b-better": w.say({ en: "the other one is better", fr: "l’autre est meilleur" }),
    noise: w.say({ en: "no difference beyond chance", fr: "pas de différence au-delà du hasard" }),
    unclear: w.say({ en: "unclear", fr: "non tranché" }),
  } as const;
  const rows = comparisons.map(
    ({ otherRunId, comparison: { accuracy, balancedAccuracy }, adjustedP, verdict }): Cell[] => [
      nameOf(otherRunId),
      { number: `${w.number(accuracy.onlyA)} / ${w.number(accuracy.onlyB)}` },
      { number: w.pValue(accuracy.pValue) },
      { number: w.pValue(adjustedP) },
      {
        number:
          balancedAccuracy.value === null
            ? "–"
            : `${w.points(balancedAccuracy.value)}${balancedAccuracy.interval ? ` (${w.fixed(100 * balancedAccuracy.interval[0], 1)} – ${w.fixed(100 * balancedAccuracy.interval[1], 1)})` : ""}`,
      },
      verdicts[verdict],
    ],
  );
  const images = w.number(first.comparison.images);
  const part =
    first.part === "test" ? w.say({ en: "test", fr: "de test" }) : w.say({ en: "validation", fr: "de validation" });
  return (
    table(
      w.say({
        en: `The final model (${nameOf(first.runId)}) against each other one on the same ${images} ${part} images.`,
        fr: `Le modèle final (${nameOf(first.runId)}) face à chacun des autres sur les mêmes ${images} images ${part}.`,
      }),
      [
        w.say({ en: "Against", fr: "Face à" }),
        w.say({ en: "Right alone: final / other", fr: "Seul juste\u00a0: final / autre" }),
        "p",
        w.say({ en: "p, corrected", fr: "p, corrigé" }),
        w.say({ en: "Balanced accuracy", fr: "Exactitude équilibrée" }),
        w.say({ en: "Verdict", fr: "Verdict" }),
      ],
      rows,
    ) +
    source(
      w.say({
        en: `p: McNemar’s exact test; corrected for ${comparisons.length} comparisons (Holm). Differences: final less other, paired bootstrap, 95 %. Where several seeds were run, they have to agree.`,
        fr: `p\u00a0: test exact de McNemar\u00a0; corrigé pour ${comparisons.length} comparaisons (Holm). Différences\u00a0: final moins autre, bootstrap apparié, 95\u00a0%. Si plusieurs graines ont été calculées, elles doivent concorder.`,
      }),
    )
  );
}

function conclusion({ runs, finalRunId, comparisons, proposal }: ReportContents, w: Writer): string {
  const final = runs.find(({ run }) => run.id === finalRunId);
  if (!final) {
    return paragraph(
      w.say({
        en: "No run has a model that could be judged, so none is proposed.",
        fr: "Aucun entraînement n’a de modèle qui ait pu être jugé\u00a0; aucun n’est proposé.",
      }),
    );
  }
  const judged = final.test ?? final.validation;
  const { value = null, interval = null } = judged?.figures.balancedAccuracy ?? {};
  const beaten = comparisons.filter(({ verdict }) => verdict === "a-better").length;
  const level = comparisons.filter(({ verdict }) => verdict === "noise" || verdict === "unclear").length;
  const collapsed = runs.filter(({ findings }) => findings.some(({ kind }) => kind === "collapsed")).length;
  const diverged = runs.filter(({ findings }) => findings.some(({ kind }) => kind === "diverged")).length;
  const name = experimentName(final.run.experiment, w);
  const isTest = final.test !== null;
  const sentences = [
    value === null
      ? w.say({ en: `The final model is ${name}.`, fr: `Le modèle final est ${name}.` })
      : w.say({
          en: `The final model, ${name}, reaches a balanced accuracy of ${w.share(value)}${interval ? ` (${w.shareInterval(interval)})` : ""} on ${w.number(judged?.images ?? 0)} ${isTest ? "test images that nothing else has looked at" : "validation images, which the choice has looked at; there is no test part"}.`,
          fr: `Le modèle final, ${name}, atteint une exactitude équilibrée de ${w.share(value)}${interval ? ` (${w.shareInterval(interval)})` : ""} sur ${w.number(judged?.images ?? 0)} ${isTest ? "images de test que rien d’autre n’a regardées" : "images de validation, que le choix a regardées\u00a0; il n’y a pas de partie de test"}.`,
        }),
    comparisons.length === 0
      ? ""
      : w.say({
          en: `Of ${comparisons.length} other models it is better than ${beaten} beyond chance; from ${level} it cannot be told apart on these images.`,
          fr: `Sur ${comparisons.length} autres modèles, il est meilleur que ${beaten} au-delà du hasard\u00a0; ces images ne le distinguent pas de ${level}.`,
        }),
    collapsed + diverged === 0
      ? ""
      : w.say({
          en: `${collapsed} of the runs collapsed to one class, ${diverged} diverged.`,
          fr: `${collapsed} des entraînements se sont effondrés sur une classe, ${diverged} ont divergé.`,
        }),
    proposal?.proposed.runId === finalRunId && proposal.best.runId !== finalRunId
      ? w.say({
          en: "It is not the one with the highest figure: it is as good within the interval, and smaller or faster.",
          fr: "Ce n’est pas celui à la valeur la plus haute\u00a0: il est aussi bon à l’intervalle près, et plus petit ou plus rapide.",
        })
      : "",
    w.say({
      en: "All images come from the sources of this dataset; on scans from elsewhere more errors have to be expected.",
      fr: "Toutes les images viennent des sources de ce jeu de données\u00a0; sur des numérisations d’ailleurs, il faut s’attendre à plus d’erreurs.",
    }),
  ];
  return `<div class="key">${sentences
    .filter((sentence) => sentence !== "")
    .map(paragraph)
    .join("")}</div>`;
}
