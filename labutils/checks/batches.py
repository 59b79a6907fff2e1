"""Reads a student's dataset and finds out which images are in its batches."""

import itertools

import numpy as np
import tensorflow as tf

from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Wrong, same, span

BATCH = 128
READING_SECONDS = 6  # a buffer of 60,000 behind `repeat` takes a while to fill

HANDS_BACK = "A dataset never changes: each of its methods gives a new one, and what you do not keep is lost."
MAP_HINTS = (
    "Something has to be done to each single image before it is of use to the model, and you have written it already.",
    f"{HANDS_BACK} Which method applies a function to every element?",
)
BATCH_HINTS = (
    "The model learns from many images at a time: an element of the dataset should be a whole stack of them.",
    "Your function is told how many belong in a batch. Where does that number go?",
)
PAIR_HINTS = (
    "Training needs pairs: what the model sees, and what it should give back.",
    "Look at what the function that you give to `map` hands back, and whether every later step keeps it together.",
)
LOST_HINTS = (
    "Every image of the dataset should come out again.",
    "Which of your methods lets only some images through, or stops early?",
)
LATE = Wrong(
    "never-ends",
    "The check stopped waiting for the batches of your dataset.",
    "Some steps collect many elements before they let the first one go, others let none through.",
    "What does each of your steps see, single images or whole batches, and how many of them does it keep?",
)


class Source:
    """Images that can be told apart, as the student gets them, and found again in what they make of them."""

    def __init__(self, count):
        images = np.random.default_rng(count).integers(0, 256, (count, 28, 28, 1), dtype=np.uint8)
        self.dataset = tf.data.Dataset.from_tensor_slices((images, np.arange(count) % 10))
        self.first_images = images[:3]
        self._index = {image.tobytes(): index for index, image in enumerate(images)}

    def indices(self, inputs):
        """Which image each row of ``inputs``, float (n, 784) in 0..1, was; -1 for none of them."""
        return np.array([self._index.get(row.tobytes(), -1) for row in np.rint(inputs * 255).astype(np.uint8)])


def batches_of(student, source, enough):
    """The student's dataset, and which images its batches hold, until there are enough or it ends."""
    try:
        dataset = student(source.dataset, BATCH)
        _require_dataset(dataset, source)
        batches = student.attempt(_read, dataset, source, enough, seconds=READING_SECONDS, when_up=LATE)
        return dataset, batches
    except Raised as raised:
        text = str(raised.error)
        if "batch tensors with different shapes" in text:
            _refuse_batched_twice("")
        if "reshape" in text.lower() and str(BATCH * 784) in text:
            _refuse_map_after_batch(raised.message)
        raise


def _require_dataset(dataset, source):
    returned(dataset)
    if dataset is source.dataset:
        _refuse_unchanged()
    if not isinstance(dataset, tf.data.Dataset):
        raise Wrong(
            "not-a-dataset",
            f"You return {kind_of(dataset)}; a `tf.data.Dataset` is wanted.",
            "Whoever trains wants to ask for the images again and again; leave going through them to others.",
            "Return the dataset as the last method left it: no loop, no list, no second value.",
        )


def _read(dataset, source, enough):
    batches = []
    for element in dataset:
        if not batches:
            _require_batch(element, dataset, source)
        inputs, targets = (np.asarray(part) for part in element)
        if not same(inputs, targets, 1e-3):
            raise Wrong(
                "target-differs",
                "Input and target of a batch are not the same images.",
                "What belongs together has to stay together on every step.",
                "Whatever you do to the inputs, do to pairs.",
            )
        batches.append(_recognised(source.indices(inputs), inputs))
        if sum(map(len, batches)) >= enough:
            break
    if not batches:
        raise Wrong("empty", "Your dataset holds no batch at all.", *LOST_HINTS)
    return batches


