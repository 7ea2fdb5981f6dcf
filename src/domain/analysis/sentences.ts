/** The findings in words, in French and English. Every sentence has its numbers. */
import type { Penalty } from "../experiment/experiment.ts";
import type { RunStatus } from "../run/run.ts";
import type { Writer } from "../text/writer.ts";
import type { RunFinding } from "./findings.ts";

type Of<K extends RunFinding["kind"]> = Extract<RunFinding, { kind: K }>;

/** A finding as a sentence or a few. */
export function sentenceOf(finding: RunFinding, w: Writer): string {
  switch (finding.kind) {
    case "no-epoch":
      return w.say({
        en: `No epoch of ${finding.planned} has ended (${statusPhrase(finding.status, w)}): there is nothing to analyse and no model.`,
        fr: `Aucune des ${finding.planned} époques ne s’est achevée (${statusPhrase(finding.status, w)})\u00a0: il n’y a rien à analyser, ni de modèle.`,
      });
    case "cut-short":
      return w.say({
        en: `The run ended after epoch ${finding.epochs} of ${finding.planned} (${statusPhrase(finding.status, w)}): what follows is about those epochs, not about the experiment as it was planned.`,
        fr: `L’entraînement s’est terminé après l’époque ${finding.epochs} sur ${finding.planned} (${statusPhrase(finding.status, w)})\u00a0: ce qui suit porte sur ces époques, non sur l’expérience telle que prévue.`,
      });
    case "no-trend":
      return noTrend(finding, w);
    case "diverged":
      return diverged(finding, w);
    case "collapsed":
      return collapsed(finding, w);
    case "early-stopping":
      return earlyStopping(finding, w);
    case "overfitting":
      return overfitting(finding, w);
    case "stability":
      return stability(finding, w);
    case "weights":
      return weights(finding, w);
    case "confusions":
      return confusions(finding, w);
  }
}

function statusPhrase(status: RunStatus, w: Writer): string {
  const phrases: Readonly<Record<RunStatus, { en: string; fr: string }>> = {
    queued: { en: "it waits", fr: "il attend" },
    running: { en: "it still runs", fr: "il est en cours" },
    finished: { en: "finished", fr: "terminé" },
    stopped: { en: "stopped by hand", fr: "arrêté à la main" },
    failed: { en: "it failed", fr: "il a échoué" },
    interrupted: { en: "interrupted", fr: "interrompu" },
  };
  return w.say(phrases[status]);
}

export function penaltyPhrase({ l1, l2 }: Penalty, w: Writer): string {
  const parts = [...(l1 > 0 ? [`L1 ${w.number(l1, 6)}`] : []), ...(l2 > 0 ? [`L2 ${w.number(l2, 6)}`] : [])];
  return parts.join(" + ");
}

function noTrend({ epochs, validationAccuracy, validationLoss }: Of<"no-trend">, w: Writer): string {
  const accuracy = w.share(validationAccuracy);
  const loss = w.loss(validationLoss);
  return epochs === 1
    ? w.say({
        en: `One epoch shows a state and no trend: validation accuracy ${accuracy}, validation loss ${loss}.`,
        fr: `Une seule époque montre un état, pas une tendance\u00a0: exactitude de validation ${accuracy}, perte de validation ${loss}.`,
      })
    : w.say({
        en: `${epochs} epochs are too few for a trend, so nothing is said of overfitting or stability; at the last one the validation accuracy is ${accuracy}, the validation loss ${loss}.`,
        fr: `${epochs} époques ne suffisent pas à une tendance\u00a0: rien n’est dit du surapprentissage ni de la stabilité\u00a0; à la dernière, l’exactitude de validation est de ${accuracy}, la perte de validation de ${loss}.`,
      });
}

