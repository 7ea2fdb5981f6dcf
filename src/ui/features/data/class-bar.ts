import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { styleMap } from "../../elements/base/style-map.ts";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { foundation } from "../../styles/shared.ts";
import { formatShare } from "../../text/format.ts";

/** The classes of a dataset side by side, as wide as their shares; the positive one stands out. */
@customElement("tamis-class-bar")
export class ClassBar extends TamisElement {
  static override styles = [
    foundation,
    css`
      .bar {
        display: flex;
        gap: 2px;
        height: 0.75rem;
        border-radius: var(--radius-round);
        overflow: hidden;
        background: var(--surface-sunken);
      }
      .bar div {
        min-width: 2px;
        background: color-mix(in srgb, var(--line-strong) 55%, var(--surface));
      }
      .bar .positive {
        background: var(--photo);
      }
    `,
  ];

  @property({ attribute: false }) shown: Dataset | null = null;

  protected override render() {
    if (!this.shown) return html``;
    const { classNames, classCounts, positiveClass } = this.shown;
    const total = Math.max(
      1,
      classCounts.reduce((sum, count) => sum + count, 0),
    );
    const classes = classNames
      .map((name, index) => ({ name, count: classCounts[index] ?? 0 }))
      .sort((a, b) => Number(b.name === positiveClass) - Number(a.name === positiveClass) || b.count - a.count);
    const words = classes.map(({ name, count }) => `${name} ${formatShare(count / total)}`).join(", ");
    return html`<div class="bar" role="img" aria-label=${words}>
      ${classes
        .filter(({ count }) => count > 0)
        .map(
          ({ name, count }) =>
            html`<div
              class=${name === positiveClass ? "positive" : ""}
              style=${styleMap({ flexGrow: String(count) })}
              title="${name} ${formatShare(count / total)}"
            ></div>`,
        )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-class-bar": ClassBar;
  }
}
