import { expect } from "chai";
import { analyse } from "../../../src/domain/analysis/analyse.ts";
import type { RunFinding } from "../../../src/domain/analysis/findings.ts";
import { sentenceOf } from "../../../src/domain/analysis/sentences.ts";
import { presetNamed } from "../../../src/domain/experiment/presets.ts";
import { divergenceProblem, type Run } from "../../../src/domain/run/run.ts";
import { languages, Writer } from "../../../src/domain/text/writer.ts";
import { historyOf, runWith } from "./some-run.ts";

function findingsOf(run: Run, change: Partial<Parameters<typeof analyse>[0]> = {}): RunFinding[] {
  return analyse({ run, judged: null, validationPositives: 30, others: [], ...change });
}

function kindsOf(findings: readonly RunFinding[]): string[] {
  return findings.map(({ kind }) => kind);
}

function found<K extends RunFinding["kind"]>(findings: readonly RunFinding[], kind: K) {
  const finding = findings.find((one) => one.kind === kind);
  if (!finding) throw new Error(`There is no finding “${kind}”.`);
  return finding as Extract<RunFinding, { kind: K }>;
}

function english(finding: RunFinding): string {
  return sentenceOf(finding, new Writer("en"));
}

/** What the model says of 100 images: `wrong` of each class, of 30 photos and 35 of both others. */
function judgedWith(wrong: Readonly<Record<string, number>>) {
  const classNames = [
    ...Array.from({ length: 30 }, () => "Photo"),
    ...Array.from({ length: 35 }, () => "Painting"),
    ...Array.from({ length: 35 }, () => "Text"),
  ];
  const seen = new Map<string, number>();
  const probabilities = Float64Array.from(classNames, (className) => {
    const place = seen.get(className) ?? 0;
    seen.set(className, place + 1);
    const isWrong = place < (wrong[className] ?? 0);
    return (className === "Photo") === isWrong ? 0.1 : 0.9;
  });
  return {
    runId: "run-1",
    part: "validation" as const,
    imageIds: classNames.map((_, index) => `v${index}`),
    classNames,
    labels: Uint8Array.from(classNames, (className) => (className === "Photo" ? 1 : 0)),
    probabilities,
    uncalibrated: Float32Array.from(probabilities),
    byClass: null,
    millisecondsPerImage: null,
    threshold: 0.5,
  };
}

