import { expect } from "chai";
import fc from "fast-check";
import { aspects, type PixelFormat, resamplings } from "../../../src/domain/image/pixel-format.ts";
import { type Pixels, type PixelRows, resize, resizeToBytes } from "../../../src/domain/image/resize.ts";

const side = fc.integer({ min: 1, max: 24 });
const format: fc.Arbitrary<PixelFormat> = fc.record({
  width: side,
  height: side,
  resampling: fc.constantFrom(...resamplings),
  aspect: fc.constantFrom(...aspects),
});

/** Pictures of three channels. */
const picture: fc.Arbitrary<Pixels> = fc
  .record({ width: side, height: side })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((data) => ({ width, height, channels: 3 as const, data })),
  );

function withFourthChannel({ width, height, data }: Pixels, fourth: number): Pixels {
  const wide = new Uint8ClampedArray(width * height * 4).fill(fourth);
  for (let i = 0; i < width * height; i++) wide.set(data.subarray(i * 3, i * 3 + 3), i * 4);
  return { width, height, channels: 4, data: wide };
}

describe("resize", () => {
  it("is the identity where nothing changes", () => {
    fc.assert(
      fc.property(
        picture,
        fc.constantFrom(...resamplings),
        fc.constantFrom(...aspects),
        (source, resampling, aspect) => {
          const same = { width: source.width, height: source.height, resampling, aspect };
          // In float32 a side of 1 to 24 divided by itself is 1, so padding leaves nothing over.
          expect([...resize(source, same)]).to.deep.equal([...source.data]);
        },
      ),
    );
  });

  it("keeps within the values of the source, or black outside of it", () => {
    fc.assert(
      fc.property(picture, format, (source, to) => {
        const least = to.aspect === "pad" ? 0 : Math.min(...source.data);
        const most = Math.max(...source.data);
        for (const value of resize(source, to)) expect(value).to.be.within(least - 1e-4, most + 1e-4);
      }),
    );
  });

  it("does not look at a fourth channel", () => {
    fc.assert(
      fc.property(picture, format, fc.integer({ min: 0, max: 255 }), (source, to, fourth) => {
        expect(resize(withFourthChannel(source, fourth), to)).to.deep.equal(resize(source, to));
      }),
    );
  });

  it("treats the channels alike", () => {
    fc.assert(
      fc.property(picture, format, (source, to) => {
        const rotated = source.data.map((_, i) => source.data[i - (i % 3) + ((i + 1) % 3)]!);
        const expected = resize(source, to).map((_, i, all) => all[i - (i % 3) + ((i + 1) % 3)]!);
        expect(resize({ ...source, data: rotated }, to)).to.deep.equal(expected);
      }),
    );
  });

  it("rounds to the nearest byte", () => {
    fc.assert(
      fc.property(picture, format, (source, to) => {
        const exact = resize(source, to);
        resizeToBytes(source, to).forEach((byte, i) => expect(byte).to.be.closeTo(exact[i]!, 0.50001));
      }),
    );
    const pair: Pixels = { width: 2, height: 1, channels: 3, data: Uint8Array.of(0, 1, 2, 1, 2, 3) };
    const one = { width: 1, height: 1, resampling: "bilinear", aspect: "stretch" } as const;
    expect([...resize(pair, one)]).to.deep.equal([0.5, 1.5, 2.5]);
    // Half to even.
    expect([...resizeToBytes(pair, one)]).to.deep.equal([0, 2, 2]);
  });

  it("preserves the mean by area", () => {
    fc.assert(
      fc.property(picture, side, side, (source, width, height) => {
        const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
        const shrunk = resize(source, { width, height, resampling: "area", aspect: "stretch" });
        expect(mean(shrunk)).to.be.closeTo(mean(source.data), 1e-3);
      }),
    );
  });

  it("asks for each row at most once, from top to bottom", () => {
    fc.assert(
      fc.property(picture, format, (source, to) => {
        const asked: number[] = [];
        const rows: PixelRows = {
          width: source.width,
          height: source.height,
          channels: 3,
          row(y) {
            asked.push(y);
            return { data: source.data, offset: y * source.width * 3 };
          },
        };
        expect(resizeToBytes(rows, to)).to.deep.equal(resizeToBytes(source, to));
        expect(asked).to.deep.equal([...new Set(asked)].sort((a, b) => a - b));
      }),
    );
  });

  it("frames in black", () => {
    const white: Pixels = { width: 4, height: 2, channels: 3, data: new Uint8Array(24).fill(255) };
    const framed = resizeToBytes(white, { width: 4, height: 4, resampling: "bilinear", aspect: "pad" });
    const rows = [0, 1, 2, 3].map((y) => [...new Set(framed.subarray(y * 12, y * 12 + 12))]);
    expect(rows).to.deep.equal([[0], [255], [255], [0]]);
  });
});
