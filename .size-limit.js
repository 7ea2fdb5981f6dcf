/**
 * Size budgets of the production build, gzipped as hosts send it. A file that is missing is an error, so that no budget measures nothing.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const dist = "dist";

function required(files, what) {
  if (files.length === 0) throw new Error(`The build has no ${what}: is its budget in .size-limit.js still right?`);
  for (const file of files) if (!existsSync(file)) throw new Error(`${file} is missing from the build.`);
  return files;
}

/** What the browser loads before the first screen shows: the page's scripts, what they import statically, and its styles. */
function firstScreen() {
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const links = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) =>
    join(dist, file),
  );
  return required([...new Set(links)], "script in index.html");
}

/** Files of the build whose path matches. */
function built(pattern, what) {
  const files = readdirSync(dist, { recursive: true }).map((name) => join(dist, name));
  return required(
    files.filter((file) => pattern.test(file)),
    what,
  );
}

/** What the service worker precaches, from its own list. */
function precached() {
  const script = readFileSync(join(dist, "service-worker.js"), "utf8");
  const urls = [...script.matchAll(/"?url"?:\s*"([^"]+)"/g)].map(([, url]) => join(dist, url));
  return required(urls, "precache list");
}

export default [
  { name: "First screen", path: firstScreen(), gzip: true, limit: "90 kB" },
  {
    name: "Workers and their threads",
    path: built(/assets\/(entry|thread)-[^/]+\.js$/, "worker"),
    gzip: true,
    limit: "400 kB",
  },
  { name: "Service worker", path: built(/service-worker\.js$/, "service worker"), gzip: true, limit: "10 kB" },
  { name: "Everything kept for use without a network", path: precached(), gzip: true, limit: "8 MB" },
];
