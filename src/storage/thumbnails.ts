/** Small pictures of dataset images and captures. */
import { database } from "./database.ts";
import type { Thumbnail } from "./schema.ts";

export async function getThumbnail(scope: string, itemId: string): Promise<Blob | undefined> {
  return (await (await database()).get("thumbnails", [scope, itemId]))?.picture;
}

export async function putThumbnail(thumbnail: Thumbnail): Promise<void> {
  await (await database()).put("thumbnails", thumbnail);
}
