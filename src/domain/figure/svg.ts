/** SVG as text: for figures that have to stand by themselves, in a file or a report. */

type Attributes = Readonly<Record<string, string | number>>;

/** Text as it may stand in XML or HTML, in attributes too. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An element; numbers are written with two digits at most. */
export function tag(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? short(value) : escapeMarkup(value)}"`)
    .join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export function textTag(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return tag("text", { x, y, ...attributes }, escapeMarkup(text));
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
