/** Hands a file to the browser to be saved. */
export function saveFile(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  // The download starts after this task; a minute is ample, and the file is not kept for longer.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
