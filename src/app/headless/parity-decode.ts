/** Decodes the file of a reference case through the pool that imports and classification use. */
import type { Comparison } from "../../domain/parity/compare.ts";
import { compareDecoded, type DecodeCase } from "../../domain/parity/decode-case.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";

export async function runDecodeCase(
  reference: DecodeCase,
  file: Blob,
  decoders: Pick<Decoders, "decode">,
): Promise<Comparison> {
  const pixels = { ...reference.averaged, resampling: "area", aspect: "stretch" } as const;
  const decoded = await decoders.decode({ file, pixels, thumbnailSize: 0 });
  return compareDecoded(reference, decoded.ok ? { ...decoded, pages: decoded.pages.map((page) => page.rgb) } : decoded);
}