function diverged({ notANumberIn, first, last }: Of<"diverged">, w: Writer): string {
  if (notANumberIn !== null) {
    const until = last
      ? w.say({
          en: ` The last epoch with a number, epoch ${last.epoch}, had a training loss of ${w.loss(last.loss)}.`,
          fr: ` La dernière époque chiffrée, la ${last.epoch}, avait une perte d’entraînement de ${w.loss(last.loss)}.`,
        })
      : "";
    return (
      w.say({
        en: `The training diverged: in epoch ${notANumberIn} the loss was no longer a number. A lower learning rate is what to try.`,
        fr: `L’entraînement a divergé\u00a0: à l’époque ${notANumberIn}, la perte n’était plus un nombre. Un taux d’apprentissage plus bas est à essayer.`,
      }) + until
    );
  }
  const from = first ? w.loss(first.loss) : "";
  const to = last ? w.loss(last.loss) : "";
  return w.say({
    en: `The training diverges: the training loss grew from ${from} in epoch ${first?.epoch ?? 0} to ${to} in epoch ${last?.epoch ?? 0}.`,
    fr: `L’entraînement diverge\u00a0: la perte d’entraînement est passée de ${from} à l’époque ${first?.epoch ?? 0} à ${to} à l’époque ${last?.epoch ?? 0}.`,
  });
}

function collapsed(finding: Of<"collapsed">, w: Writer): string {
  const { verdict, images, accuracy, balancedAccuracy, missed, exceptions, sinceEpoch, penalty } = finding;
  const count = w.number(images);
  const [share, balanced, others] = [w.share(accuracy), w.share(balancedAccuracy), w.number(exceptions)];
  const what = verdict === "positive" ? { en: "a photo", fr: "photo" } : { en: "not a photo", fr: "non-photo" };
  const since =
    sinceEpoch === null
      ? ""
      : w.say({
          en: ` The validation accuracy has been that since epoch ${sinceEpoch}.`,
          fr: ` L’exactitude de validation vaut cela depuis l’époque ${sinceEpoch}.`,
        });
  const with_ = penalty ? ` (${penaltyPhrase(penalty, w)})` : "";
  const all =
    exceptions === 0
      ? { en: `all ${count} validation images`, fr: `des ${count} images de validation, toutes` }
      : {
          en: `all but ${others} of ${count} validation images`,
          fr: `des ${count} images de validation, sauf ${others}`,
        };
  const list = w.list(
    (missed ?? []).map(({ className, n, found }) => `${className} ${w.number(found)}/${w.number(n)}`),
  );
  const sum = (counts: readonly number[]) => counts.reduce((total, n) => total + n, 0);
  const sumFound = sum((missed ?? []).map(({ found }) => found));
  const recall = sumFound === 0 ? "0" : w.share(sumFound / sum((missed ?? []).map(({ n }) => n)));
  const owed =
    exceptions === 0
      ? { en: "the share of that side and no skill", fr: "est la part de ce côté, non une compétence" }
      : { en: "owed to the share of that side, not to skill", fr: "tient à la part de ce côté, non à une compétence" };
  const found =
    missed === null
      ? ""
      : w.say({
          en: ` Found (recall ${recall}), by original class: ${list}.`,
          fr: ` Trouvées (rappel ${recall}), par classe d’origine\u00a0: ${list}.`,
        });
  return (
    w.say({
      en: `The network has collapsed to one class${with_}: it calls ${all.en} ${what.en}. Its accuracy of ${share} is ${owed.en}; its balanced accuracy is ${balanced}.`,
      fr: `Le réseau s’est effondré sur une seule classe${with_}\u00a0: il dit ${what.fr} ${all.fr}. Son exactitude de ${share} ${owed.fr}\u00a0; son exactitude équilibrée est de ${balanced}.`,
    }) +
    found +
    since
  );
}

function earlyStopping(finding: Of<"early-stopping">, w: Writer): string {
  const { patience, epochs, planned, bestEpoch, hasActed } = finding;
  return hasActed
    ? w.say({
        en: `Early stopping ended the run after epoch ${epochs} of ${planned}: the validation loss had not gone below that of epoch ${bestEpoch} for ${patience} epochs. The weights of epoch ${bestEpoch} are kept.`,
        fr: `L’arrêt précoce a mis fin à l’entraînement après l’époque ${epochs} sur ${planned}\u00a0: la perte de validation n’était pas descendue sous celle de l’époque ${bestEpoch} depuis ${patience} époques. Les poids de l’époque ${bestEpoch} sont gardés.`,
      })
    : w.say({
        en: `Early stopping (patience ${patience}) did not end the run; the weights of epoch ${bestEpoch} of ${epochs}, with the lowest validation loss, are kept.`,
        fr: `L’arrêt précoce (patience ${patience}) n’a pas mis fin à l’entraînement\u00a0; les poids de l’époque ${bestEpoch} sur ${epochs}, à la perte de validation la plus basse, sont gardés.`,
      });
}

