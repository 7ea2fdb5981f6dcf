/** Small pictures of dataset images and captures. */
import { database } from "./database.ts";
import type { Thumbnail, ThumbnailPack } from "./schema.ts";

/** Makes one pack of pictures that are stored together. @param packId no other pack of the scope has it */
export function packThumbnails(
  scope: string,
  packId: string,
  items: readonly { readonly itemId: string; readonly picture: Blob }[],
): { readonly thumbnails: readonly Thumbnail[]; readonly thumbnailPack: ThumbnailPack | null } {
  if (items.length === 0) return { thumbnails: [], thumbnailPack: null };
  let end = 0;
  const thumbnails = items.map(({ itemId, picture }) => {
    const start = end;
    end += picture.size;
    return { scope, itemId, picture: { packId, start, end } };
  });
  return { thumbnails, thumbnailPack: { scope, packId, pictures: new Blob(items.map(({ picture }) => picture)) } };
}

export async function getThumbnail(scope: string, itemId: string): Promise<Blob | undefined> {
  const transaction = (await database()).transaction(["thumbnails", "thumbnailPacks"], "readonly");
  const picture = (await transaction.objectStore("thumbnails").get([scope, itemId]))?.picture;
  if (!picture || picture instanceof Blob) return picture;
  const pack = await transaction.objectStore("thumbnailPacks").get([scope, picture.packId]);
  return pack?.pictures.slice(picture.start, picture.end, "image/jpeg");
}
