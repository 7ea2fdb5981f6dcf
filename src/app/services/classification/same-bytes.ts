/** Compared at once, in bytes: no file is read whole. */
const chunk = 4 * 2 ** 20;

/** Whether two files hold the same. */
export async function sameBytes(a: Blob, b: Blob): Promise<boolean> {
  if (a.size !== b.size) return false;
  for (let start = 0; start < a.size; start += chunk) {
    const [left, right] = await Promise.all(
      [a, b].map(async (blob) => new Uint8Array(await blob.slice(start, start + chunk).arrayBuffer())),
    );
    if (left!.some((byte, index) => byte !== right![index])) return false;
  }
  return true;
}
