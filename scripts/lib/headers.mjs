/** The HTTP headers that Tamis is served with, as src/sw/headers.json says them, in the forms that hosts read. */
import { readFileSync } from "node:fs";

const said = JSON.parse(readFileSync(new URL("../../src/sw/headers.json", import.meta.url), "utf8"));

/** These have no effect in a <meta>, and browsers complain about them there. */
const onlyInHeaders = new Set(["frame-ancestors"]);

function policy(isKept) {
  return Object.entries(said.contentSecurityPolicy)
    .filter(([name]) => isKept(name))
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; ");
}

/** The policy for a `<meta http-equiv="Content-Security-Policy">`, for hosts that set no headers. */
export const contentSecurityPolicyForMeta = policy((name) => !onlyInHeaders.has(name));

/**
 * Cross-origin isolation, which WebAssembly threads need.
 * @type {Record<string, string>}
 */
export const isolationHeaders = said.isolation;

/**
 * Every header, for every response.
 * @type {Record<string, string>}
 */
export const headers = { ...said.isolation, ...said.others, "Content-Security-Policy": policy(() => true) };

/** A name under assets/ changes with its content; hosts ask browsers to check everything else again by themselves. */
export const assetsCacheControl = "public, max-age=31536000, immutable";

/** A `_headers` file, which Netlify, Cloudflare Pages and others read. */
export function headersFile() {
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  return ["/*", ...lines, "/assets/*", `  Cache-Control: ${assetsCacheControl}`, ""].join("\n");
}
