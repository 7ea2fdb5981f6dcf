/** Small pictures of dataset images and captures. */
import { database } from "./database.ts";

export async function getThumbnail(scope: string, itemId: string): Promise<Blob | undefined> {
  return (await (await database()).get("thumbnails", [scope, itemId]))?.picture;
}
