/** TIFF, page by page: the file is never read whole. */
import { Refusal } from "../refusal.ts";
import { readPage } from "../tiff/assemble.ts";
import { readTiff } from "../tiff/directory.ts";
import { describePage, type TiffPage } from "../tiff/page.ts";
import type { PageSource } from "./page-source.ts";
import { rasterPicture } from "./raster.ts";

export async function tiffSource(file: Blob): Promise<PageSource> {
  const { isLittleEndian, pages } = await readTiff(file);
  // A page that cannot be read is told when it is asked for: the others may be readable.
  const described = pages.map((directory) => attempt(() => describePage(directory, isLittleEndian)));
  const sizes = described.map((page) => (page instanceof Refusal ? 0 : page.width * page.height));
  return {
    pages: pages.length,
    pixels: Math.max(...sizes),
    async page(index) {
      const page = described[index]!;
      if (page instanceof Refusal) throw page;
      const { raster, damagedRows } = await readPage(file, page);
      const damage = damagedRows > 0 ? `${damagedRows} of ${page.height} rows of page ${index + 1} are damaged.` : null;
      return { ...rasterPicture(raster), damage };
    },
    close: () => undefined,
  };
}

function attempt(describe: () => TiffPage): TiffPage | Refusal {
  try {
    return describe();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
