import { expect } from "chai";
import { Augmenter, drawAugmentation } from "../../../src/domain/augment/augment.ts";
import { Blurrer } from "../../../src/domain/augment/blur.ts";
import { changeColour } from "../../../src/domain/augment/colour.ts";
import { JpegArtefacts } from "../../../src/domain/augment/jpeg.ts";
import { Resampler } from "../../../src/domain/augment/resample.ts";
import { randomCrop, viewRectangle } from "../../../src/domain/augment/views.ts";
import { cropsAndScanEffects } from "../../../src/domain/experiment/presets.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

const augmentation = cropsAndScanEffects;
const sizes = { width: 48, height: 48, trueWidth: 300, trueHeight: 200 };

/** Red grows to the right, green downwards, blue is noise. */
function gradientPicture(side: number) {
  const random = new SeededRandom(3);
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      data.set([(255 * x) / (side - 1), (255 * y) / (side - 1), random.int(256)], (y * side + x) * 3);
    }
  }
  return { data, width: side, height: side };
}

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe("resampling", () => {
  const resampler = new Resampler();
  const picture = gradientPicture(48);
  const whole = { left: 0, top: 0, width: 48, height: 48 };

  it("is the identity at the same size, mirrored where asked", () => {
    const same = new Float32Array(48 * 48 * 3);
    resampler.resample(picture, whole, same, 0, 48, 48);
    expect(meanOf(same.map((value, i) => Math.abs(value - picture.data[i]!)))).to.be.below(1e-4);
    const mirrored = new Float32Array(48 * 48 * 3);
    resampler.resample(picture, whole, mirrored, 0, 48, 48, true);
    for (const x of [0, 7, 47]) expect(mirrored[x * 3]).to.be.closeTo(same[(47 - x) * 3]!, 1e-4);
  });

  it("keeps the mean when it shrinks, cuts what it is told to, and writes where it is told to", () => {
    const small = new Float32Array(1 + 9 * 9 * 3).fill(-1);
    resampler.resample(picture, whole, small, 1, 9, 9);
    expect(small[0]).to.equal(-1);
    expect(meanOf(small.subarray(1))).to.be.closeTo(meanOf(picture.data), 4);
    const right = new Float32Array(5 * 5 * 3);
    resampler.resample(picture, { left: 24, top: 0, width: 24, height: 48 }, right, 0, 5, 5);
    expect(right[0]).to.be.above(127);
    expect(right[1]).to.be.below(60);
  });

  it("stays within the range of the source at any size and place", () => {
    const random = new SeededRandom(4);
    for (let i = 0; i < 40; i++) {
      const size = 1 + random.int(90);
      const target = new Float32Array(size * size * 3);
      resampler.resample(picture, randomCrop(sizes, 0.01, 1, random), target, 0, size, size);
      expect(Math.min(...target)).to.be.at.least(0);
      expect(Math.max(...target)).to.be.at.most(255.001);
    }
  });
});

describe("views", () => {
  it("the central square is a square of the true picture", () => {
    expect(viewRectangle("whole", sizes)).to.deep.equal({ left: 0, top: 0, width: 48, height: 48 });
    const { left, top, width, height } = viewRectangle("central-square", sizes);
    expect([left, top, width, height].map((n) => Math.round(n * 1e6) / 1e6)).to.deep.equal([8, 0, 32, 48]);
    const tall = viewRectangle("central-square", { ...sizes, trueWidth: 100, trueHeight: 400 });
    expect(tall).to.deep.equal({ left: 0, top: 18, width: 48, height: 12 });
  });

  it("crops lie inside, keep the area asked for, and lie between the square and the picture's own aspect ratio", () => {
    const random = new SeededRandom(5);
    const areas: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const crop = randomCrop(sizes, 0.3, 0.29, random);
      expect(crop.left).to.be.at.least(0);
      expect(crop.top).to.be.at.least(0);
      expect(crop.left + crop.width).to.be.at.most(48.0001);
      expect(crop.top + crop.height).to.be.at.most(48.0001);
      const aspect = (crop.width * 300) / (crop.height * 200);
      expect(aspect).to.be.within(Math.exp(-0.2901), 1.5 * Math.exp(0.2901));
      areas.push((crop.width * crop.height) / 48 ** 2);
    }
    expect(Math.max(...areas)).to.be.above(0.9);
    expect(Math.min(...areas)).to.be.within(0.25, 0.35);
    expect(meanOf(areas)).to.be.within(0.5, 0.65);
  });
});