function overfitting(finding: Of<"overfitting">, w: Writer): string {
  const { degree, trainingAccuracy, validationAccuracy, margin, images, opensIn, best, last } = finding;
  const [training, validation] = [w.share(trainingAccuracy), w.share(validationAccuracy)];
  const gap = w.points(trainingAccuracy - validationAccuracy);
  const chance = `±\u00a0${w.fixed(100 * margin, 1)}`;
  const count = w.number(images);
  const numbers = w.say({
    en: `At the last epoch training accuracy is ${training}, validation accuracy ${validation}, a gap of ${gap}; with ${count} validation images chance alone makes ${chance}.`,
    fr: `À la dernière époque, l’exactitude est de ${training} à l’entraînement et de ${validation} en validation, soit un écart de ${gap}\u00a0; avec ${count} images de validation, le hasard seul fait ${chance}.`,
  });
  const opens =
    opensIn === null
      ? ""
      : w.say({
          en: ` The gap is larger than that from epoch ${opensIn} on.`,
          fr: ` L’écart dépasse cela à partir de l’époque ${opensIn}.`,
        });
  const losses =
    best.epoch === last.epoch
      ? w.say({
          en: ` The validation loss is lowest at the last epoch (${w.loss(last.loss)}).`,
          fr: ` La perte de validation est la plus basse à la dernière époque (${w.loss(last.loss)}).`,
        })
      : w.say({
          en: ` The validation loss is lowest at epoch ${best.epoch} (${w.loss(best.loss)}, accuracy ${w.share(best.accuracy)}) and ${w.loss(last.loss)} at the last (accuracy ${w.share(last.accuracy)}).`,
          fr: ` La perte de validation est la plus basse à l’époque ${best.epoch} (${w.loss(best.loss)}, exactitude ${w.share(best.accuracy)}) et vaut ${w.loss(last.loss)} à la dernière (exactitude ${w.share(last.accuracy)}).`,
        });
  const verdicts = {
    yes: { en: "The network overfits.", fr: "Le réseau surapprend." },
    "gap-only": {
      en: "The network does better on what it learnt from than on other images, though its validation loss does not rise clearly.",
      fr: "Le réseau fait mieux sur ce qu’il a appris que sur d’autres images, bien que sa perte de validation ne remonte pas nettement.",
    },
    "loss-only": {
      en: "The validation loss rises again while the accuracies stay within chance of each other: the network grows too sure of its mistakes.",
      fr: "La perte de validation remonte alors que les exactitudes restent à portée du hasard l’une de l’autre\u00a0: le réseau devient trop sûr de ses erreurs.",
    },
    no: { en: "No overfitting shows.", fr: "Aucun surapprentissage ne se montre." },
  };
  const handicap = finding.isTrainingHandicapped
    ? w.say({
        en: " The training accuracy is measured on what the training sees (dropout, changed or drawn images), so the true gap is wider.",
        fr: " L’exactitude d’entraînement est mesurée sur ce que voit l’entraînement (dropout, images modifiées ou tirées)\u00a0: le véritable écart est plus grand.",
      })
    : "";
  return `${w.say(verdicts[degree])} ${numbers}${opens}${losses}${handicap}`;
}

function stability({ degree, window, lowest, highest, deviation, spikes }: Of<"stability">, w: Writer): string {
  const [low, high] = [w.share(lowest), w.share(highest)];
  const spread = w.fixed(100 * deviation, 1);
  const range = w.say({
    en: `Over the last ${window} epochs the validation accuracy lies between ${low} and ${high} (standard deviation ${spread} points).`,
    fr: `Sur les ${window} dernières époques, l’exactitude de validation est comprise entre ${low} et ${high} (écart type ${spread} points).`,
  });
  const jumps = spikes.slice(0, 3).map(({ epoch, loss, before }) =>
    w.say({
      en: ` In epoch ${epoch} the validation loss jumped from ${w.loss(before)} to ${w.loss(loss)}.`,
      fr: ` À l’époque ${epoch}, la perte de validation a bondi de ${w.loss(before)} à ${w.loss(loss)}.`,
    }),
  );
  const verdict = w.say(
    degree === "stable"
      ? { en: "The end of the run is stable.", fr: "La fin de l’entraînement est stable." }
      : { en: "The run is unstable.", fr: "L’entraînement est instable." },
  );
  return `${verdict} ${range}${jumps.join("")}`;
}

