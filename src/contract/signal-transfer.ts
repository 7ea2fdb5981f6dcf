/**
 * How an AbortSignal and an event callback cross the boundary as top-level arguments of a Comlink call.
 *
 * Each travels as one end of a MessageChannel of its own. The caller's end stays with the caller, so that both ends are let go as soon as the
 * call is over (`withTransferables`): Comlink's own proxies wait for the garbage collector, and answer every single event.
 */
import { type TransferHandler, transferHandlers } from "comlink";

/** Lets go of the ports of what was sent, after the events still on their way where `flush` says so. */
type Release = (flush: boolean) => Promise<void>;
const releases = new WeakMap<object, Set<Release>>();

type EventCallback = (event: unknown) => void;
type SignalWire = { readonly aborted: true } | { readonly aborted: false; readonly port: MessagePort };

/** Both directions of a callback's channel; plain text, so that no event can be mistaken for one of them. */
const flushRequest = "flush";
const flushReply = "flushed";

const signalHandler: TransferHandler<AbortSignal, SignalWire> = {
  canHandle: (value): value is AbortSignal => value instanceof AbortSignal,
  serialize(signal) {
    if (signal.aborted) return [{ aborted: true }, []];
    const { port1, port2 } = new MessageChannel();
    const abort = (): void => port1.postMessage("abort");
    signal.addEventListener("abort", abort, { once: true });
    remember(signal, () => {
      signal.removeEventListener("abort", abort);
      port1.postMessage("release");
      port1.close();
      return Promise.resolve();
    });
    return [{ aborted: false, port: port2 }, [port2]];
  },
  deserialize(wire) {
    if (wire.aborted) return AbortSignal.abort();
    const controller = new AbortController();
    wire.port.onmessage = (message: MessageEvent<"abort" | "release">) => {
      if (message.data === "abort") controller.abort();
      else wire.port.close();
    };
    return controller.signal;
  },
};

const callbackHandler: TransferHandler<EventCallback, MessagePort> = {
  canHandle: (value): value is EventCallback => typeof value === "function",
  serialize(callback) {
    const { port1, port2 } = new MessageChannel();
    let flushed = (): void => undefined;
    port1.onmessage = (message: MessageEvent<{ readonly event: unknown } | typeof flushReply>) => {
      if (message.data === flushReply) flushed();
      else callback(message.data.event);
    };
    remember(callback, async (flush) => {
      if (flush) {
        await new Promise<void>((resolve) => {
          flushed = resolve;
          port1.postMessage(flushRequest);
        });
      }
      port1.close();
    });
    return [port2, [port2]];
  },
  deserialize(port) {
    port.onmessage = () => {
      port.postMessage(flushReply);
      port.close();
    };
    return (event) => port.postMessage({ event });
  },
};

function remember(sent: object, release: Release): void {
  const known = releases.get(sent);
  if (known) known.add(release);
  else releases.set(sent, new Set([release]));
}

async function release(sent: object, flush: boolean): Promise<void> {
  const known = releases.get(sent);
  releases.delete(sent);
  await Promise.all([...(known ?? [])].map((letGo) => letGo(flush)));
}

/**
 * Teaches Comlink to carry signals and callbacks. To be called once on both sides of a boundary, before `expose` and `wrap`; calling it again
 * changes nothing. Callbacks marked by `Comlink.proxy` keep going Comlink's way.
 */
export function installTransferHandlers(): void {
  transferHandlers.set("signal", signalHandler);
  transferHandlers.set("callback", callbackHandler);
}

/**
 * Makes one long call: `call` gets a callback and a signal to pass on as top-level arguments. When its promise resolves, every event sent
 * before is delivered first; when it resolves or rejects, the ports and listeners of both are released. `onEvent` and `signal` themselves may
 * be used for any number of calls, also at the same time.
 */
export async function withTransferables<E, T>(
  onEvent: (event: E) => void,
  signal: AbortSignal,
  call: (onEvent: (event: E) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  const forward = (event: E): void => onEvent(event);
  const end = async (flush: boolean): Promise<void> => {
    signal.removeEventListener("abort", abort);
    await Promise.all([release(controller.signal, flush), release(forward, flush)]);
  };
  try {
    const value = await call(forward, controller.signal);
    await end(true);
    return value;
  } catch (error) {
    // The other side may be gone: nobody would answer.
    await end(false);
    throw error;
  }
}
