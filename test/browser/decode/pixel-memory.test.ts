import { expect } from "chai";
import * as fc from "fast-check";
import { aspects, resamplings } from "../../../src/domain/image/pixel-format.ts";
import { resizeToBytes } from "../../../src/domain/image/resize.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { heldPicture } from "../../../workers/decode/pixel-memory.ts";

/** Opaque noise. */
function noise(width: number, height: number, seed: number): ImageData {
  const random = new SeededRandom(seed);
  const image = new ImageData(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : random.int(256);
  return image;
}

describe("pictures in memory", () => {
  const side = fc.integer({ min: 1, max: 40 });

  it("are resized to the very bytes that the reference code gives", async () => {
    const format = fc.record({
      width: side,
      height: side,
      resampling: fc.constantFrom(...resamplings),
      aspect: fc.constantFrom(...aspects),
    });
    await fc.assert(
      fc.asyncProperty(side, side, format, fc.nat(), async (width, height, pixels, seed) => {
        const image = noise(width, height, seed);
        const held = (await heldPicture(await createImageBitmap(image), true))!;
        try {
          expect([held.width, held.height]).to.deep.equal([width, height]);
          const expected = resizeToBytes({ width, height, channels: 4, data: image.data }, pixels);
          expect(held.resized(pixels)).to.deep.equal(expected);
        } finally {
          held.close();
        }
      }),
      { numRuns: 150 },
    );
  });

  it("wait for each other", async () => {
    const first = (await heldPicture(await createImageBitmap(noise(2, 2, 1)), true))!;
    const order: string[] = [];
    const second = createImageBitmap(noise(3, 3, 2)).then(async (bitmap) => {
      const held = await heldPicture(bitmap, true);
      order.push("second");
      held!.close();
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push("first closes");
    first.close();
    await second;
    expect(order).to.deep.equal(["first closes", "second"]);
  });

  it("are not held where they are large or may be seen through", async () => {
    expect(await heldPicture(await createImageBitmap(new ImageData(2_100, 2_000)), true)).to.equal(null);
    expect(await heldPicture(await createImageBitmap(new ImageData(2, 2)), false)).to.equal(null);
  });
});