describe("JPEG artefacts", () => {
  const smooth = (size: number) => {
    const data = new Float32Array(size * size * 3);
    for (let i = 0; i < data.length; i++) data[i] = (Math.floor(i / 3) % size) + 60 + 10 * (i % 3);
    return data;
  };
  const error = (a: Float32Array, b: Float32Array) => meanOf(a.map((value, i) => Math.abs(value - b[i]!)));

  it("nearly nothing is lost at quality 100, more at lower ones", () => {
    const jpeg = new JpegArtefacts();
    const errors = [100, 90, 60, 30].map((quality) => {
      const data = smooth(40);
      jpeg.apply(data, 0, 40, quality);
      return error(data, smooth(40));
    });
    expect(errors[0]).to.be.below(0.6);
    for (let i = 1; i < 4; i++) expect(errors[i]).to.be.above(errors[i - 1]!);
    expect(errors[3]).to.be.below(8);
  });

  it("loses what a browser's encoder loses", async () => {
    const size = 64;
    const picture = gradientPicture(size);
    const image = new ImageData(size, size);
    const data = new Float32Array(size * size * 3);
    for (let i = 0; i < size * size; i++) {
      // A pattern with some detail, but not noise alone.
      const value = 128 + 60 * Math.sin(i / 5) + 0.2 * (picture.data[i * 3 + 2]! - 128);
      const pixel = [value, picture.data[i * 3 + 1]!, picture.data[i * 3]!].map(Math.round);
      data.set(pixel, i * 3);
      image.data.set([...pixel, 255], i * 4);
    }
    const canvas = new OffscreenCanvas(size, size);
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.putImageData(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.5 });
    const bitmap = await createImageBitmap(blob);
    context.drawImage(bitmap, 0, 0);
    const decoded = context.getImageData(0, 0, size, size).data;
    const browser = data.map((_, i) => decoded[Math.floor(i / 3) * 4 + (i % 3)]!);
    const original = data.slice();
    new JpegArtefacts().apply(data, 0, size, 50);
    expect(error(browser, original)).to.be.above(2);
    expect(error(data, browser)).to.be.below(0.35 * error(browser, original));
  });

  it("takes sizes that are no multiple of its blocks, and changes nothing beside its picture", () => {
    const data = new Float32Array(5 + 21 * 21 * 3 + 5).fill(77);
    new JpegArtefacts().apply(data, 5, 21, 40);
    expect(error(data, new Float32Array(data.length).fill(77))).to.be.below(2);
    expect([...data.subarray(0, 5), ...data.subarray(-5)]).to.deep.equal(Array(10).fill(77));
  });
});

