"""Classifies an archive of scans on as many workers as there are: python classify.py IMAGES OUT

IMAGES is a folder or an address such as s3://bucket/scans; every file below it is read. OUT is where the verdicts go, as
Parquet files with the columns file (below IMAGES), page (from 0), probability, verdict (photo, not-photo or to-review)
and error (why there is no verdict).

Stopped and started again it goes on: files whose rows lie in OUT are done. Each part of the work is one Parquet file,
which appears in OUT whole or not at all, under a name that follows from the files in it: work that is done twice
replaces itself.
"""

import argparse
import hashlib
import io
import json
import os
import pathlib
import time

import numpy as np
import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq
import ray

from decoder import Decoder, unreadable
from network import Network

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("page", pa.int32()),
        ("probability", pa.float64()),
        ("verdict", pa.string()),
        ("error", pa.string()),
    ]
)
# Readers of Parquet folders pass over names that begin so.
MODEL_NOTE = "_model.json"
UNFINISHED = "_unfinished"
PAGES_AT_ONCE = 32


def main():
    options = read_options()
    images, out = location(options.images), location(options.out)
    described = (HERE / "metadata.json").read_bytes()
    network = (HERE / "model.onnx").read_bytes()
    model = json.loads(described)
    if f"{out[1]}/".startswith(f"{images[1]}/") and type(out[0]) is type(images[0]):
        raise SystemExit("The verdicts cannot lie among the images: choose another folder.")
    checksum = hashlib.sha256(described + network).hexdigest()
    note_model(out, {"name": model["name"], "sha256": checksum, "images": options.images})

    # Submitted as a job, Ray has the folder already.
    is_submitted = "RAY_JOB_CONFIG_JSON_ENV_VAR" in os.environ
    folder = {"working_dir": str(HERE), "excludes": ["*.onnx", ".venv", "__pycache__"]}
    ray.init(runtime_env=None if is_submitted else folder, log_to_driver=options.verbose)
    workers = options.workers or max(1, int(ray.cluster_resources().get("CPU", 1)))

    # Not before: workers of a job that was killed a moment ago are gone by now.
    done = files_done(out)
    files = [file for file in files_below(images) if file not in done]
    print(f"{len(done)} files are done, {len(files)} are to do.", flush=True)
    if not files:
        return
    parts = [{"files": files[i : i + options.part]} for i in range(0, len(files), options.part)]
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = options.verbose
    shared = ray.put(network)
    results = ray.data.from_items(parts, override_num_blocks=min(len(parts), 20_000)).map_batches(
        Worker,
        fn_constructor_args=(shared, model, images, out),
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers),
        num_cpus=1,
    )
    tell(results, len(files))


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", help="a folder, or s3://…, gs://…, hdfs://…")
    parser.add_argument("out", help="where the Parquet files go")
    parser.add_argument("--workers", type=int, help="at the most; as many as the cluster has cores by default")
    parser.add_argument("--part", type=int, default=64, help="files that are done, and written, at once (64)")
    parser.add_argument("--verbose", action="store_true", help="show what Ray says")
    return parser.parse_args()


def location(address):
    """The file system of an address or of a local path, and the path in it."""
    if "://" not in address:
        address = os.path.abspath(address)
    return pafs.FileSystem.from_uri(address)


def note_model(out, note):
    """Notes in OUT what its verdicts are of: those of two models, or of two archives, do not belong together."""
    filesystem, path = out
    filesystem.create_dir(path, recursive=True)
    place = f"{path}/{MODEL_NOTE}"
    if filesystem.get_file_info(place).type == pafs.FileType.File:
        with filesystem.open_input_file(place) as file:
            known = json.loads(file.read())
        for key in ("sha256", "images"):
            if known[key] != note[key]:
                of = f"{known['name']} on {known['images']}"
                raise SystemExit(f"{path} holds the verdicts of {of}: choose another folder.")
    else:
        with filesystem.open_output_stream(place) as file:
            file.write(json.dumps(note, indent=2).encode())


