/** Compiled decoders that cannot grow beyond a limit: what a file says may be a lie, and a decoder believes it. */

const pageBytes = 65_536;
const memorySection = 5;
const hasMaximum = 1;

/** @returns the module's bytes, its memory limited to `mostBytes` */
export async function limitedWasm(url: string, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  return withLimit(await loadBytes(url), mostBytes);
}

/** A file of the app itself. */
export async function loadBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} cannot be loaded (status ${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * The module with another maximum in its memory section (WebAssembly core specification, 5.5.8).
 * @throws Error where it has no memory of its own
 */
export function withLimit(module: Uint8Array<ArrayBuffer>, mostBytes: number): Uint8Array<ArrayBuffer> {
  let at = 8;
  while (at < module.length) {
    const start = at;
    const id = module[at++]!;
    const [length, contents] = unsigned(module, at);
    at = contents + length;
    if (id !== memorySection) continue;
    const [count, flagsAt] = unsigned(module, contents);
    const flags = module[flagsAt]!;
    const [initial] = unsigned(module, flagsAt + 1);
    if (count !== 1 || flags > hasMaximum) throw new Error("The module's memory is of an unknown kind.");
    const most = Math.max(initial, Math.floor(mostBytes / pageBytes));
    const body = [1, hasMaximum, ...encoded(initial), ...encoded(most)];
    const section = [memorySection, ...encoded(body.length), ...body];
    const limited = new Uint8Array(module.length - (at - start) + section.length);
    limited.set(module.subarray(0, start));
    limited.set(section, start);
    limited.set(module.subarray(at), start + section.length);
    return limited;
  }
  throw new Error("The module has no memory of its own.");
}

/** An unsigned LEB128 number, and where the next thing begins. */
function unsigned(bytes: Uint8Array, start: number): [value: number, next: number] {
  let value = 0;
  for (let at = start, factor = 1; ; at++, factor *= 128) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, at + 1];
  }
}

function encoded(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...encoded(Math.floor(value / 128))];
}
