/** A model from elsewhere whose files say neither what it takes nor which output is the photo: tried on known images, answered, and used. */
import { expect, test } from "./support/app.ts";
import { picture } from "./support/images.ts";
import { choose, classify, untilModel, visit, withoutDirectoryPicker } from "./support/screens.ts";

/** Says how bright a picture is, as a tfjs LayersModel of two layers: “Class 1” for bright ones, of pixels from −1 to 1. */
function brightness(): { name: string; mimeType: string; buffer: Buffer }[] {
  const steepness = 10;
  const weights = Buffer.from(Float32Array.of(steepness, steepness, steepness, -3 * steepness * 0.4).buffer);
  const layer = (className: string, config: object) => ({ class_name: className, config });
  const layers = [
    layer("GlobalAveragePooling2D", { name: "mean", batch_input_shape: [null, 32, 32, 3], dtype: "float32" }),
    layer("Dense", { name: "bright", units: 1, activation: "sigmoid", use_bias: true, dtype: "float32" }),
  ];
  const specs = [
    { name: "bright/kernel", shape: [3, 1], dtype: "float32" },
    { name: "bright/bias", shape: [1], dtype: "float32" },
  ];
  const topology = {
    class_name: "Sequential",
    config: { name: "brightness", layers },
    keras_version: "tfjs-layers 4.22.0",
    backend: "tensor_flow.js",
  };
  const json = {
    format: "layers-model",
    generatedBy: "TensorFlow.js tfjs-layers v4.22.0",
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [{ paths: ["brightness.weights.bin"], weights: specs }],
  };
  return [
    { name: "brightness.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(json)) },
    { name: "brightness.weights.bin", mimeType: "application/octet-stream", buffer: weights },
  ];
}

function images(className: string, count: number) {
  return Array.from({ length: count }, (_, seed) => ({
    name: `${className}-${seed}.png`,
    mimeType: "image/png",
    buffer: picture(className, 300 + seed),
  }));
}

test("known images tell what an imported model's files do not", async ({ page, site, watched }) => {
  await withoutDirectoryPicker(page);
  await page.goto(site.url);
  await untilModel(page);
  await visit(page, "Models");
  await choose(page, () => page.getByRole("button", { name: "Import a model" }).click(), brightness());
  const card = page.getByRole("article", { name: /brightness/ });
  await expect(card.getByRole("heading", { name: "To be answered before it classifies" })).toBeVisible();
  await expect(card.getByRole("button", { name: "Use", exact: true })).toHaveCount(0);

  await choose(page, () => card.getByRole("button", { name: "Choose photos" }).click(), images("Photo", 5));
  await expect(card.getByText("Choose images of both kinds")).toBeVisible();
  await choose(page, () => card.getByRole("button", { name: "Choose other images" }).click(), images("Text", 5));
  await expect(
    card.getByText("With pixels from −1 to 1 and “Class 0” as the photo, 10 of 10 would be right."),
  ).toBeVisible();
  await card.getByRole("button", { name: "Take these answers" }).click();
  await expect(card.getByText(/10 of 10 images are right/)).toBeVisible();
  await card.getByRole("button", { name: "Save the answers" }).click();
  await card.getByRole("button", { name: "Use", exact: true }).click();
  await expect(card.getByText("In use")).toBeVisible();

  await visit(page, "Classify");
  await classify(page, [...images("Photo", 2), ...images("Text", 3)], 5);
  await expect(page.getByRole("button", { name: "Photo 2", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Not a photo 3", exact: true })).toBeVisible();
  expect(watched.errors).toEqual([]);
});
