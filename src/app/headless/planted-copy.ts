/** Copies of a picture as they turn up in archives: saved again, smaller, turned, trimmed. */
import type { SeededRandom } from "../../domain/random/seeded-random.ts";

export const copyKinds = ["reencoded", "rescaled", "rotated", "cropped-sides", "cropped-area"] as const;
export type CopyKind = (typeof copyKinds)[number];

/** JPEG quality of a copy that is saved again, and of the others. */
const poorQuality = 0.6;
const fairQuality = 0.9;
/** Cut off at each of the four sides, as a share of the side. */
const trimmedSide = 0.05;
/** What is left of each side where 5 % of the area are cut off, at random edges. */
const keptSide = Math.sqrt(0.95);

/** @returns null where the browser cannot read the file */
export async function plantedCopy(
  file: Blob,
  kind: CopyKind,
  random: Pick<SeededRandom, "uniform">,
  name: string,
): Promise<File | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const { width, height } = picture;
  const scale = kind === "rescaled" ? 0.5 : 1;
  const kept = kind === "cropped-sides" ? 1 - 2 * trimmedSide : kind === "cropped-area" ? keptSide : 1;
  const [across, down] = kind === "cropped-area" ? [random.uniform(), random.uniform()] : [0.5, 0.5];
  const [keptWidth, keptHeight] = [Math.round(width * kept), Math.round(height * kept)];
  const left = Math.round((width - keptWidth) * across);
  const top = Math.round((height - keptHeight) * down);
  const size = [Math.max(1, Math.round(keptWidth * scale)), Math.max(1, Math.round(keptHeight * scale))] as const;
  const isTurned = kind === "rotated";
  const canvas = new OffscreenCanvas(...(isTurned ? ([size[1], size[0]] as const) : size));
  const context = canvas.getContext("2d", { alpha: false })!;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  if (isTurned) {
    context.translate(canvas.width, 0);
    context.rotate(Math.PI / 2);
  }
  context.drawImage(picture, left, top, keptWidth, keptHeight, 0, 0, ...size);
  picture.close();
  const quality = kind === "reencoded" ? poorQuality : fairQuality;
  return new File([await canvas.convertToBlob({ type: "image/jpeg", quality })], name, { type: "image/jpeg" });
}
