"""From a decoded picture to what the network sees: the resize and the views of Tamis, number for number.

A picture is an array of bytes `[height, width, 3]`, red, green and blue, row by row.
"""

import math

import numpy as np


def resize(picture, pixels):
    """The picture in the model's pixel format: bytes `[pixels.height, pixels.width, 3]`, rounded half to even.

    `pixels`: `width`, `height`, `resampling` (bilinear, bilinear-antialias, area), `aspect` (stretch, crop, pad).
    """
    width, height = pixels["width"], pixels["height"]
    (left, top, source_width, source_height), (x, y, target_width, target_height) = _frame(
        picture.shape[1], picture.shape[0], width, height, pixels["aspect"]
    )
    window = picture[top : top + source_height, left : left + source_width]
    columns = _axis(source_width, target_width, pixels["resampling"])
    rows = _axis(source_height, target_height, pixels["resampling"])
    # Only the rows that count: without antialiasing most of a large scan's do not.
    needed, places = np.unique(rows[0][:, None] + np.arange(rows[1].shape[1]), return_inverse=True)
    narrow = _weighted(window[needed].swapaxes(0, 1), columns[0][:, None] + np.arange(columns[1].shape[1]), columns[1])
    result = np.zeros((height, width, 3), np.uint8)
    resampled = _weighted(narrow.swapaxes(0, 1), places.reshape(rows[1].shape), rows[1])
    result[y : y + target_height, x : x + target_width] = np.clip(np.rint(resampled), 0, 255)
    return result


def views_of(resized, true_size, preprocessing):
    """The network's input for each view of a picture: float32 `[views, side, side, 3]`, 0 to 255.

    `true_size` is (width, height) before the picture was resized: a view may be a square of the true picture.
    """
    side = preprocessing["inputSize"]
    return np.stack([_view(resized, true_size, view, side) for view in preprocessing["views"]])


def _view(resized, true_size, view, side):
    height, width, _ = resized.shape
    if view == "whole" and (width, height) == (side, side):
        return resized.astype(np.float32)
    shares = (1.0, 1.0)
    if view == "central-square":
        shares = (min(true_size) / true_size[0], min(true_size) / true_size[1])
    across = _view_axis(width * (1 - shares[0]) * 0.5, width * shares[0], width, side)
    down = _view_axis(height * (1 - shares[1]) * 0.5, height * shares[1], height, side)
    narrow = _weighted(resized.swapaxes(0, 1), *across).astype(np.float32)
    return _weighted(narrow.swapaxes(0, 1), *down).astype(np.float32)


def _weighted(source, places, weights):
    """Target i of the first axis is the sum over k of weights[i, k] · source[places[i, k]]."""
    result = np.zeros((len(places), *source.shape[1:]))
    for tap in range(places.shape[1]):
        result += weights[:, tap, None, None] * source[places[:, tap]]
    return result


def _frame(width, height, target_width, target_height, aspect):
    """Which part of the source goes to which part of the target, each as (left, top, width, height)."""
    everything, filled = (0, 0, width, height), (0, 0, target_width, target_height)
    if aspect == "crop":
        h = max(1, min(height, int(width * target_height / target_width)))
        w = max(1, min(width, int(height * target_width / target_height)))
        return ((width - w) // 2, (height - h) // 2, w, h), filled
    if aspect == "pad":
        # Every step in float32, as TensorFlow's resize_with_pad: other widths lose a column in double precision.
        f = np.float32
        ratio = max(f(width / target_width), f(height / target_height))
        w, h = f(width / ratio), f(height / ratio)
        left = max(0, math.floor(f(f(target_width - w) / f(2))))
        top = max(0, math.floor(f(f(target_height - h) / f(2))))
        size = (max(1, min(target_width, math.floor(w))), max(1, min(target_height, math.floor(h))))
        return everything, (left, top, *size)
    return everything, filled


def _axis(length, target, resampling):
    """Where the source pixels of each target pixel begin, `[target]`, and their weights, `[target, taps]`.

    As TensorFlow's tf.image.resize, half-pixel centres; bilinear does not antialias.
    """
    scale = length / target
    if resampling == "area":
        spans = [_area(i, length, target) for i in range(target)]
    elif resampling == "bilinear-antialias" and scale > 1:
        spans = [_triangle((i + 0.5) * scale, scale, length) for i in range(target)]
    else:
        spans = [_linear((i + 0.5) * scale - 0.5, length) for i in range(target)]
    taps = min(length, max(len(weights) for _, weights in spans))
    starts = np.array([min(start, length - taps) for start, _ in spans])
    table = np.zeros((target, taps))
    for i, (start, weights) in enumerate(spans):
        table[i, start - starts[i] : start - starts[i] + len(weights)] = weights
    return starts, table


def _linear(x, length):
    floor = math.floor(x)
    if floor < 0:
        return 0, [1]
    if floor >= length - 1:
        return length - 1, [1]
    return floor, [1 - (x - floor), x - floor]


def _triangle(centre, radius, length):
    start, end = max(0, math.floor(centre - radius)), min(length, math.ceil(centre + radius))
    return start, _normalised([max(0, 1 - abs(j + 0.5 - centre) / radius) for j in range(start, end)])


def _area(i, length, target):
    low, high = i * length / target, (i + 1) * length / target
    start = min(length - 1, math.floor(low))
    end = max(start + 1, min(length, math.ceil(high)))
    return start, _normalised([max(0, min(j + 1, high) - max(j, low)) for j in range(start, end)])


def _normalised(weights):
    total = sum(weights)
    return [weight / total for weight in weights]


def _view_axis(start, length, source_length, target):
    """Places and weights, `[target, taps]`, of a triangle filter that is widened by the shrink factor."""
    scale = length / target
    support = max(scale, 1)
    taps = min(math.ceil(2 * support) + 1, source_length)
    centres = start + (np.arange(target) + 0.5) * scale
    begins = np.clip(np.floor(centres - support + 0.5).astype(int), 0, source_length - taps)
    places = begins[:, None] + np.arange(taps)
    weights = np.maximum(0, 1 - np.abs(places + 0.5 - centres[:, None]) / support)
    return places, (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
