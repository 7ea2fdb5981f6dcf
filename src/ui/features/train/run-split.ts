/** How a run's images were split and what leaks between the parts, in words. */
import { msg, str } from "@lit/localize";
import { html, nothing } from "lit";
import type { PartLeakage } from "../../../domain/dataset/leakage.ts";
import type { Split } from "../../../domain/dataset/split-types.ts";
import type { Run } from "../../../domain/run/run.ts";
import { formatNumber } from "../../text/format.ts";

export function splitWord({ kind, bySource, seed }: Split): string {
  switch (kind) {
    case "keras":
      return msg(str`As the notebook splits, seed ${seed}`);
    case "given":
      return msg("Given images to validate on");
    case "stratified":
      return bySource
        ? msg(str`By class and whole sources, seed ${seed}`)
        : msg(str`By class, near-duplicates together, seed ${seed}`);
  }
}

/** How many images the parts have. */
export function splitSizes({ training, validation, test }: Split): string {
  const toLearn = formatNumber(training.length);
  const toValidate = formatNumber(validation.length);
  const toTest = formatNumber(test.length);
  return test.length > 0
    ? msg(str`${toLearn} to learn, ${toValidate} to validate, ${toTest} to test`)
    : msg(str`${toLearn} to learn, ${toValidate} to validate`);
}

function renderRow(name: string, size: number, leak: PartLeakage) {
  const cell = (count: number | null) =>
    html`<td class="end">${count === null ? msg("not known") : formatNumber(count)}</td>`;
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="end">${formatNumber(size)}</td>
    ${cell(leak.exact)} ${cell(leak.near)} ${cell(leak.source)}
  </tr>`;
}

/** A table: how many held-out images have their like among the images before them. */
export function renderLeakage({ split, leakage }: Run) {
  if (!leakage) return nothing;
  return html`<section class="stack tight">
    <div>
      <h2>${msg("Leakage")}</h2>
      <p class="lead">
        ${msg("Held-out images that have their like among the images before them: the network does better on these than on what it never saw.")}
      </p>
    </div>
    <div class="card">
      <div class="table-scroll">
        <table>
          <caption class="visually-hidden">
            ${msg("Leakage")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${msg("Part")}</th>
              <th scope="col" class="end">${msg("Images")}</th>
              <th scope="col" class="end">${msg("Exact duplicates")}</th>
              <th scope="col" class="end">${msg("Near-duplicates")}</th>
              <th scope="col" class="end">${msg("Of a known source")}</th>
            </tr>
          </thead>
          <tbody>
            ${renderRow(msg("Validation"), split.validation.length, leakage.validation)}
            ${leakage.test ? renderRow(msg("Test"), split.test.length, leakage.test) : nothing}
          </tbody>
        </table>
      </div>
    </div>
  </section>`;
}
