"""What real Keras and onnxruntime say of images: predict.py JOB MODEL.keras IMAGES OUT

JOB is what `convert --to cluster` wrote of the same model, and on Python's path: its network as ONNX, and how pictures
become the network's input. IMAGES is a folder of PNG files. Writes into OUT `keras.json` and `onnx.json`, P(photo) by
file; and for whoever is to judge the same input `prepared.bin` (float32 `[images, views, side, side, 3]`, 0 to 255) with
`prepared.json` (the files in order, and the shape).
"""

import json
import pathlib
import sys

import keras
import numpy as np
from PIL import Image

from network import Network, photo_probabilities
from pixels import resize

job, keras_model, images, out = (pathlib.Path(argument) for argument in sys.argv[1:5])
model = json.loads((job / "metadata.json").read_text())
network = Network((job / "model.onnx").read_bytes(), model)
files = sorted(images.glob("*.png"))


def prepared(file):
    picture = np.asarray(Image.open(file).convert("RGB"))
    resized = resize(picture, model["preprocessing"]["pixels"])
    return network.prepared(resized, (picture.shape[1], picture.shape[0]))


x = np.stack([prepared(file) for file in files])
x.astype("<f4").tofile(out / "prepared.bin")
(out / "prepared.json").write_text(json.dumps({"files": [file.name for file in files], "shape": x.shape}))

real_keras = keras.saving.load_model(keras_model, compile=False)
flat = x.reshape(-1, *x.shape[2:])
outputs = np.asarray(real_keras(flat, training=False)).reshape(*x.shape[:2], -1)
answers = {"keras": photo_probabilities(outputs, model), "onnx": network.probabilities(x)}
for name, probabilities in answers.items():
    by_file = dict(zip((file.name for file in files), probabilities, strict=True))
    (out / f"{name}.json").write_text(json.dumps(by_file))