describe("blur and colour", () => {
  it("a blur spreads a point and keeps the sum", () => {
    const data = new Float32Array(15 * 15 * 3);
    data[(7 * 15 + 7) * 3 + 1] = 100;
    new Blurrer().blur(data, 0, 15, 1);
    expect(meanOf(data) * data.length).to.be.closeTo(100, 1e-3);
    // The middle of a two-dimensional Gaussian: 100 / 2π.
    expect(data[(7 * 15 + 7) * 3 + 1]).to.be.closeTo(15.9, 0.5);
    expect(data[(7 * 15 + 8) * 3 + 1]).to.be.closeTo(data[(8 * 15 + 7) * 3 + 1]!, 1e-4);
    expect(data[(7 * 15 + 7) * 3]).to.equal(0);
  });

  it("no change leaves a picture, saturation 0 makes it grey, and everything is clipped", () => {
    const none = { contrast: 1, brightness: 0, saturation: 1, gains: [1, 1, 1] } as const;
    const pixel = () => Float32Array.of(200, 100, 50, 10, 20, 30);
    const same = pixel();
    changeColour(same, 0, 2, none);
    expect(meanOf(same.map((value, i) => Math.abs(value - pixel()[i]!)))).to.be.below(1e-4);
    const grey = pixel();
    changeColour(grey, 0, 2, { ...none, saturation: 0 });
    expect(grey[0]).to.be.closeTo(0.299 * 200 + 0.587 * 100 + 0.114 * 50, 1e-3);
    expect(grey[1]).to.be.closeTo(grey[0]!, 1e-4);
    const bright = pixel();
    changeColour(bright, 0, 2, { ...none, brightness: 1 });
    expect([...bright]).to.deep.equal(Array(6).fill(255));
    const flat = pixel();
    changeColour(flat, 0, 2, { ...none, contrast: 0 });
    expect(Math.max(...flat) - Math.min(...flat)).to.be.below(1e-3);
  });
});

describe("augmentation", () => {
  it("draws within its ranges, as often as it says", () => {
    const random = new SeededRandom(6);
    const drawn = Array.from({ length: 4000 }, () => drawAugmentation(augmentation, sizes, random));
    const share = (matches: (draw: (typeof drawn)[number]) => boolean) => drawn.filter(matches).length / drawn.length;
    expect(share(({ mirrored }) => mirrored)).to.be.closeTo(0.5, 0.03);
    expect(share(({ rescale }) => rescale !== null)).to.be.closeTo(0.3, 0.03);
    expect(share(({ blurSigma }) => blurSigma !== null)).to.be.closeTo(0.15, 0.03);
    expect(share(({ jpegQuality }) => jpegQuality !== null)).to.be.closeTo(0.5, 0.03);
    expect(share(({ saturation }) => saturation === 0)).to.be.closeTo(0.1, 0.02);
    for (const { rescale, blurSigma, jpegQuality, contrast, brightness, gains } of drawn) {
      expect(rescale ?? 0.5).to.be.within(0.45, 0.95);
      expect(blurSigma ?? 1).to.be.within(0.3, 1.2);
      expect(jpegQuality ?? 50).to.be.within(30, 95);
      expect(contrast).to.be.within(0.75, 1.25);
      expect(brightness).to.be.within(-0.15, 0.15);
      for (const gain of gains) expect(gain).to.be.within(0.925, 1.075);
    }
    const none = { ...augmentation, horizontalFlip: false, jpegProbability: 0, greyProbability: 0 };
    for (let i = 0; i < 100; i++) {
      expect(drawAugmentation(none, sizes, random)).to.include({ mirrored: false, jpegQuality: null });
    }
  });

  it("one seed gives one picture, within 0 to 255; the cached picture stays as it is", () => {
    const picture = gradientPicture(48);
    const before = picture.data.slice();
    const views = [1, 1, 2].map((seed) => {
      const random = new SeededRandom(seed);
      const augmenter = new Augmenter();
      const target = new Float32Array(30 * 28 * 28 * 3);
      for (let i = 0; i < 30; i++) {
        augmenter.apply(picture, drawAugmentation(augmentation, sizes, random), 28, target, i * 28 * 28 * 3);
      }
      return target;
    });
    expect(views[1]).to.deep.equal(views[0]);
    expect(views[2]).not.to.deep.equal(views[0]);
    for (const value of views[0]!) if (!(value >= 0 && value <= 255)) expect.fail(`${value} is no level`);
    expect(picture.data).to.deep.equal(before);
  });
});
