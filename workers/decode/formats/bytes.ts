/** Reading numbers and names out of a file's bytes. Past the end everything is 0, so that a cut-off file needs no special care. */

export class Bytes {
  readonly data: Uint8Array;
  readonly length: number;

  constructor(data: Uint8Array) {
    this.data = data;
    this.length = data.length;
  }

  u8(at: number): number {
    return this.data[at] ?? 0;
  }

  /** Big-endian, as JPEG, PNG and ISO files have it. */
  u16(at: number): number {
    return this.u8(at) * 0x100 + this.u8(at + 1);
  }

  u32(at: number): number {
    return this.u16(at) * 0x10000 + this.u16(at + 2);
  }

  /** Little-endian, as GIF, BMP and RIFF files have it. */
  u16le(at: number): number {
    return this.u8(at) + this.u8(at + 1) * 0x100;
  }

  u32le(at: number): number {
    return this.u16le(at) + this.u16le(at + 2) * 0x10000;
  }

  /** `length` bytes as Latin-1 characters. */
  text(at: number, length: number): string {
    return String.fromCharCode(...this.data.subarray(at, at + length));
  }

  startsWith(text: string, at = 0): boolean {
    return this.text(at, text.length) === text;
  }
}
