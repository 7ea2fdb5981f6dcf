/**
 * Size budgets of the production build, gzipped as hosts send it. A file that is missing is an error, so that no budget measures nothing.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

const dist = "dist";

function required(files, what) {
  if (files.length === 0) throw new Error(`The build has no ${what}: is its budget in .size-limit.js still right?`);
  for (const file of files) if (!existsSync(file)) throw new Error(`${file} is missing from the build.`);
  return files;
}

/** A script and what it imports statically, as paths below dist/. */
function withImports(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const code = readFileSync(join(dist, file), "utf8");
  for (const [, name] of code.matchAll(/\b(?:from|import)\s*"\.\/([^"]+\.js)"/g)) withImports(`assets/${name}`, seen);
  return seen;
}

/** What the browser loads before the first screen shows: the page's scripts and styles, the shell and the classify screen. */
function firstScreen() {
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const linked = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file);
  const lazy = built(/^assets\/(app-shell|classify-screen)-[^/]+\.js$/, "shell or classify screen");
  const scripts = [...linked.filter((file) => file.endsWith(".js")), ...lazy.map((file) => relative(dist, file))];
  const all = new Set(scripts.flatMap((file) => [...withImports(file)]).concat(linked));
  return required(
    [...all].map((file) => join(dist, file)),
    "script in index.html",
  );
}

/** Files of the build whose path matches. */
function built(pattern, what) {
  const files = readdirSync(dist, { recursive: true }).map((name) => join(dist, name));
  return required(
    files.filter((file) => pattern.test(relative(dist, file))),
    what,
  );
}

/** What a page that embeds `<tamis-classify>` loads before a visitor does anything. */
function embedEntry() {
  const names = readdirSync(join(dist, "embed/assets")).filter((name) => /^entry-[^/]+\.js$/.test(name));
  return required(
    [join(dist, "embed/tamis-classify.js"), ...names.map((name) => join(dist, "embed/assets", name))],
    "embed",
  );
}

/** What the service worker precaches, from its own list. */
function precached() {
  const script = readFileSync(join(dist, "service-worker.js"), "utf8");
  const urls = [...script.matchAll(/"?url"?:\s*"([^"]+)"/g)].map(([, url]) => join(dist, url));
  return required(urls, "precache list");
}

export default [
  // The classify screen is used every day: batches, their progress and what can be done with them belong to it. The services of all screens
  // come with it, since they put in order what a closed tab left; what imports, begins or judges runs is loaded when there is something to do.
  // The grid of captures is also the one in which a dataset's images are selected.
  { name: "First screen", path: firstScreen(), gzip: true, limit: "74 kB" },
  {
    name: "Workers and their threads",
    path: built(/^assets\/(entry|thread)-[^/]+\.js$/, "worker"),
    gzip: true,
    limit: "300 kB",
  },
  {
    name: "tamis-classify with its worker, before a model or a file needs more",
    path: embedEntry(),
    gzip: true,
    limit: "205 kB",
  },
  { name: "Service worker", path: built(/service-worker\.js$/, "service worker"), gzip: true, limit: "10 kB" },
  {
    name: "Decoders that are loaded when a file needs them",
    path: built(
      /^assets\/(pdfium|libheif|index_bg|pdf|heif|svg|tiff|Arimo_400Regular)-[^/]+\.(js|wasm|ttf)$/,
      "decoder",
    ),
    gzip: true,
    limit: "4 MB",
  },
  {
    name: "Readers of models from elsewhere, loaded when a model needs them (h5wasm: 1 MB)",
    path: built(/^assets\/(read-keras|graph-network|network|topology)-[^/]+\.js$/, "reader"),
    gzip: true,
    limit: "1.5 MB",
  },
  { name: "Everything kept for use without a network", path: precached(), gzip: true, limit: "8.2 MB" },
];
