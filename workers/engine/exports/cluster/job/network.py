"""The model: pixels in, the probability of a photo and the verdict out, as Tamis computes them."""

import math

import numpy as np
import onnxruntime

from pixels import views_of

LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)
# Certainty beyond what float32 probabilities can tell apart is cut off here.
CLOSEST_TO_CERTAIN = 1e-6


class Network:
    """An ONNX network with what stands in `metadata.json`: its preprocessing, outputs, calibration and thresholds."""

    def __init__(self, content, model, threads=1):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0]
        self.model = model

    def prepared(self, resized, true_size):
        """The views, float32 `[views, side, side, 3]`, of what `pixels.resize` made of a picture of (width, height)."""
        return views_of(resized, true_size, self.model["preprocessing"])

    def probabilities(self, prepared):
        """P(photo), calibrated, of each of several prepared pictures."""
        images, views = prepared.shape[:2]
        outputs = self._outputs(prepared.reshape(images * views, *prepared.shape[2:]))
        return photo_probabilities(outputs.reshape(images, views, -1), self.model)

    def verdict(self, probability):
        """`photo`, `not-photo`, or `to-review` inside the review band."""
        band = self.model["reviewBand"]
        if band and band["low"] <= probability < band["high"]:
            return "to-review"
        return "photo" if probability >= self.model["threshold"] else "not-photo"

    def _outputs(self, x):
        preprocessing, output = self.model["preprocessing"], self.model["output"]
        x = x * np.float32(preprocessing["scale"]) + np.float32(preprocessing["offset"])
        if channels := preprocessing.get("channels"):
            x = {"rgb": x, "bgr": x[..., ::-1], "grey": (x * LUMINANCE).sum(axis=-1, keepdims=True)}[channels["order"]]
            x = x * np.array(channels["scale"], np.float32) + np.array(channels["offset"], np.float32)
        # A network that came as ONNX may take its channels first.
        if len(self.input.shape) == 4 and self.input.shape[1] in (1, 3):
            x = x.transpose(0, 3, 1, 2)
        (y,) = self.session.run([self.session.get_outputs()[0].name], {self.input.name: np.ascontiguousarray(x)})
        y = y.reshape(len(x), -1)
        if not output.get("logits"):
            return y
        if output["kind"] == "sigmoid":
            return 1 / (1 + np.exp(-y))
        powers = np.exp(y - y.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


def photo_probabilities(outputs, model):
    """P(photo), calibrated, of each image, from what the network puts out: probabilities `[images, views, outputs]`."""
    means = outputs.mean(axis=1)
    positive = model["output"]["positive"]
    if model["output"]["kind"] == "softmax":
        chances = means[:, positive]
    else:
        chances = means[:, 0] if positive == 1 else 1 - means[:, 0]
    return [calibrated(float(p), model["calibration"]) for p in chances]


def calibrated(p, calibration):
    """P = sigmoid(scale · logit(p) + shift); without a calibration as it is."""
    if calibration is None:
        return p
    inside = min(1 - CLOSEST_TO_CERTAIN, max(CLOSEST_TO_CERTAIN, p))
    return 1 / (1 + math.exp(-(calibration["scale"] * math.log(inside / (1 - inside)) + calibration["shift"])))
