/** The report on the final model: why this one, its layers, loss and optimiser, and its drawing. */
import type { Proposal } from "../analysis/proposal.ts";
import type { FinalDecision } from "../comparison/decision.ts";
import { drawNetwork } from "../figure/lenet.ts";
import type { Writer } from "../text/writer.ts";
import type { ReportContents, ReportedRun } from "./contents.ts";
import { type Cell, figure, paragraph, source, table } from "./html.ts";
import { experimentName, layerName } from "./words.ts";

export function finalSection(contents: ReportContents, w: Writer): string {
  const final = contents.runs.find(({ run }) => run.id === contents.finalRunId);
  if (!final) return paragraph(w.say({ en: "There is none.", fr: "Il n’y en a pas." }));
  return reasons(contents, final, w) + architecture(final, w) + classTable(final, w);
}

function reasons({ runs, proposal, decision }: ReportContents, final: ReportedRun, w: Writer): string {
  const name = experimentName(final.run.experiment, w);
  const sentences = decision
    ? decisionTexts(decision, name, w)
    : [
        w.say({
          en: `Proposed: ${name}. Nobody has decided yet.`,
          fr: `Proposé\u00a0: ${name}. Personne n’a encore décidé.`,
        }),
      ];
  if (proposal) {
    const proposed = runs.find(({ run }) => run.id === proposal.proposed.runId);
    if (decision && proposed) {
      const proposedName = experimentName(proposed.run.experiment, w);
      const isOther = decision.runId !== proposal.proposed.runId;
      sentences.push(
        isOther
          ? w.say({ en: `Tamis would have proposed ${proposedName}.`, fr: `Tamis aurait proposé ${proposedName}.` })
          : w.say({ en: "Tamis proposes the same one.", fr: "Tamis propose le même." }),
      );
    }
    sentences.push(proposalText(proposal, runs, w));
  }
  return (
    `<div class="key">${sentences.map(paragraph).join("")}</div>` +
    source(w.say({ en: `Run ${final.run.id}.`, fr: `Entraînement ${final.run.id}.` }))
  );
}

function decisionTexts({ reason, decidedAt, comparedRunIds }: FinalDecision, name: string, w: Writer): string[] {
  const count = w.number(comparedRunIds.length);
  return [
    w.say({
      en: `The lead decided for ${name} on ${w.date(decidedAt)}, of ${count} ${w.plural(comparedRunIds.length, "run", "runs")}.`,
      fr: `Le choix s’est porté sur ${name} le ${w.date(decidedAt)}, parmi ${count} ${w.plural(comparedRunIds.length, "entraînement", "entraînements")}.`,
    }),
    reason === ""
      ? w.say({ en: "No reason was given.", fr: "Aucune raison n’a été donnée." })
      : w.say({ en: `The reason given: ${w.quote(reason)}`, fr: `La raison donnée\u00a0: ${w.quote(reason)}` }),
  ];
}

/** Why a model is proposed, in a few sentences. */
export function proposalText(
  { proposed, best, asGood }: Proposal,
  runs: readonly Pick<ReportedRun, "run">[],
  w: Writer,
): string {
  const nameOf = (runId: string) => {
    const found = runs.find(({ run }) => run.id === runId);
    return found ? experimentName(found.run.experiment, w) : runId;
  };
  const { value, interval } = best.balancedAccuracy;
  const range = interval ? ` (${w.shareInterval(interval)})` : "";
  const highest = w.say({
    en: `The highest balanced accuracy on the validation images is that of ${nameOf(best.runId)}: ${w.share(value ?? 0)}${range}.`,
    fr: `La plus haute exactitude équilibrée sur les images de validation est celle de ${nameOf(best.runId)}\u00a0: ${w.share(value ?? 0)}${range}.`,
  });
  const parameters = w.number(proposed.parameters);
  if (asGood.length === 1) {
    return `${highest} ${w.say({
      en: `No other run lies within that interval; it has ${parameters} parameters.`,
      fr: `Aucun autre entraînement n’est dans cet intervalle\u00a0; il a ${parameters} paramètres.`,
    })}`;
  }
  return `${highest} ${w.say({
    en: `${asGood.length} runs lie within that interval, so these images cannot tell them apart; of them ${nameOf(proposed.runId)} is the smallest, or as small and the fastest (${parameters} parameters, balanced accuracy ${w.share(proposed.balancedAccuracy.value ?? 0)}).`,
    fr: `${asGood.length} entraînements sont dans cet intervalle, ces images ne les distinguent donc pas\u00a0; parmi eux ${nameOf(proposed.runId)} est le plus petit, ou aussi petit et le plus rapide (${parameters} paramètres, exactitude équilibrée ${w.share(proposed.balancedAccuracy.value ?? 0)}).`,
  })}`;
}

