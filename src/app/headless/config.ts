/** An experiment with any of its fields changed by a file. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Objects are merged field by field, everything else (lists too) is replaced. A field that the experiment does not have is refused, so that a
 * slip of the pen does not go unnoticed. Values are checked by `validateExperiment` before a run.
 */
export function withConfig(experiment: Experiment, config: Fields): Outcome<Experiment> {
  const problem = { message: "" };
  const merged = merge(experiment as unknown as Fields, config, "", problem);
  if (problem.message !== "")
    return failed("bad-input", problem.message, "See the fields of `experiment` in a run.json.");
  return succeeded(merged as unknown as Experiment);
}

function merge(base: Fields, changes: Fields, where: string, problem: { message: string }): Fields {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    const path = where === "" ? name : `${where}.${name}`;
    const old = base[name];
    if (!(name in base) && !isOpen(where)) problem.message ||= `The experiment has no field “${path}”.`;
    // Another kind has other fields: it replaces the whole.
    else if (isFields(old) && isFields(value) && (value.kind ?? old.kind) === old.kind) {
      merged[name] = merge(old, value, path, problem);
    } else merged[name] = value;
  }
  return merged;
}

/** Its fields are named by the dataset's classes. */
function isOpen(path: string): boolean {
  return path === "sampling.negativeWeights";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
