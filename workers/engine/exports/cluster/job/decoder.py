"""Decodes in a process of its own: a file that kills its decoder, or keeps it for ever, costs its own row alone."""

import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np

SECONDS_FOR_A_FILE = 300


class ResizedPage(NamedTuple):
    """In the model's pixel format; `resized` is None where the page cannot be read, and then `error` says why."""

    number: int
    resized: np.ndarray | None
    true_size: tuple[int, int]
    error: str | None


class Decoder:
    """`pixels`: the pixel format of the model."""

    def __init__(self, pixels):
        self.pixels = pixels
        self.pool = None

    def pages(self, content):
        """The pages of a file, given its bytes; of a file that cannot be read one, with the error."""
        self.pool = self.pool or ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=end_with_parent)
        try:
            return self.pool.submit(decoded, content, self.pixels).result(SECONDS_FOR_A_FILE)
        except BrokenProcessPool:
            self.stop()
            return unreadable("The decoder died of this file.")
        except TimeoutError:
            self.stop()
            return unreadable(f"The file was not decoded after {SECONDS_FOR_A_FILE} seconds.")

    def stop(self):
        """Ends the process, whatever it does; the next file gets a new one."""
        for process in list((self.pool._processes or {}).values()):
            process.kill()
        self.pool.shutdown(wait=False)
        self.pool = None


def unreadable(detail):
    """What stands for a file that nothing could be had of."""
    return [ResizedPage(0, None, (0, 0), f"unreadable: {detail}")]


def decoded(content, pixels):
    """Runs in the decoder's process."""
    from pages import Refusal, pages_of
    from pixels import resize

    def resized(page):
        if page.picture is None:
            return ResizedPage(page.number, None, (0, 0), page.error)
        height, width, _ = page.picture.shape
        return ResizedPage(page.number, resize(page.picture, pixels), (width, height), None)

    try:
        return [resized(page) for page in pages_of(content)]
    except Refusal as refusal:
        return [ResizedPage(0, None, (0, 0), str(refusal))]


def end_with_parent():
    """A worker that was killed cannot end its decoder, so the decoder looks whether it is still there."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
