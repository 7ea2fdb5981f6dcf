/** What the command line does with the zips that the app writes. */
import { Blob } from "node:buffer";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BlobReader, BlobWriter, configure, TextReader, ZipReader, ZipWriter } from "@zip.js/zip.js";

configure({ useWebWorkers: false });

/** Writes the zip again with these fields of `metadata.json` changed; how many bytes it has then. */
export async function changeMetadata(path, changes) {
  const reader = new ZipReader(new BlobReader(new Blob([await readFile(path)])));
  const writer = new ZipWriter(new BlobWriter("application/zip"));
  for (const entry of await reader.getEntries()) {
    const content = await entry.getData(new BlobWriter());
    const options = { lastModDate: entry.lastModDate };
    if (entry.filename === "metadata.json") {
      const metadata = { ...JSON.parse(await content.text()), ...changes };
      await writer.add(entry.filename, new TextReader(JSON.stringify(metadata, null, 2)), options);
    } else {
      // As Tamis writes them: weights are as good as random.
      const level = entry.filename === "weights.bin" ? { level: 0 } : {};
      await writer.add(entry.filename, new BlobReader(content), { ...options, ...level });
    }
  }
  const bytes = new Uint8Array(await (await writer.close()).arrayBuffer());
  await writeFile(path, bytes);
  return bytes.length;
}

/** Writes the files of a zip that has no folders into a folder, which is made; their names. */
export async function unzipInto(path, folder) {
  const reader = new ZipReader(new BlobReader(new Blob([await readFile(path)])));
  await mkdir(folder, { recursive: true });
  const names = [];
  for (const entry of await reader.getEntries()) {
    const content = await entry.getData(new BlobWriter());
    await writeFile(join(folder, basename(entry.filename)), new Uint8Array(await content.arrayBuffer()));
    names.push(entry.filename);
  }
  return names;
}
