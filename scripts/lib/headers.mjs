/** The HTTP headers that Tamis is served with: the one place that says them. */

/**
 * Content-Security-Policy, directive by directive. `blob:` in worker-src and script-src: the threaded WebAssembly backend of tfjs starts its
 * threads from a script in a Blob. `frame-ancestors` has no effect in a <meta>, so the page's own copy leaves it out.
 */
const policy = {
  "default-src": ["'none'"],
  "script-src": ["'self'", "'wasm-unsafe-eval'", "blob:"],
  "worker-src": ["'self'", "blob:"],
  "connect-src": ["'self'", "blob:", "data:"],
  "img-src": ["'self'", "blob:", "data:"],
  "style-src": ["'self'"],
  "media-src": ["'self'", "blob:"],
  "manifest-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

const onlyInHeaders = new Set(["frame-ancestors"]);

function written(directives) {
  return directives.map(([name, values]) => [name, ...values].join(" ")).join("; ");
}

export const contentSecurityPolicy = written(Object.entries(policy));

/** The same policy for a <meta http-equiv>, for hosts that set no headers. */
export const contentSecurityPolicyForMeta = written(
  Object.entries(policy).filter(([name]) => !onlyInHeaders.has(name)),
);

/** Cross-origin isolation, which WebAssembly threads need; the service worker adds these three where a host does not. */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Every header, for every response. */
export const headers = {
  ...isolationHeaders,
  "Content-Security-Policy": contentSecurityPolicy,
  "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