def files_below(images):
    """Paths below the folder, in order; what only a file manager left is passed over."""
    filesystem, path = images
    found = filesystem.get_file_info(pafs.FileSelector(path, recursive=True))
    if not found:
        raise SystemExit(f"There is nothing in {path}.")
    below = [info.path[len(path) :].lstrip("/") for info in found if info.type == pafs.FileType.File]
    return sorted(file for file in below if not is_clutter(file))


def is_clutter(file):
    return any(part.startswith(".") for part in file.split("/")) or file.split("/")[-1].lower() in (
        "desktop.ini",
        "thumbs.db",
    )


def files_done(out):
    filesystem, path = out
    done = set()
    for info in filesystem.get_file_info(pafs.FileSelector(path)):
        if info.base_name.endswith(".parquet"):
            done.update(pq.read_table(info.path, filesystem=filesystem, columns=["file"])["file"].to_pylist())
    return done


def tell(results, total):
    """Consumes the results, and says every few seconds how far they are."""
    begin = last = time.monotonic()
    files = pages = unreadable = 0
    for row in results.iter_rows():
        files, pages, unreadable = files + row["files"], pages + row["pages"], unreadable + row["unreadable"]
        now = time.monotonic()
        if now - last > 5 or files == total:
            last, rate = now, files / (now - begin)
            left = (total - files) / rate / 60
            pace = f"{files} of {total} files, {rate:.1f} a second, {left:.0f} min left"
            print(f"{pace}; {pages} pages, {unreadable} unreadable", flush=True)


class Worker:
    """Does one part after the other: reads, decodes, judges, writes."""

    def __init__(self, network, model, images, out):
        self.network = Network(ray.get(network), model)
        self.images, self.out = images, out
        self.decoder = Decoder(model["preprocessing"]["pixels"])

    def __call__(self, batch):
        files = list(batch["files"][0])
        rows = []
        waiting = []
        for file in files:
            for page in self.pages(file):
                row = {"file": file, "page": page.number, "probability": None, "verdict": None, "error": page.error}
                rows.append(row)
                if page.resized is not None:
                    waiting.append((row, page))
                if len(waiting) >= PAGES_AT_ONCE:
                    self.judge(waiting)
        self.judge(waiting)
        self.write(files, rows)
        unreadable = len({row["file"] for row in rows if row["error"]})
        pages = sum(row["verdict"] is not None for row in rows)
        return {"files": [len(files)], "pages": [pages], "unreadable": [unreadable]}

    def pages(self, file):
        filesystem, path = self.images
        try:
            with filesystem.open_input_file(f"{path}/{file}") as stream:
                content = stream.read()
        except OSError as error:
            return unreadable(str(error))
        return self.decoder.pages(content)

    def judge(self, waiting):
        if not waiting:
            return
        prepared = [self.network.prepared(page.resized, page.true_size) for _, page in waiting]
        probabilities = self.network.probabilities(np.stack(prepared))
        for (row, _), probability in zip(waiting, probabilities, strict=True):
            row.update(probability=probability, verdict=self.network.verdict(probability))
        waiting.clear()

    def write(self, files, rows):
        filesystem, path = self.out
        name = f"part-{hashlib.sha256(chr(0).join(files).encode()).hexdigest()[:24]}.parquet"
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        content = io.BytesIO()
        pq.write_table(table, content)
        if isinstance(filesystem, (pafs.S3FileSystem, pafs.GcsFileSystem)):
            # An object appears whole or not at all.
            with filesystem.open_output_stream(f"{path}/{name}") as stream:
                stream.write(content.getvalue())
            return
        filesystem.create_dir(f"{path}/{UNFINISHED}", recursive=True)
        unfinished = f"{path}/{UNFINISHED}/{name}.{os.getpid()}"
        with filesystem.open_output_stream(unfinished) as stream:
            stream.write(content.getvalue())
        filesystem.move(unfinished, f"{path}/{name}")


if __name__ == "__main__":
    main()
