/** The engine worker on a GPU that is taken away when a message says so; the next device it gets stays. */
import "../../../workers/engine/entry.ts";

const { prototype } = GPUAdapter;
// The device that was given last, and how to tell that it is lost.
let lose: (() => void) | undefined;
const requestDevice = Object.getOwnPropertyDescriptor(prototype, "requestDevice")!.value as GPUAdapter["requestDevice"];
prototype.requestDevice = async function (this: GPUAdapter, descriptor?: GPUDeviceDescriptor) {
  const device = await requestDevice.call(this, descriptor);
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => {
    lose = () => {
      device.destroy();
      resolve({ reason: "unknown", message: "unplugged" } as GPUDeviceLostInfo);
    };
  });
  Object.defineProperty(device, "lost", { value: lost });
  return device;
};

self.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  if (data === "lose the GPU") lose?.();
});