def _recognised(indices, inputs):
    if np.any(indices < 0):
        if inputs.min() >= 0 and 0.5 < inputs.max() <= 1:
            raise Wrong(
                "other-images",
                "What comes out goes from 0 to 1, but is none of the images your function was given, scaled to 0..1.",
                "Your function is called with different datasets: for training, for the test, by this check.",
                "Which dataset does your first line start from: the argument, or a variable of the notebook? And "
                "does anything "
                "but your preprocessing touch the pixels?",
            )
        _refuse_values(inputs)
    return indices


def _require_batch(element, dataset, source):
    """The first element has to be a batch of preprocessed pairs."""
    if not isinstance(element, tuple) or len(element) != 2:
        shape = getattr(element, "shape", None)
        kind = f"one tensor of shape {tuple(shape)}" if shape is not None else f"{kind_of(element)} of {len(element)}"
        raise Wrong(
            "not-a-pair", f"An element of your dataset is {kind}; a pair (input, target) is wanted.", *PAIR_HINTS
        )
    shape, target_shape = (tuple(part.shape) for part in element)
    if shape == (28, 28, 1):
        firsts = [np.asarray(image) for image, *_ in itertools.islice(dataset, 3)]
        if np.array_equal(firsts, source.first_images):
            _refuse_unchanged()
    if shape == (784,):
        raise Wrong("not-batched", "An element of your dataset is one image, of shape (784,).", *BATCH_HINTS)
    if shape[-3:] == (28, 28, 1):
        raise Wrong("not-preprocessed", f"The images come out as they went in, of shape {shape}.", *MAP_HINTS)
    if len(shape) == 3 and shape[2] == 784:
        _refuse_batched_twice(f" One has the shape {shape}.")
    if len(shape) != 2 or shape[1] != 784:
        if np.prod(shape) == BATCH * 784:
            _refuse_map_after_batch(f"A batch has the shape {shape}.")
        raise Wrong("wrong-shape", f"A batch has the shape {shape}; ({BATCH}, 784) is wanted.", *MAP_HINTS)
    if target_shape in ((BATCH,), (BATCH, 10)):
        message = f"The target of a batch has the shape {target_shape}: those are labels, not images."
        raise Wrong("label-as-target", message, "What should an autoencoder give back?", PAIR_HINTS[1])
    if target_shape != shape:
        message = f"The inputs have the shape {shape}, but the targets {target_shape}."
        raise Wrong("target-not-preprocessed", message, *MAP_HINTS)
    if element[0].dtype != tf.float32:
        message = f"A batch holds {element[0].dtype.name}; float32 is wanted."
        if element[0].dtype == tf.uint8:
            raise Wrong("not-preprocessed", message, *MAP_HINTS)
        hints = (
            "A number can be stored in more or fewer bits; Keras uses 32 of them.",
            "Where are the pixels converted?",
        )
        raise Wrong("wrong-dtype", message, *hints)


def _refuse_unchanged():
    message = "The dataset you return is the one you were given: the same images, one by one, as they were."
    raise Wrong("unchanged", message, HANDS_BACK, "What do your lines do with what each method gives back?")


def _refuse_batched_twice(detail):
    message = f"Your batches are made of batches, not of images.{detail}"
    raise Wrong("batched-twice", message, "One step has been done once too often.", BATCH_HINTS[0])


def _refuse_map_after_batch(message):
    raise Wrong(
        "map-after-batch",
        f"Your preprocessing is given a whole batch of {BATCH} images where it expects one. {message}",
        "The steps of a recipe have an order: some are for one image, some for many.",
        "When `map` calls your function, what has happened to the images already?",
    )


def _refuse_values(inputs):
    if inputs.max() > 1.5:
        raise Wrong("not-preprocessed", f"The pixels of a batch go from {span(inputs)}, not from 0 to 1.", *MAP_HINTS)
    if inputs.max() < 0.01:
        message = f"The pixels of a batch go from {span(inputs)} only: they are scaled down twice."
        raise Wrong("preprocessed-twice", message, "One step has been done once too often.", MAP_HINTS[0])
    raise Wrong(
        "wrong-values", f"The pixels of a batch go from {span(inputs)}; they should go from 0 to 1.", *MAP_HINTS
    )
