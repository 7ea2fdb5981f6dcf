/** Pictures out of the clipboard. */
import type { PickedFile } from "../services/picked-files.ts";

/** Browsers call every picture of the clipboard so: two of them would be taken for one. */
const namelessPicture = /^image\.\w+$/;

/** `pasted-2026-11-23-031045-120.png`: sorts by time. */
export function momentName(prefix: string, now: Date, ending: string): string {
  const digits = (value: number, length = 2): string => String(value).padStart(length, "0");
  const day = [now.getFullYear(), digits(now.getMonth() + 1), digits(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map((value) => digits(value)).join("");
  return `${prefix}-${day}-${time}-${digits(now.getMilliseconds(), 3)}.${ending}`;
}

/** The files of a paste: copied files under their own name, a copied picture under the moment's. */
export function pastedFiles(clipboard: DataTransfer | null, now = new Date()): PickedFile[] {
  return [...(clipboard?.files ?? [])].map((file) => {
    const path = namelessPicture.test(file.name)
      ? momentName("pasted", now, file.name.split(".").at(-1) ?? "png")
      : file.name;
    return { path, file };
  });
}
