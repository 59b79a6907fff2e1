"""Asks a function that makes a dataset, and reads it: which images are in its batches."""

import itertools
import re

import numpy as np
import tensorflow as tf

from labutils.asking.questions import BATCH, OTHER_BATCH, images_of
from labutils.asking.student import Stopped
from labutils.asking.values import seen
from labutils.tuning import untuned

READING_SECONDS = 10  # a buffer of 60,000 behind `repeat` takes one or two to fill, on a busy machine more
MANY_BATCHES = 200  # take a while to collect
STEPS_IN_ORDER = r"_?(?:Parallel|Padded)?(Batch|Cache|Map|Options|Prefetch|Repeat|Restructured|Shuffle)Dataset"


class Source:
    """Images that can be told apart, as the student gets them, and found again in what they make of them."""

    def __init__(self, seed, count):
        self.images = images_of(seed, count)
        self.dataset = untuned(tf.data.Dataset.from_tensor_slices((self.images, np.arange(count) % 10)))
        self._index = {image.tobytes(): index for index, image in enumerate(self.images)}

    def indices(self, inputs):
        """Which image each row of ``inputs``, float (n, 784) in 0..1, was; -1 for none of them."""
        rows = np.clip(np.rint(inputs * 255), 0, 255).astype(np.uint8)
        return np.array([self._index.get(row.tobytes(), -1) for row in rows], dtype=np.int64)


def ask_dataset(student, source, enough):
    """What the function makes of the source, in batches of 128, is read until ``enough(batches)`` or it ends.

    Parameters
    ----------
    student : Student
    source : Source
    enough : callable
        Called with the batches so far, each an array of indices.

    Returns
    -------
    tf.data.Dataset

    Raises
    ------
    Stopped
        There is none, or nothing more to ask it.
    """
    dataset = student.call("dataset", source.dataset, BATCH)
    kind = "as given" if dataset is source.dataset else "dataset"
    student.note("dataset", kind if isinstance(dataset, tf.data.Dataset) else seen(dataset))
    if student.answers["dataset"] != "dataset":
        raise Stopped
    student.note("shuffles many batches", _shuffles_many_batches(dataset, source))
    if student.answers["shuffles many batches"]:
        raise Stopped
    found = student.attempt("batches", _read, dataset, source, enough, seconds=READING_SECONDS)
    for name, value in found.items():
        student.note(name, value)
    if "odd" in found or not found["batches"]:
        raise Stopped
    student.note("ranks known", all(spec.shape.rank is not None for spec in dataset.element_spec))
    student.note("cardinality", int(dataset.cardinality()))
    return dataset


def ask_other_size(student, source):
    """The size of the first batch, when another one is asked for."""
    size = student.attempt("other size", _first_size, student.function, source, seconds=READING_SECONDS)
    student.note("other size", size)


def _first_size(function, source):
    inputs, *_ = next(iter(function(source.dataset, OTHER_BATCH)))
    return len(inputs)


def _shuffles_many_batches(dataset, source):
    """Whether many batches of images in order are shuffled behind `repeat`: to read that would take too long.

    Seen from the steps that TensorFlow keeps; if it keeps none, or some of another kind, the batches have to show it.
    """
    held, before = 0, set()  # by the first shuffle, and the steps before it
    while dataset is not source.dataset:
        step, inputs = re.fullmatch(STEPS_IN_ORDER, type(dataset).__name__), getattr(dataset, "_inputs", list)()
        if not step or len(inputs) != 1:
            return False
        if step[1] == "Shuffle":
            held, before = int(getattr(dataset, "_buffer_size", 0)), set()
        before.add(step[1])
        dataset = inputs[0]
    return held > MANY_BATCHES and before >= {"Batch", "Repeat"}


def _read(dataset, source, enough):
    """The first element in words, the first batch, which images are in each, and an odd batch if there is one."""
    found = {"element": None, "batches": []}
    for element in dataset:
        if found["element"] is None:
            found["element"] = _described(element, dataset, source)
            if not _is_batch(found["element"]):
                return {**found, "odd": "element"}
            found["first"] = [np.asarray(part) for part in element]
        inputs, targets = (np.asarray(part) for part in element)
        indices = source.indices(inputs)
        if not (inputs.shape == targets.shape and np.allclose(inputs, targets, rtol=1e-3, atol=1e-3)):
            return {**found, "odd": "target", "odd batch": [inputs, targets]}
        if np.any(indices < 0):
            return {**found, "odd": "image", "odd batch": [inputs, targets]}
        found["batches"].append(indices)
        if enough(found["batches"]):
            break
    return found


def _described(element, dataset, source):
    """What an element of a dataset is: kind, and shape and kind of number of its halves."""
    if not isinstance(element, tuple) or len(element) != 2:
        shape = getattr(element, "shape", None)
        return {"pair": False, "seen": seen(element), "shape": None if shape is None else [*shape]}
    halves = []
    for part in element:
        kind = "dataset" if isinstance(part, tf.data.Dataset) else "tuple" if isinstance(part, tuple) else "tensor"
        if kind == "tensor" and not hasattr(part, "shape"):
            halves.append({"kind": "other", "seen": seen(part)})
        elif kind == "tensor":
            halves.append({"kind": kind, "shape": [*part.shape], "dtype": part.dtype.name})
        else:
            halves.append({"kind": kind})
    described = {"pair": True, "halves": halves}
    if halves[0]["kind"] == "tensor" and np.size(element[0]):
        described["brightest"] = float(np.max(element[0]))
    if halves[0].get("shape") == [28, 28, 1]:
        firsts = [np.asarray(image) for image, *_ in itertools.islice(dataset, 3)]
        described["as given"] = bool(np.array_equal(firsts, source.images[:3]))
    return described


def _is_batch(described):
    """Whether an element holds two tensors of rows that can be looked at further."""
    if not described["pair"]:
        return False
    shapes = [half.get("shape") for half in described["halves"]]
    kinds = [half.get("dtype") for half in described["halves"]]
    return shapes[0] == shapes[1] and len(shapes[0] or ()) == 2 and shapes[0][1] == 784 and kinds[0] == "float32"
