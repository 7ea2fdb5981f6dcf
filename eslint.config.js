import js from "@eslint/js";
import { configs as lit } from "eslint-plugin-lit";
import litA11y from "eslint-plugin-lit-a11y";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** dependency-cruiser does not see `new URL("…worker")`, so this keeps the making of workers in the one place that watches them. */
const workersStartInRuntime = {
  selector: "NewExpression[callee.name=/^(Worker|SharedWorker)$/]",
  message: "Workers are started in src/runtime only, which restarts them and fails what waits on a dead one.",
};

const plainEnums = [
  { selector: "TSEnumDeclaration", message: "Use an `as const` object." },
  { selector: "TSModuleDeclaration[kind='namespace']", message: "Use a module." },
];

/** So that the first screen never loads tfjs, and no bundle holds backends that it does not use. */
const noTfjs = {
  patterns: [{ group: ["@tensorflow/*"], message: "tfjs is imported in workers/ only." }],
};
/** It writes a style attribute, which the Content-Security-Policy forbids. */
const noStyleAttribute = { name: "lit/directives/style-map.js", message: "Use src/ui/elements/base/style-map.ts." };
const noWholeTfjs = {
  paths: [
    { name: "@tensorflow/tfjs", message: "Import tfjs-core, tfjs-layers and the backends: the union is larger." },
  ],
};

export default defineConfig(
  globalIgnores([
    "dist/",
    "dist-test/",
    ".cache/",
    "test-results/",
    "playwright-report/",
    "workers/kernels/build/",
    // AssemblyScript only looks like TypeScript.
    "workers/kernels/assembly/",
    "src/app/locales/generated/",
    "test/fixtures/",
  ]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "off",
      "object-shorthand": "error",
      "prefer-const": "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        // One program a runtime: the domain is checked without DOM types, workers without window.
        project: ["./tsconfig.page.json", "./tsconfig.workers.json", "./tsconfig.sw.json", "./tsconfig.test.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Numbers in text are what most messages are made of.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // Listeners and callbacks are often one expression.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-invalid-void-type": ["error", { allowInGenericTypeArguments: true }],
      // Loops over typed arrays count; an index is what they need.
      "@typescript-eslint/prefer-for-of": "off",
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      // Counted loops over typed arrays know that their index is inside; a test of each element would cost what the loop is for.
      "@typescript-eslint/no-non-null-assertion": "off",
      // A structural copy of a class is what mocks and tfjs' layers are.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // Types of libraries (tfjs, the DOM) promise more than their values hold; looking twice is no mistake.
      "@typescript-eslint/no-unnecessary-condition": "off",
    },
  },
  {
    files: ["**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...plainEnums] },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/runtime/**"],
    rules: { "no-restricted-syntax": ["error", workersStartInRuntime, ...plainEnums] },
  },
  {
    files: ["src/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { ...noTfjs, paths: [noStyleAttribute] }] },
  },
  {
    files: ["workers/**/*.ts", "test/**/*.ts"],
    // There it plays whoever opens an exported model.
    ignores: [
      "test/browser/engine/plain-tfjs.test.ts",
      "test/browser/engine/tiny-backbone.ts",
      "test/browser/engine/explanation.test.ts",
      "test/browser/engine/fold.test.ts",
      "test/browser/engine/formats/**",
      "test/browser/engine/lesson.test.ts",
    ],
    rules: { "no-restricted-imports": ["error", noWholeTfjs] },
  },
  {
    files: ["src/ui/**/*.ts", "src/app/**/*.ts"],
    extends: [lit["flat/recommended"], litA11y.configs.recommended],
    rules: {
      // Safari takes the role of a list away with its markers; role="list" gives it back.
      "lit-a11y/no-redundant-role": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // chai's assertions are expressions.
      "@typescript-eslint/no-unused-expressions": "off",
      // Tests take methods apart to put them back.
      "@typescript-eslint/unbound-method": "off",
      "max-lines": "off",
    },
  },
  {
    files: ["test/browser/ui/fakes/**"],
    // Services are asynchronous; their fakes have nothing to wait for.
    rules: { "@typescript-eslint/require-await": "off" },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    languageOptions: {
      globals: Object.fromEntries(
        // `window` and `document` are those of the pages that scripts drive.
        ["process", "console", "Buffer", "URL", "performance", "setTimeout", "clearTimeout", "window", "document"].map(
          (name) => [name, "readonly"],
        ),
      ),
    },
  },
);