describe("analysis of a run", () => {
  const collapsing = historyOf(
    [0.68, 3.1, 0.7, 1.2],
    [0.7, 0.9, 0.7, 0.72],
    [0.7, 0.71, 0.7, 0.7],
    [0.7, 0.7, 0.7, 0.7],
  );

  it("calls a collapse to one class that, and says nothing else of such a run", () => {
    const l1 = presetNamed("l1")!;
    const run = runWith(collapsing, { experiment: { ...l1, inputSize: 64, epochs: 4 } });
    const findings = findingsOf(run);
    expect(kindsOf(findings)).to.deep.equal(["collapsed"]);
    const collapse = found(findings, "collapsed");
    expect(collapse).to.deep.include({ verdict: "negative", images: 100, sinceEpoch: 1, penalty: { l1: 0.01, l2: 0 } });
    expect(english(collapse)).to.match(/^The network has collapsed to one class \(L1 0\.01\): it calls all 100/);
    expect(english(collapse)).to.contain("accuracy of 70.0% is the share of that side and no skill");
  });

  it("believes the verdicts rather than an accuracy that happens to be a class's share", () => {
    const run = runWith(historyOf([0.6, 0.7, 0.6, 0.7], [0.7, 0.6, 0.7, 0.6], [0.75, 0.5, 0.7, 0.6]));
    expect(kindsOf(findingsOf(run))).to.include("collapsed");
    expect(kindsOf(findingsOf(run, { judged: judgedWith({ Photo: 15, Painting: 15 }) }))).to.not.include("collapsed");
    const all = judgedWith({ Photo: 30 });
    expect(kindsOf(findingsOf(run, { judged: all }))).to.include("collapsed");
  });

  it("calls a recall of 0 a collapse, by original class, though a few verdicts differ; with more of them it is none", () => {
    const run = runWith(collapsing, { experiment: { ...presetNamed("l1")!, inputSize: 64, epochs: 4 } });
    const all = found(findingsOf(run, { judged: judgedWith({ Photo: 30 }) }), "collapsed");
    expect(all).to.deep.include({ verdict: "negative", exceptions: 0, sinceEpoch: 1, balancedAccuracy: 0.5 });
    expect(all.missed).to.deep.equal([{ className: "Photo", n: 30, found: 0 }]);
    expect(english(all)).to.contain("calls all 100 validation images not a photo");
    expect(english(all)).to.contain("Found (recall 0), by original class: Photo 0/30.");
    const few = found(findingsOf(run, { judged: judgedWith({ Photo: 30, Text: 2 }) }), "collapsed");
    expect(few).to.deep.include({ exceptions: 2, accuracy: 0.68, sinceEpoch: null, balancedAccuracy: 34 / 70 });
    expect(english(few)).to.contain("all but 2 of 100 validation images");
    const hardly = found(findingsOf(run, { judged: judgedWith({ Photo: 28, Text: 1 }) }), "collapsed");
    expect(hardly).to.deep.include({
      exceptions: 3,
      accuracy: 0.71,
      missed: [{ className: "Photo", n: 30, found: 2 }],
    });
    expect(english(hardly)).to.contain("Found (recall 6.7%), by original class: Photo 2/30.");
    const other = found(findingsOf(run, { judged: judgedWith({ Painting: 35, Text: 35 }) }), "collapsed");
    expect(english(other)).to.contain("Painting 0/35 and Text 0/35.");
    expect(sentenceOf(other, new Writer("fr"))).to.contain("Trouvées (rappel 0), par classe d’origine");
    const wild = findingsOf(run, { judged: judgedWith({ Photo: 30, Text: 9 }) });
    expect(kindsOf(wild)).to.include("confusions").and.not.include("collapsed");
  });

  it("says of a run whose loss is no number any more that it diverged, and when", () => {
    const failed = { status: "failed", experiment: { ...runWith([]).experiment, epochs: 20 } } as const;
    const late = runWith(historyOf([0.6, 0.7, 0.6, 0.7], [0.5, 90, 0.5, 200]), {
      ...failed,
      problem: divergenceProblem(3),
    });
    const findings = findingsOf(late);
    expect(kindsOf(findings)).to.deep.equal(["diverged", "no-trend"]);
    expect(english(found(findings, "diverged"))).to.equal(
      "The training diverged: in epoch 3 the loss was no longer a number. A lower learning rate is what to try. " +
        "The last epoch with a number, epoch 2, had a training loss of 90.00.",
    );
    const atOnce = runWith([], { ...failed, problem: divergenceProblem(1), modelId: null });
    expect(kindsOf(findingsOf(atOnce))).to.deep.equal(["diverged"]);
  });

  it("says of a growing loss that it grows", () => {
    const run = runWith(historyOf([0.6, 0.7, 0.6, 0.7], [0.55, 1.2, 0.52, 1.4], [0.5, 3, 0.5, 4]));
    const growth = found(findingsOf(run), "diverged");
    expect(english(growth)).to.equal(
      "The training diverges: the training loss grew from 0.700 in epoch 1 to 3.000 in epoch 3.",
    );
  });

  it("says of a run stopped after an epoch that it is one, and that an epoch is no trend", () => {
    const one = historyOf([0.6, 0.7, 0.65, 0.66]);
    const run = runWith(one, { status: "stopped", experiment: { ...runWith(one).experiment, epochs: 20 } });
    const findings = findingsOf(run);
    expect(kindsOf(findings)).to.deep.equal(["cut-short", "no-trend"]);
    expect(english(findings[0]!)).to.contain("ended after epoch 1 of 20 (stopped by hand)");
    expect(english(findings[1]!)).to.equal(
      "One epoch shows a state and no trend: validation accuracy 65.0%, validation loss 0.660.",
    );
    const none = runWith([], { status: "stopped", experiment: run.experiment });
    expect(kindsOf(findingsOf(none))).to.deep.equal(["no-epoch"]);
  });

  it("sees no trend in two epochs, however far they are apart", () => {
    const findings = findingsOf(runWith(historyOf([0.6, 0.7, 0.6, 0.7], [0.99, 0.01, 0.6, 2])));
    expect(kindsOf(findings)).to.deep.equal(["no-trend"]);
    expect(english(findings[0]!)).to.contain("2 epochs are too few for a trend");
  });

  it("finds overfitting, where the gap opens, and the best epoch against the last", () => {
    const run = runWith(
      historyOf(
        [0.7, 0.6, 0.75, 0.55],
        [0.8, 0.45, 0.8, 0.45],
        [0.9, 0.25, 0.82, 0.42],
        [0.97, 0.1, 0.81, 0.6],
        [0.99, 0.03, 0.8, 0.8],
      ),
    );
    const finding = found(findingsOf(run), "overfitting");
    expect(finding).to.deep.include({ degree: "yes", opensIn: 3, images: 100, isTrainingHandicapped: false });
    expect([finding.best.epoch, finding.last.epoch]).to.deep.equal([3, 5]);
    expect(english(finding)).to.contain(
      "a gap of +19.0 points; with 100 validation images chance alone makes ±\u00a08.0",
    );
    expect(english(finding)).to.contain("lowest at epoch 3 (0.420, accuracy 82.0%) and 0.800 at the last");
  });

  it("finds none where the curves lie within chance of each other", () => {
    const run = runWith(historyOf([0.7, 0.6, 0.72, 0.6], [0.8, 0.5, 0.79, 0.5], [0.84, 0.4, 0.83, 0.42]));
    const finding = found(findingsOf(run), "overfitting");
    expect(finding).to.include({ degree: "no", opensIn: null });
    expect(kindsOf(findingsOf(run)), "three epochs have no later half").to.not.include("stability");
  });

  it("tells a steady end from a spike and from a wide spread", () => {
    const epochs = (...accuracies: readonly number[]) => accuracies.map((a) => [0.85, 0.4, a, 0.42] as const);
    const steady = epochs(0.6, 0.7, 0.78, 0.81, 0.82, 0.815, 0.82, 0.82);
    expect(found(findingsOf(runWith(historyOf(...steady))), "stability")).to.include({ degree: "stable", window: 4 });
    const spiky = steady.map((row, index) => (index === 5 ? ([0.85, 0.4, 0.82, 0.9] as const) : row));
    const spike = found(findingsOf(runWith(historyOf(...spiky))), "stability");
    expect(spike.degree).to.equal("unstable");
    expect(english(spike)).to.contain("In epoch 6 the validation loss jumped from 0.420 to 0.900.");
    const wide = runWith(historyOf(...epochs(0.6, 0.7, 0.8, 0.7, 0.8, 0.72)));
    expect(found(findingsOf(wide), "stability")).to.include({ degree: "unstable", window: 3 });
  });

  it("says what early stopping did", () => {
    const rows = [0.6, 0.5, 0.55, 0.6].map((loss) => [0.8, 0.4, 0.8, loss] as const);
    const experiment = { ...runWith([]).experiment, epochs: 30, earlyStopping: { patience: 2 } };
    const acted = findingsOf(runWith(historyOf(...rows), { experiment }));
    expect(kindsOf(acted)).to.not.include("cut-short");
    expect(english(found(acted, "early-stopping"))).to.contain("ended the run after epoch 4 of 30");
    const idle = runWith(historyOf(...rows.slice(0, 3)), { experiment: { ...experiment, epochs: 3 } });
    expect(found(findingsOf(idle), "early-stopping").hasActed).to.equal(false);
  });

  it("holds the weights of a penalised run against the baseline's, of the same split alone", () => {
    const steady = historyOf([0.8, 0.5, 0.8, 0.5], [0.8, 0.5, 0.8, 0.5], [0.8, 0.5, 0.8, 0.5]);
    const kernels = (nearZeroCount: number, squareSum: number) => [
      { layer: "conv1", count: 1000, nearZeroCount, absoluteSum: 10, squareSum },
    ];
    const l2 = { ...presetNamed("l2")!, inputSize: 64, epochs: 3 };
    const run = runWith(steady, { experiment: l2, kernels: kernels(600, 4) });
    const base = runWith(steady, { id: "base", kernels: kernels(50, 100) });
    const weights = found(findingsOf(run, { others: [base, run] }), "weights");
    expect(weights.baseline).to.deep.equal({ runId: "base", nearZeroShare: 0.05, norm: 10 });
    expect(english(weights)).to.contain("60.0% are smaller than 0.001; their norm is 2.");
    expect(english(weights)).to.contain("here the norm is 0.2 times that");
    const elsewhere = { ...base, split: { ...base.split, seed: 7 } };
    expect(found(findingsOf(run, { others: [elsewhere] }), "weights").baseline).to.equal(null);
  });

  it("names the classes that are confused, and not more than the images bear", () => {
    const steady = runWith(historyOf([0.8, 0.5, 0.8, 0.5], [0.8, 0.5, 0.8, 0.5], [0.8, 0.5, 0.8, 0.5]));
    const clear = found(findingsOf(steady, { judged: judgedWith({ Painting: 20, Text: 1 }) }), "confusions");
    expect(clear.classes.map(({ className, wrong }) => [className, wrong])).to.deep.equal([
      ["Painting", 20],
      ["Text", 1],
    ]);
    expect(english(clear)).to.contain("Painting is mistaken more often than any other class, beyond chance.");
    const close = found(findingsOf(steady, { judged: judgedWith({ Painting: 4, Text: 3 }) }), "confusions");
    expect(english(close)).to.contain("The intervals overlap");
    const none = found(findingsOf(steady, { judged: judgedWith({}) }), "confusions");
    expect(english(none)).to.equal("All 100 validation images get the right verdict.");
  });

  it("says everything in both languages, without a gap", () => {
    const l1 = { ...presetNamed("l1")!, inputSize: 64, epochs: 4, earlyStopping: { patience: 2 } };
    const runs = [
      runWith(collapsing, {
        experiment: l1,
        kernels: [{ layer: "a", count: 9, nearZeroCount: 9, absoluteSum: 0, squareSum: 0 }],
      }),
      runWith(historyOf([0.7, 0.6, 0.75, 0.55], [0.8, 0.45, 0.8, 0.45], [0.97, 0.1, 0.7, 0.9])),
      runWith([], { status: "failed", problem: divergenceProblem(1) }),
    ];
    for (const language of languages) {
      for (const run of runs) {
        for (const finding of findingsOf(run, { judged: null })) {
          expect(sentenceOf(finding, new Writer(language)))
            .to.match(/[.)]$/)
            .and.not.match(/undefined|NaN|null/);
        }
      }
    }
    const french = sentenceOf(findingsOf(runs[0]!)[0]!, new Writer("fr"));
    expect(french).to.contain("s’est effondré sur une seule classe").and.to.contain("70,0");
  });
});
