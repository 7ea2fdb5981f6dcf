"""Whether the job's resize, on Python's path, gives what Keras gave: resize_check.py CASES… (of the group resize)."""

import json
import pathlib
import sys

import numpy as np

from pixels import resize

failed = total = 0
for path in sorted(case for folder in sys.argv[1:] for case in pathlib.Path(folder).glob("**/case.json")):
    case = json.loads(path.read_text())
    source, target = case["inputs"]["image"], case["outputs"]["image"]
    picture = np.fromfile(path.parent / source["file"], np.uint8).reshape(source["shape"])
    expected = np.fromfile(path.parent / target["file"], "<f4").reshape(target["shape"])
    height, width = case["attributes"]["size"]
    how = {"resampling": case["attributes"]["method"], "aspect": case["attributes"]["aspect"]}
    actual = resize(picture, {"width": width, "height": height, **how})
    # Bytes are rounded; the reference is not, and TensorFlow's positions are float32.
    worst = float(np.abs(actual - expected).max())
    total += 1
    if worst > 0.52:
        failed += 1
        print(f"FAIL {path.parent.name}: off by {worst:.3f}")
print(f"{total - failed} of {total} resize cases pass")
sys.exit(1 if failed or not total else 0)
