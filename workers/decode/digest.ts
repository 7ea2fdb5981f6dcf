/** The SHA-256 of a file. */

/** A longer file is not read at once for its digest, in bytes; its pages are still compared by what they show. */
const longestFile = 256 * 1024 * 1024;

/**
 * In hexadecimal; null where the file is too long or cannot be read, and on an insecure origin, which has no digests.
 * @param contents of the file, where they were read already
 */
export async function digestOf(file: Blob, contents: Uint8Array<ArrayBuffer> | null): Promise<string | null> {
  const isSecure = typeof crypto.subtle !== "undefined";
  if (!isSecure || file.size > longestFile) return null;
  try {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", contents ?? (await file.arrayBuffer())));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    // Said by the decoder, which reads the same file.
    return null;
  }
}
