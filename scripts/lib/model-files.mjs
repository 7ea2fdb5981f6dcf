/** The files of a model on the disk, for the headless page. */
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What may lie beside a model and says what its outputs mean. */
const companions = ["metadata.json", "labels.txt"];

/**
 * Puts a model into the page: a folder whole; of a tfjs `model.json`, also the weight files that it names; else the file, with its labels.
 * @returns {Promise<"files" | "folder">} the input that holds it
 */
export async function putModel(page, path) {
  if (statSync(path).isDirectory()) {
    await page.setInputFiles("#folder", path);
    return "folder";
  }
  const names = [basename(path), ...(await weightFiles(path)), ...companions];
  const files = [...new Set(names)].map((name) => join(dirname(path), name)).filter((file) => existsSync(file));
  await page.setInputFiles("#files", files);
  return "files";
}

/** Names of the files that a tfjs description says its weights lie in; none where it is something else. */
async function weightFiles(path) {
  if (!path.endsWith(".json")) return [];
  try {
    const { weightsManifest } = JSON.parse(await readFile(path, "utf8"));
    return weightsManifest.flatMap(({ paths }) => paths).filter((name) => basename(name) === name);
  } catch {
    // The page says what is wrong with it.
    return [];
  }
}
