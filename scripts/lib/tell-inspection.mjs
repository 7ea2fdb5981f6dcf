/** data.json in words. */

function table(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

/** `--json` has all; here a list ends after so many. */
const mostLines = 20;

function tellGroups(what, groups) {
  console.log(`${what}: ${groups.length}`);
  for (const group of groups.slice(0, mostLines)) console.log(`  ${group.join("  =  ")}`);
  if (groups.length > mostLines) console.log(`  … and ${groups.length - mostLines} more`);
}

function leaks({ exact, near, source }) {
  const told = (count) => (count === null ? "not known" : String(count));
  return `exact duplicates ${told(exact)}, near-duplicates ${told(near)}, of a source before ${told(source)}`;
}

export function tellInspection({ images, classes, formats, findings, splits, epochs, positive }) {
  console.log(`${images} images: ${table(classes)}; photos are ${positive}`);
  console.log(`formats: ${table(formats)}`);
  console.log(`unreadable files: ${findings.unreadable.length}`);
  tellGroups(
    "too small",
    findings.too_small.map((image) => [image]),
  );
  tellGroups("exact duplicates", findings.exact_duplicates);
  tellGroups("near-duplicates", findings.near_duplicates);
  tellGroups("the same image under two classes", findings.label_conflicts);
  for (const { kind, by_source, seed, parts, leakage, problem } of splits) {
    console.log(`split ${kind}${by_source ? " by source" : ""}, seed ${seed}${problem ? `: ${problem}` : ""}`);
    if (!parts) continue;
    for (const [part, counts] of Object.entries(parts)) console.log(`  ${part}: ${table(counts)}`);
    console.log(`  leakage into validation: ${leaks(leakage.validation)}`);
    if (leakage.test) console.log(`  leakage into test: ${leaks(leakage.test)}`);
  }
  for (const epoch of epochs) {
    const weights = epoch.weights
      ? `; weights positive ${epoch.weights.positive.toFixed(3)}, negative ${epoch.weights.negative.toFixed(3)}`
      : "";
    console.log(
      `an epoch with ${epoch.rebalancing}: ${epoch.draws} draws, ${epoch.positives} positive, ${epoch.negatives} negative` +
        ` (${table(epoch.classes)}); largest difference in a batch ${epoch.largest_difference_in_a_batch}${weights}`,
    );
  }
}
