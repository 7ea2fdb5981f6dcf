import { defineConfig, type Plugin, type UserConfig } from "vite";
import { contentSecurityPolicyForMeta, headersFile } from "./scripts/lib/headers.mjs";

/** libheif-js asks for these where it runs in Node: here they are empty, without a warning at each build. */
function withoutNode(): Plugin {
  const modules = new Set(["fs", "path", "crypto"]);
  const empty = "\0empty-node-module";
  return {
    name: "tamis-without-node",
    enforce: "pre",
    resolveId: (id, importer) => (modules.has(id) && importer?.includes("libheif-js") ? empty : null),
    load: (id) => (id === empty ? "export default {};" : null),
  };
}

/** What the app's build and the tests' build share, so that a test runs the code that the app runs. */
const shared: UserConfig = {
  // Relative addresses: the build runs from any folder of any host.
  base: "./",
  worker: { format: "es", plugins: () => [withoutNode()] },
  plugins: [withoutNode()],
  // What tsconfig.base.json says (experimentalDecorators, useDefineForClassFields: false), said again: the bundler finds a tsconfig only for
  // some of the files. A defined class field would hide the accessor that a Lit decorator made.
  oxc: {
    decorator: { legacy: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  build: {
    target: "es2022",
    // A data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    sourcemap: true,
    // It tells how long Vite's own plugins took, at every build.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
};

/** Gives built pages the Content-Security-Policy, and hosts that read one a `_headers` file. */
function servedSecurely(): Plugin {
  return {
    name: "tamis-served-securely",
    transformIndexHtml() {
      const attrs = { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicyForMeta };
      return [{ tag: "meta", attrs, injectTo: "head-prepend" }];
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "_headers", source: headersFile() });
    },
  };
}

/** `<tamis-classify>` for other web pages: a folder that holds all it needs, and whose entry keeps its name and exports. */
const embedded: UserConfig = {
  ...shared,
  publicDir: false,
  build: {
    ...shared.build,
    modulePreload: false,
    rolldownOptions: {
      ...shared.build?.rolldownOptions,
      input: { "tamis-classify": "src/embed/index.ts" },
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js" },
    },
  },
};

export default defineConfig(({ mode }) => {
  if (mode === "test") return shared;
  if (mode === "embed") return embedded;
  return {
    ...shared,
    plugins: [...(shared.plugins ?? []), servedSecurely()],
    build: {
      ...shared.build,
      rolldownOptions: { ...shared.build?.rolldownOptions, input: { index: "index.html", headless: "headless.html" } },
    },
  };
});
