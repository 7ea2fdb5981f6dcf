import { wrap } from "comlink";
import type { DecodeService } from "../../../src/contract/decode.ts";
import type { BackendRequest, EngineService } from "../../../src/contract/engine.ts";
import { failed, type Outcome, succeeded } from "../../../src/contract/outcome.ts";
import { exposeService } from "../../../src/contract/worker-endpoint.ts";

/** Requests that this worker was started with. */
const requests: BackendRequest[] = [];
const decoders = new Map<number, DecodeService>();

const unused = (): Promise<Outcome<never>> => Promise.resolve(failed("unexpected", "Not used by any test."));

/** Decodes on every slot in turn, a file's content telling what happens; tells by the thumbnail's type on which worker. */
const service: EngineService = {
  start(request) {
    requests.push(request);
    if (request.choice === "webgpu") return Promise.resolve(failed("backend-unavailable", "No GPU."));
    return Promise.resolve(
      succeeded({
        name: "wasm",
        threads: request.threads ?? 2,
        simd: "simd",
        isSoftware: false,
        reason: JSON.stringify(requests),
        stepMilliseconds: null,
      }),
    );
  },
  connectDecoder(slot, port) {
    decoders.set(slot, wrap(port) as unknown as DecodeService);
    return Promise.resolve();
  },
  connectMeasurement: () => Promise.resolve(),
  estimate: unused,
  train: unused,
  pause: () => Promise.resolve(),
  outputs(_request, _onEvent, _signal) {
    return Promise.resolve(succeeded({ outputs: new Float32Array(0), millisecondsPerImage: null }));
  },
  predict(_request, _onEvent, _signal) {
    // The next call finds another worker.
    globalThis.close();
    return new Promise(() => undefined);
  },
  async classify({ items }, onEvent) {
    const waiting = items.map(async ({ id, file }, index) => {
      for (;;) {
        const decoder = decoders.get(index % decoders.size)!;
        const pixels = { width: 1, height: 1, resampling: "area", aspect: "stretch" } as const;
        const answer = await Promise.race([
          decoder.decode({ file, pixels, thumbnailSize: 0 }),
          new Promise<null>((resolve) => setTimeout(resolve, 200, null)),
        ]);
        // Nobody answers on the port of a worker that is dead: the slot's next port may.
        if (answer && !answer.ok) {
          onEvent({ type: "unreadable", id, reason: answer.reason, detail: answer.detail });
          return;
        }
        if ((await file.text()) === "killer") return;
      }
    });
    await Promise.all(waiting);
    return succeeded({ pages: 0, unreadable: items.length, seconds: 0 });
  },
  explain: unused,
  tryModel: unused,
  exportModel: unused,
  importModel: unused,
  importBackbone: unused,
  memory: () => Promise.resolve({ tensors: requests.length, tensorBytes: 0, heapBytes: 0 }),
};

exposeService(service);
