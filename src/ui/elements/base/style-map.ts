/**
 * Lit's styleMap writes a `style="…"` attribute when it first renders, which the Content-Security-Policy forbids (style-src without
 * 'unsafe-inline'). This one sets properties through the CSSOM from the start, which it allows.
 */
import { noChange } from "lit";
import { directive, Directive, type AttributePart, type PartInfo, PartType } from "lit/directive.js";

/** CSS properties by name, in camelCase or as custom properties; null removes one. */
export type Styles = Readonly<Record<string, string | null>>;

class CssomStyleMap extends Directive {
  #previous: ReadonlySet<string> = new Set();

  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.ATTRIBUTE || info.name !== "style" || (info.strings?.length ?? 0) > 2) {
      throw new Error("styleMap is for a whole style attribute.");
    }
  }

  override render(_styles: Styles): typeof noChange {
    return noChange;
  }

  override update(part: AttributePart, [styles]: [Styles]): typeof noChange {
    const { style } = part.element;
    const names = new Set(Object.keys(styles).filter((name) => styles[name] !== null));
    for (const name of this.#previous) if (!names.has(name)) style.removeProperty(cssName(name));
    for (const name of names) style.setProperty(cssName(name), styles[name] ?? "");
    this.#previous = names;
    return noChange;
  }
}

function cssName(name: string): string {
  return name.startsWith("--") ? name : name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `style=${styleMap({ width: "50%" })}` */
export const styleMap = directive(CssomStyleMap);
