/** Asks axe, with the page's own colours. */
import axe from "axe-core";
import { emulateMedia } from "@web/test-runner-commands";
import { expect } from "chai";
import base from "../../../src/ui/styles/base.css?inline";

const sheet = new CSSStyleSheet();
sheet.replaceSync(base);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

/** Rules about a whole page, which a part of one cannot meet; and axe looks for the target of a skip link outside of its shadow tree. */
const pageRules = [
  "region",
  "landmark-one-main",
  "page-has-heading-one",
  "document-title",
  "html-has-lang",
  "bypass",
  "skip-link",
];

/** Fails with axe's own words where it finds anything in the element, shadow roots included. Colours are judged in the theme that is set. */
export async function expectAccessible(element: Element): Promise<void> {
  // Half-way through a transition, colours have contrasts that they never keep.
  await emulateMedia({ reducedMotion: "reduce" });
  await new Promise((fulfil) => setTimeout(fulfil, 50));
  const results = await axe.run(element, {
    rules: Object.fromEntries(pageRules.map((id) => [id, { enabled: false }])),
    resultTypes: ["violations"],
  });
  const found = results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} (${node.failureSummary ?? ""})`),
  );
  expect(found).to.deep.equal([]);
}

/** The same in light and in dark. */
export async function expectAccessibleInBothThemes(element: Element): Promise<void> {
  const root = document.documentElement;
  try {
    for (const theme of ["light", "dark"]) {
      root.dataset["theme"] = theme;
      await expectAccessible(element);
    }
  } finally {
    delete root.dataset["theme"];
  }
}
