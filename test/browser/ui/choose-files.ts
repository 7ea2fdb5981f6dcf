/** Chooses files as a person does in the browser's dialog. */
import { inside } from "./mount.ts";

/**
 * @param label of the picker
 * @param paths names of files; where the picker is for a folder, with its name before them
 */
export function chooseFiles(element: Element, label: string, paths: readonly string[]): void {
  const input = inside<HTMLInputElement>(element, `input[type=file][aria-label="${label}"]`)[0];
  if (!input) throw new Error(`There is no picker “${label}”.`);
  const transfer = new DataTransfer();
  for (const path of paths) transfer.items.add(new File(["x"], path.split("/").at(-1) ?? ""));
  input.files = transfer.files;
  for (const [index, file] of [...input.files].entries())
    Object.defineProperty(file, "webkitRelativePath", { value: input.webkitdirectory ? paths[index] : "" });
  input.dispatchEvent(new Event("change"));
}
