/** Serves a production build with the headers that it needs. */
import { preview } from "vite";
import { distFolder } from "./build.mjs";
import { headers } from "./headers.mjs";
import { projectRoot } from "./project.mjs";

/**
 * Starts a server for `folder`.
 *
 * @param {object} options
 * @param {string} [options.folder] a production build; dist/ by default
 * @param {number} [options.port] the port, or the first free one after it; 4173 by default
 * @param {string | boolean} [options.host] the address to listen on; `true` for every one; this machine alone by default
 * @param {string} [options.base] the path below which the app lies, with a slash at both ends
 * @param {Record<string, string>} [options.headers] instead of the headers that Tamis wants, to play another host
 * @param {{ cert: Buffer, key: Buffer }} [options.https] serves https with this certificate
 * @returns {Promise<{ url: string, network: string[], close: () => Promise<void> }>} `url` ends with a slash
 */
export async function serve(options = {}) {
  const server = await preview({
    root: projectRoot,
    configFile: false,
    logLevel: "error",
    // A missing file is missing: with the fallback of "spa", an old script's address would answer with a page.
    appType: "mpa",
    base: options.base ?? "/",
    build: { outDir: options.folder ?? distFolder },
    preview: {
      port: options.port ?? 4173,
      host: options.host ?? "localhost",
      headers: options.headers ?? headers,
      // Static files that anyone may read: whichever name the machine goes by is fine.
      allowedHosts: true,
      ...(options.https ? { https: options.https } : {}),
    },
  });
  const url = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0];
  if (!url) throw new Error("The server has no address.");
  return { url, network: server.resolvedUrls?.network ?? [], close: () => server.close() };
}
