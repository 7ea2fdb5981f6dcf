/**
 * Unmodified tfjs beside Tamis, for `npm run bench -- … --stock`: its own bundles in a page of their own, without our Content-Security-Policy (which
 * keeps its threads from starting), with the headers that threads need.
 */
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { extname, join, normalize } from "node:path";
import { projectRoot } from "./project.mjs";

const packages = join(projectRoot, "node_modules/@tensorflow");
const folders = {
  tfjs: join(packages, "tfjs/dist"),
  wasm: join(packages, "tfjs-backend-wasm/dist"),
  webgpu: join(packages, "tfjs-backend-webgpu/dist"),
  stock: join(projectRoot, "scripts/stock"),
};
const bundles = {
  wasm: ["/tfjs/tf.min.js", "/wasm/tf-backend-wasm.min.js"],
  webgpu: ["/tfjs/tf.min.js", "/webgpu/tf-backend-webgpu.min.js"],
};
const types = { ".js": "text/javascript", ".wasm": "application/wasm" };
const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** A page without content at `/`, and below it the bundles and the worker. */
async function serveStock() {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const [, folder, ...rest] = path.split("/");
    if (folder === "") {
      response.writeHead(200, { ...headers, "Content-Type": "text/html" }).end("<!doctype html><title>tfjs</title>");
      return;
    }
    const file = folders[folder] && join(folders[folder], ...rest);
    if (!file || !existsSync(file)) {
      response.writeHead(404, headers).end();
      return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { ...headers, "Content-Type": type });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures stock tfjs on the same network, at its best threading.
 *
 * @param {import("@playwright/test").BrowserContext} context a browser that is open already
 * @param {import("@playwright/test").Page} own Tamis' page, which is left first: what it holds is free again
 * @param {{ topology: unknown, task: "train-step" | "infer", backend: "wasm" | "webgpu", size: number, batch: number, warmup: number, steps: number }} request
 * @returns {Promise<{ milliseconds: number, threads: number, tried: object } | { problem: string }>} the faster of one thread and one a core
 */
export async function measureStock(context, own, request) {
  const server = await serveStock();
  const page = await context.newPage();
  await own.goto("about:blank");
  try {
    page.setDefaultTimeout(0);
    await page.goto(server.url);
    const threadings = request.backend === "wasm" ? [...new Set([1, availableParallelism()])] : [1];
    const results = [];
    for (const threads of threadings) {
      results.push(
        await page.evaluate(
          (data) =>
            new Promise((resolve) => {
              const worker = new window.Worker("/stock/worker.js");
              const end = (result) => {
                worker.terminate();
                resolve(result);
              };
              worker.onmessage = (event) => end(event.data);
              worker.onerror = (event) => end({ problem: event.message });
              worker.postMessage(data);
            }),
          { ...request, threads, bundles: bundles[request.backend] },
        ),
      );
    }
    const measured = results
      .filter((result) => result.milliseconds)
      .map((result) => ({ milliseconds: median(result.milliseconds), threads: result.threads }))
      .sort((a, b) => a.milliseconds - b.milliseconds);
    return measured[0] ? { ...measured[0], tried: measured } : { problem: results[0].problem };
  } finally {
    await page.close();
    server.close();
  }
}
