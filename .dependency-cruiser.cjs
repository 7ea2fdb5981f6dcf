/** The layers of docs/architecture.md, held. `from` may reach what `to` names, its own folder, and nothing else in the project. */
const layers = {
  domain: { may: [], packages: [] },
  contract: { may: ["src/domain"], packages: ["comlink"] },
  storage: { may: ["src/domain"], packages: ["idb"] },
  runtime: { may: ["src/domain", "src/contract"], packages: ["comlink"] },
  embed: { may: ["src/domain", "src/contract", "src/runtime"], packages: ["lit", "lit-html", "lit-element"] },
  ui: {
    may: ["src/domain", "src/contract"],
    packages: ["lit", "lit-html", "lit-element", "@lit/[^/]+", "@observablehq/plot"],
  },
};

/** Paths as dependency-cruiser sees packages. */
function packagePattern(names) {
  // Types alone are no package that runs.
  return ["@types/[^/]+", ...names].map((name) => `^node_modules/${name}(/|$)`);
}

function layerRules() {
  return Object.entries(layers).flatMap(([layer, { may, packages }]) => [
    {
      name: `${layer}-imports-layers`,
      comment: `src/${layer} may import from ${[`src/${layer}`, ...may].join(", ")} alone.`,
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: { path: "^(src|workers|scripts|test)/", pathNot: [`src/${layer}`, ...may].map((path) => `^${path}/`) },
    },
    {
      name: `${layer}-imports-packages`,
      comment: `src/${layer} may use ${packages.join(", ") || "no package"}.`,
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: {
        dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "core"],
        pathNot: packagePattern(packages),
      },
    },
  ]);
}

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Modules that need each other cannot be read, tested or loaded apart.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "Nothing imports it and it is no entry: use it or delete it.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          "\\.d\\.ts$",
          "\\.(json|css|html)$",
          "^workers/kernels/(assembly|build)/",
          "^workers/[^/]+/entry\\.ts$",
          "^src/embed/example/",
        ],
      },
      to: {},
    },
    ...layerRules(),
    {
      name: "ui-knows-contract-types-only",
      comment:
        "Screens reach services through contexts; of the boundary they know the types, and how to say that something failed.",
      severity: "error",
      from: { path: "^src/ui/" },
      to: { path: "^src/contract/", dependencyTypesNot: ["type-only"], pathNot: ["^src/contract/outcome\\.ts$"] },
    },
    {
      name: "workers-import-layers",
      comment: "Workers may import from src/domain, src/contract and src/storage.",
      severity: "error",
      from: { path: "^workers/" },
      to: { path: "^(src|scripts|test)/", pathNot: ["^src/(domain|contract|storage)/"] },
    },
    {
      name: "nothing-imports-workers",
      comment: "Types included: they live in src/contract. Workers are reached by URL.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^workers/" },
    },
    {
      name: "tfjs-in-workers",
      comment: "So that the first screen never loads it.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^node_modules/@tensorflow/" },
    },
    {
      name: "service-worker-alone",
      comment: "The service worker outlives the app's version: it shares no code with it.",
      severity: "error",
      from: { path: "^src/sw/" },
      to: { path: "^(src|workers|scripts|test)/", pathNot: ["^src/sw/"] },
    },
    {
      name: "nothing-imports-service-worker",
      comment: "Pages register it by its address.",
      severity: "error",
      from: { path: "^(src|workers)/", pathNot: ["^src/sw/"] },
      to: { path: "^src/sw/" },
    },
    {
      name: "no-tests-in-the-app",
      severity: "error",
      from: { path: "^(src|workers)/" },
      to: { path: "^(test|scripts)/" },
    },
    {
      name: "not-to-dev-dependencies",
      comment: "What the app imports belongs to dependencies.",
      severity: "error",
      from: { path: "^(src|workers)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: ["^node_modules/@types/"] },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: ["\\?"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^workers/kernels/(assembly|build)/"] },
    // Without it `import type` goes unseen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.page.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};
