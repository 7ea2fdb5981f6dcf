/** Images for the checks, chosen by a seed from a folder that holds one folder for each class. */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

const picture = /\.(jpe?g|png|webp|bmp)$/i;

/** The images of each class, in an order that the seed draws: the same on every machine. */
function shuffledClasses(data, seed) {
  const key = (path) => createHash("sha256").update(`${seed}/${path}`).digest("hex");
  return readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const files = readdirSync(join(data, name)).filter((file) => picture.test(file));
      const keyed = files.map((file) => [key(`${name}/${file}`), `${name}/${file}`]);
      return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
    })
    .filter((files) => files.length > 0);
}

/**
 * Two sets without an image in common, the classes in turn.
 * @returns {{ training: string[], judged: string[] }} paths below `data`
 */
export function chooseImages(data, seed, { training, judged }) {
  const classes = shuffledClasses(data, seed);
  const longest = Math.max(0, ...classes.map((files) => files.length));
  const all = Array.from({ length: longest }, (_, place) => classes.flatMap((files) => files[place] ?? [])).flat();
  return { judged: all.slice(0, judged), training: all.slice(judged, judged + training) };
}

/** Copies them to the same places below another folder. */
export async function copyImages(data, paths, folder) {
  for (const path of paths) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await copyFile(join(data, path), join(folder, path));
  }
}
