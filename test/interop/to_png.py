"""Writes images as PNG, so that no decoder's choices count: to_png.py LIST.json IMAGES OUT (LIST: paths below IMAGES)."""

import json
import pathlib
import sys

from PIL import Image, ImageOps

paths, images, out = (pathlib.Path(argument) for argument in sys.argv[1:4])
for number, path in enumerate(json.loads(paths.read_text())):
    with Image.open(images / path) as image:
        picture = ImageOps.exif_transpose(image).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    Image.alpha_composite(white, picture).convert("RGB").save(out / f"{number:03}.png")
