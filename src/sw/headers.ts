/** The headers that Tamis is served with, for a service worker that stands in for a host which sets none. */
import said from "./headers.json";

/** Every header by name; headers.json is the one place that says them, and scripts/lib/headers.mjs hands them to servers. */
export const headers: Readonly<Record<string, string>> = {
  ...said.isolation,
  ...said.others,
  "Content-Security-Policy": Object.entries(said.contentSecurityPolicy)
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; "),
};

/**
 * The response with every header that it lacks; what the host chose stays. An opaque or failed response is returned as it is, for its
 * headers cannot be changed.
 */
export function withHeaders(response: Response): Response {
  if (response.type === "opaque" || response.type === "opaqueredirect" || response.type === "error") return response;
  const missing = Object.entries(headers).filter(([name]) => !response.headers.has(name));
  if (missing.length === 0) return response;
  const complete = new Headers(response.headers);
  for (const [name, value] of missing) complete.set(name, value);
  const { status, statusText } = response;
  const hasNoBody = [101, 204, 205, 304].includes(status);
  return new Response(hasNoBody ? null : response.body, { status, statusText, headers: complete });
}
