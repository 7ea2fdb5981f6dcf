/**
 * A Vite plugin: the threads of tfjs' WebAssembly backend start from files.
 *
 * tfjs makes its thread scripts at run time, as Blobs of strings; one of them is a function's `toString()`, which no longer stands alone
 * once a bundler has renamed what it refers to (`ReferenceError: e is not defined`, in minified builds only). And a Content-Security-Policy
 * would have to allow every script in a Blob. So the two scripts become assets of the build, as tfjs ships them.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const patchedModule = /@tensorflow[\\/]tfjs-backend-wasm[\\/]dist[\\/]backend_wasm\.js$/;

function replaceOnce(code, pattern, replacement) {
  const parts = code.split(pattern);
  if (parts.length !== 2)
    throw new Error(`tfjs-backend-wasm is not as expected: ${parts.length - 1} matches of ${pattern}.`);
  return parts.join(replacement);
}

export function tfjsThreadsFromFiles() {
  return {
    name: "tamis-tfjs-threads-from-files",
    apply: "build",
    transform: {
      filter: { id: patchedModule },
      handler(code, id) {
        const { wasmWorkerContents } = require(
          join(dirname(id), "../wasm-out/tfjs-backend-wasm-threaded-simd.worker.js"),
        );
        const worker = this.emitFile({
          type: "asset",
          name: "tfjs-thread.js",
          // As tfjs does before it makes its Blob: the line feeds in the script's strings were unescaped once too often.
          source: wasmWorkerContents.replace(/\n/g, "\\n"),
        });
        let patched = replaceOnce(
          code,
          /const response = wasmWorkerContents[\s\S]*?return URL\.createObjectURL\(blob\);/,
          `return import.meta.ROLLUP_FILE_URL_${worker};`,
        );
        patched = replaceOnce(
          patched,
          /new Blob\(\[`var WasmBackendModuleThreadedSimd[\s\S]*?'text\/javascript' \}\)/,
          "tamisThreadModuleUrl",
        );
        return {
          code: `import tamisThreadModuleUrl from "../wasm-out/tfjs-backend-wasm-threaded-simd.js?url";\n${patched}`,
          map: null,
        };
      },
    },
  };
}
