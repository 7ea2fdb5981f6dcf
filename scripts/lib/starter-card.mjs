/** The text of the starter model's card. */

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

function wrongByClass(byClass) {
  return Object.entries(byClass)
    .map(([name, { n, wrong }]) => `${name} ${percent(wrong / n)}`)
    .join(", ");
}

/** @param point an operating point, `bytes` the size of the zip */
export function starterCard({ cv, run, point, bytes }) {
  const { epochs, sampling, batchSize, inputSize, backbone, preset } = run.experiment;
  const { network } = backbone;
  const samples = (epochs * sampling.samplesPerEpoch).toLocaleString("en");
  const classes = Object.entries(run.classes).map(([name, count]) => `${name} ${count}`);
  const { pooled, pooled_calibrated: atHalf } = cv;
  const folds = cv.folds.map(({ balanced_accuracy: balanced }) => balanced.toFixed(3)).join(", ");
  const band = point.reviewBand;
  return `# Model card: the Tamis starter model

Written by \`npm run train-starter\`; every figure here comes from its run.

**What it does.** Says how likely a scan is a photograph (rather than a painting, a schematic, a sketch or text). ${run.parameters.toLocaleString("en")} parameters,
${(bytes / 1e6).toFixed(2)} MB, input ${inputSize} × ${inputSize}, the mean of two views of a scan (the whole picture, and its central square). Photo where P ≥ ${point.threshold}${
    band
      ? `; to be looked at by
a person where P is from ${band.low} to below ${band.high}`
      : ""
  }.

**What it is built on.** MobileNet v1 with a width of 0.25, trained on ImageNet by Google and published under the Apache License 2.0: its convolutions up to the last feature maps
(${network.parameters.toLocaleString("en")} numbers, the normalisations computed into them), unchanged otherwise. From it come ${network.features} features of a picture.

**How it was trained.** The \`${preset}\` preset in Tamis itself, in a browser, on ${run.backend} with ${run.threads} thread(s): a linear head on those features, ${epochs} epochs of ${sampling.samplesPerEpoch.toLocaleString("en")}
draws (${samples} in all) of whole pictures, their central squares, mirrored ones and crops, batches of ${batchSize}, seed ${run.seed}, ${run.split.training} images (${run.split.validation} more were held
out to watch it).

**On what.** ${classes.join(", ")} images, gathered from public repositories, of mixed licences; none of them is part of Tamis.

**How well.** Images of one source resemble each other, so only whole sources that the head never saw tell. In a cross-validation over ${cv.folds.length} folds of whole sources, on ${pooled.n}
images:
- AUROC ${pooled.auroc.toFixed(3)}; balanced accuracy of the folds before calibration ${folds};
- where P ≥ 0.5: balanced accuracy ${atHalf.balanced_accuracy.toFixed(3)}; wrong by original class: ${wrongByClass(atHalf.by_class)};
- where P ≥ ${point.threshold}, which is what it decides by: balanced accuracy ${point.balancedAccuracy.toFixed(3)} (standard error ${point.standardError.toFixed(3)}); wrong by original class: ${wrongByClass(point.byClass)}.
${band ? `\nThe review band holds ${percent(point.reviewShare)} of these images; outside of it at most 5 % of the photos are missed and 5 % of all others taken for photos.\n` : ""}
This is harsher than use: a fold without the largest source of paintings learns from the ${percent(1 - largestShare(cv, "Painting"))} of the paintings that are left. Calibration (scale ${cv.calibration.scale.toFixed(3)}, shift ${cv.calibration.shift.toFixed(3)}),
threshold and band were chosen by these same predictions, a handful of numbers by ${pooled.n} images, so that a scan is as likely a photo as not before it is looked at; of the
thresholds that balanced accuracy cannot tell apart (one standard error), the highest is taken, since it takes fewer paintings for photos.

**What it gets wrong.** Paintings that look like photographs, above all: ${percent(point.byClass.Painting.wrong / point.byClass.Painting.n)} of those from unseen sources are taken for photos. Photographs of paintings, drawings and pages; old, faded or coloured
photographs; pictures composed of several kinds. It was not tested on captures of people by who they are, and does not look for them.
`;
}

/** Share of a class's images that its largest source has. */
function largestShare({ predictions }, className) {
  const sources = new Map();
  const images = predictions.filter(({ class: name }) => name === className);
  for (const { image } of images) {
    const source = image.split("/").at(-1).split("__")[0];
    sources.set(source, (sources.get(source) ?? 0) + 1);
  }
  return Math.max(...sources.values()) / images.length;
}