function weights({ penalty, hasDropout, count, nearZeroShare, norm, baseline }: Of<"weights">, w: Writer): string {
  const means = [...(penalty ? [penaltyPhrase(penalty, w)] : []), ...(hasDropout ? ["dropout"] : [])].join(" + ");
  const total = w.number(count);
  const [share, length] = [w.share(nearZeroShare), w.number(norm, 2)];
  const own = w.say({
    en: `Regularisation (${means}): of the ${total} kernel weights ${share} are smaller than 0.001; their norm is ${length}.`,
    fr: `Régularisation (${means})\u00a0: des ${total} poids des noyaux, ${share} sont inférieurs à 0,001\u00a0; leur norme est de ${length}.`,
  });
  if (!baseline) {
    return `${own} ${w.say({
      en: "No run of the baseline on the same split and size is there to compare with.",
      fr: "Aucun entraînement du réseau de référence sur la même répartition et à la même taille ne permet de comparer.",
    })}`;
  }
  const [baseShare, baseNorm] = [w.share(baseline.nearZeroShare), w.number(baseline.norm, 2)];
  return `${own} ${w.say({
    en: `The baseline has ${baseShare} and a norm of ${baseNorm}: here the norm is ${w.number(norm / baseline.norm, 2)} times that.`,
    fr: `Le réseau de référence en a ${baseShare} et une norme de ${baseNorm}\u00a0: la norme en est ici ${w.number(norm / baseline.norm, 2)} fois.`,
  })}`;
}

function confusions({ images, wrong, classes, isFirstDistinct, pairs }: Of<"confusions">, w: Writer): string {
  const count = w.number(images);
  if (wrong === 0) {
    return w.say({
      en: `All ${count} validation images get the right verdict.`,
      fr: `Les ${count} images de validation reçoivent toutes le bon verdict.`,
    });
  }
  const listed = classes.slice(0, 4).map(({ className, n, wrong: mistakes, interval }) => {
    const numbers = `${w.number(mistakes)}/${w.number(n)}`;
    const share = w.share(mistakes / n);
    return `${className} ${numbers} (${share}, ${w.shareInterval(interval)})`;
  });
  const all = w.say({
    en: `${w.number(wrong)} of ${count} validation images get the wrong verdict, by original class (with Wilson’s 95 % interval): ${w.list(listed)}.`,
    fr: `${w.number(wrong)} des ${count} images de validation reçoivent le mauvais verdict, par classe d’origine (intervalle de Wilson à 95\u00a0%)\u00a0: ${w.list(listed)}.`,
  });
  const first = classes[0]!;
  const worst =
    classes.length < 2
      ? ""
      : isFirstDistinct
        ? w.say({
            en: ` ${first.className} is mistaken more often than any other class, beyond chance.`,
            fr: ` ${first.className} est confondue plus souvent que toute autre classe, au-delà du hasard.`,
          })
        : w.say({
            en: " The intervals overlap: which class is hardest is not settled by these images.",
            fr: " Les intervalles se recouvrent\u00a0: ces images ne disent pas quelle classe est la plus difficile.",
          });
  const named = pairs.map(({ className, as, count: times }) =>
    w.say({
      en: `${className} for ${as} (${w.number(times)})`,
      fr: `${className} pour ${as} (${w.number(times)})`,
    }),
  );
  const commonest =
    named.length === 0
      ? ""
      : w.say({
          en: ` Among the original classes it takes most often: ${w.list(named)}.`,
          fr: ` Entre classes d’origine, il prend le plus souvent\u00a0: ${w.list(named)}.`,
        });
  return `${all}${worst}${commonest}`;
}
