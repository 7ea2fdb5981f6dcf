/** Draws an SVG that stands by itself on white, as a PNG `scale` times as large as its own size in pixels. */
export async function pngOf(svg: string, scale = 2): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser gives no canvas to draw on.");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((fulfil, reject) => {
      canvas.toBlob((blob) => {
        if (blob) fulfil(blob);
        else reject(new Error("The picture could not be written."));
      }, "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
