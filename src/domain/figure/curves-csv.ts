/** Curves as a table for other programs. */
import { type CsvField, toCsv } from "../text/csv.ts";
import type { CurveSeries } from "./curves.ts";

const columns = ["epoch", "loss", "accuracy", "validationLoss", "validationAccuracy", "seconds"] as const;

/** A row an epoch of each run; where there are several, the run's name stands first. A value that is no number is left empty. */
export function curvesToCsv(series: readonly CurveSeries[]): string {
  const isSeveral = series.length > 1;
  const rows = series.flatMap(({ name, history }) =>
    history.map((values): CsvField[] => [
      ...(isSeveral ? [name] : []),
      ...columns.map((column) => (Number.isFinite(values[column]) ? values[column] : null)),
    ]),
  );
  return toCsv([[...(isSeveral ? ["run"] : []), ...columns], ...rows]);
}
