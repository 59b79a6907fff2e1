"""What a student waits for: loading, imports, the first picture, the answer to a slider, a figure."""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from labutils.bench.measure import Row, in_child, take_turns

GROUP = "Waiting"

TIMED = """
import time
start = time.perf_counter()
{}
print(time.perf_counter() - start)
"""
ARRAYS = "from labutils import sources\ndigits = sources.load(quiet=True)\n"
ARRAYS += TIMED.format("for split in ('train', 'test'):\n    digits.arrays(split)[0].max()  # read, not only mapped")
FIRST_PICTURE = """\
from labutils import figures, sources
digits = sources.load()
images, labels = digits.arrays("train")
figures.sample_grid(images[:36], labels[:36])"""


def rows(rounds, quick):
    """Yield a Row for everything that is waited for."""
    yield from in_child(_loading, rounds)
    yield from _starting(1 if quick else rounds)
    yield from in_child(_answering, 2 if quick else 50)


def _loading(rounds):
    """From the files that TFDS made: without the decoded arrays that sources keeps beside them, then with them."""
    from labutils import sources

    digits = sources.load(quiet=True)
    root, made = Path(digits.builder.data_path).parents[1], Path(digits.builder.data_path)
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(made, Path(copy, made.relative_to(root)), ignore=shutil.ignore_patterns("arrays-*"))
        seconds = [_told_by(ARRAYS, TFDS_DATA_DIR=copy, LABUTILS_DIGITS=_which(digits)) for _ in range(rounds + 1)]
    yield Row(GROUP, f"both splits of {digits.name} in memory, the first time", seconds[:1])
    yield Row(GROUP, f"both splits of {digits.name} in memory, in later kernels", seconds[1:])


def _which(digits):
    return "mnist" if digits.name == "MNIST" else "builtin"


def _starting(rounds):
    calls = {
        "import labutils": partial(_told_by, TIMED.format("import labutils")),
        "import tensorflow": partial(_told_by, TIMED.format("import labutils, tensorflow")),
    }
    for what, call in calls.items():
        seconds = [call() for _ in range(rounds + 1)]
        yield Row(GROUP, f"{what}, in a new Python", seconds[1:], seconds[0])
    for _, first, seconds in take_turns({"": _first_picture}, rounds):
        yield Row(GROUP, "first picture of a notebook, its kernel's start included", seconds, first)


def _told_by(code, **environment):
    """Seconds, as the last line that a new Python prints."""
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=600,
    )
    return float(told.stdout.split()[-1])


def _first_picture():
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    from labutils.execution import execute

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "first_picture.ipynb")
        nbformat.write(new_notebook(cells=[new_code_cell(FIRST_PICTURE)]), path)
        execution = execute(path, cell_seconds=600)
    if execution.failure:
        raise RuntimeError(execution.failure)


def _answering(rounds):
    """In a kernel that is up: from the numbers of 32 sliders to an image, from an image to a picture."""
    import io

    import numpy as np
    import tensorflow as tf
    from PIL import Image

    from labutils import figures, models, sources

    images, labels = sources.load(quiet=True).arrays("test")
    decoder = models.build_default().get_layer("decoder")
    code = np.random.default_rng(0).random((1, 32), np.float32)
    compiled = tf.function(decoder)
    (kernel_1, bias_1), (kernel_2, bias_2) = (layer.get_weights() for layer in decoder.layers)

    def in_numpy():
        hidden = np.maximum(code @ kernel_1 + bias_1, 0)
        return 1 / (1 + np.exp(-(hidden @ kernel_2 + bias_2)))

    def as_png():
        Image.fromarray(images[0, :, :, 0]).resize((280, 280)).save(io.BytesIO(), "png")

    calls = {
        "a slider's decode, decoder.predict": lambda: decoder.predict(code, verbose=0),
        "a slider's decode, decoder(code)": lambda: decoder(code).numpy(),
        "a slider's decode, tf.function": lambda: compiled(tf.constant(code)).numpy(),
        "a slider's decode, NumPy": in_numpy,
        "a slider's picture, PNG by Pillow": as_png,
        "a figure of 36 images, drawn": lambda: figures.sample_grid(images[:36], labels[:36]).savefig(io.BytesIO()),
    }
    latest = {}
    for what, first, seconds in take_turns(calls, rounds):
        latest[what] = Row(GROUP, what, seconds, first)
    yield from latest.values()