function architecture({ run, summary }: ReportedRun, w: Writer): string {
  const { experiment } = run;
  const { optimizer, output } = experiment;
  const loss =
    output === "binary"
      ? w.say({ en: "binary cross-entropy (sigmoid)", fr: "entropie croisée binaire (sigmoïde)" })
      : w.say({
          en: "cross-entropy over the original classes (softmax)",
          fr: "entropie croisée sur les classes d’origine (softmax)",
        });
  const adam = optimizer.weightDecay > 0 ? `AdamW (${w.number(optimizer.weightDecay, 4)})` : "Adam";
  const text = paragraph(
    w.say({
      en: `Loss: ${loss}. Optimiser: ${adam}, learning rate ${w.number(optimizer.learningRate, 6)}, β₁ ${w.number(optimizer.beta1, 4)}, β₂ ${w.number(optimizer.beta2, 4)}; batches of ${experiment.batchSize}. Input: ${experiment.inputSize} × ${experiment.inputSize} pixels, RGB.`,
      fr: `Perte\u00a0: ${loss}. Optimiseur\u00a0: ${adam}, taux d’apprentissage ${w.number(optimizer.learningRate, 6)}, β₁ ${w.number(optimizer.beta1, 4)}, β₂ ${w.number(optimizer.beta2, 4)}\u00a0; lots de ${experiment.batchSize}. Entrée\u00a0: ${experiment.inputSize} × ${experiment.inputSize} pixels, RVB.`,
    }),
  );
  if (!summary) return text;
  const drawing = drawNetwork(summary, experiment.inputSize, w);
  const caption = w.say({
    en: "The architecture: feature maps as stacked sheets, to scale; channels@height×width below.",
    fr: "L’architecture\u00a0: cartes de caractéristiques en feuilles empilées, à l’échelle\u00a0; canaux@hauteur×largeur dessous.",
  });
  const rows = summary.map(({ layer, outputShape, parameters }): Cell[] => [
    layerName(layer, w),
    { number: outputShape.join(" × ") },
    { number: w.number(parameters) },
  ]);
  const total = summary.reduce((sum, { parameters }) => sum + parameters, 0);
  rows.push([w.say({ en: "All", fr: "Total" }), "", { number: w.number(total) }]);
  return (
    text +
    figure(drawing.svg, caption) +
    table(
      w.say({ en: "Summary by layer.", fr: "Résumé par couche." }),
      [
        w.say({ en: "Layer", fr: "Couche" }),
        w.say({ en: "Output shape", fr: "Forme de la sortie" }),
        w.say({ en: "Parameters", fr: "Paramètres" }),
      ],
      rows,
    )
  );
}

function classTable({ test, validation }: ReportedRun, w: Writer): string {
  const judged = test ?? validation;
  if (!judged) return "";
  const images = w.number(judged.images);
  const caption =
    judged.part === "test"
      ? w.say({
          en: `By original class, on the ${images} test images.`,
          fr: `Par classe d’origine, sur les ${images} images de test.`,
        })
      : w.say({
          en: `By original class, on the ${images} validation images.`,
          fr: `Par classe d’origine, sur les ${images} images de validation.`,
        });
  const rows = judged.classes.map(({ className, n, wrong, right }): Cell[] => [
    className,
    { number: w.number(n) },
    { number: w.number(wrong) },
    { number: right.value === null ? "–" : w.share(right.value) },
    { number: right.interval ? w.shareInterval(right.interval) : "–" },
  ]);
  return table(
    caption,
    [
      w.say({ en: "Class", fr: "Classe" }),
      "Images",
      w.say({ en: "Wrong", fr: "Faux" }),
      w.say({ en: "Right", fr: "Juste" }),
      w.say({ en: "95 %", fr: "95\u00a0%" }),
    ],
    rows,
  );
}
