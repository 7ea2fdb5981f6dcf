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
  return (await getThumbnails(scope, [itemId]))[0];
}

/** Those of several items, in their order, read in one transaction: a screen's worth costs little more than one. */
export async function getThumbnails(scope: string, itemIds: readonly string[]): Promise<(Blob | undefined)[]> {
  const transaction = (await database()).transaction(["thumbnails", "thumbnailPacks"], "readonly");
  const thumbnails = transaction.objectStore("thumbnails");
  const packs = new Map<string, Promise<ThumbnailPack | undefined>>();
  const packOf = (packId: string): Promise<ThumbnailPack | undefined> => {
    const pack = packs.get(packId) ?? transaction.objectStore("thumbnailPacks").get([scope, packId]);
    packs.set(packId, pack);
    return pack;
  };
  return Promise.all(
    itemIds.map(async (itemId) => {
      const picture = (await thumbnails.get([scope, itemId]))?.picture;
      if (!picture || picture instanceof Blob) return picture;
      return (await packOf(picture.packId))?.pictures.slice(picture.start, picture.end, "image/jpeg");
    }),
  );
}
