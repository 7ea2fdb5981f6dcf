/**
 * Unmodified tfjs, from its own bundles, on one of its backends: a worker of the page that `bench --stock` opens.
 *
 * Receives { bundles, backend, threads, topology, task, size, batch, warmup, steps }, answers { milliseconds, threads } or { problem }.
 */
/* global importScripts, navigator, self, tf */

/** As many threads as were asked for: tfjs takes half of the cores that it sees. */
function showCores(threads) {
  Object.defineProperty(navigator, "hardwareConcurrency", { configurable: true, get: () => 2 * threads });
}

/** [images, size, size, 3], 0 to 255 */
function pictures(images, size) {
  return Float32Array.from({ length: images * size * size * 3 }, () => Math.floor(Math.random() * 256));
}

async function stepOf({ topology, task, size, batch }) {
  const model = await tf.models.modelFromJSON(topology);
  const pixels = pictures(batch, size);
  const shape = [batch, size, size, 3];
  if (task === "infer") {
    return async () => {
      const x = tf.tensor4d(pixels, shape);
      const y = tf.tidy(() => model.predict(x, { batchSize: batch }));
      await y.data();
      tf.dispose([x, y]);
    };
  }
  const isBinary = model.outputShape.at(-1) === 1;
  const loss = isBinary ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
  model.compile({ optimizer: "adam", loss });
  const targets = Float32Array.from({ length: batch }, (_, i) => i % 2);
  return async () => {
    const [x, y] = [tf.tensor4d(pixels, shape), tf.tensor2d(targets, [batch, 1])];
    await model.trainOnBatch(x, y);
    tf.dispose([x, y]);
  };
}

async function measure(request) {
  const { bundles, backend, threads, warmup, steps } = request;
  showCores(threads);
  importScripts(...bundles);
  if (backend === "wasm") {
    tf.wasm.setWasmPaths("/wasm/");
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", threads > 1);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs does not start on ${backend}`);
  const step = await stepOf(request);
  const milliseconds = [];
  for (let i = 0; i < warmup + steps; i++) {
    const begin = performance.now();
    await step();
    if (i >= warmup) milliseconds.push(performance.now() - begin);
  }
  const used = backend === "wasm" ? (threads > 1 ? tf.wasm.getThreadsCount() : 1) : 0;
  return { milliseconds, threads: used };
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage(await measure(data));
  } catch (error) {
    self.postMessage({ problem: error instanceof Error ? error.message : String(error) });
  }
};
