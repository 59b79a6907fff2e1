"""Reads a student's dataset and finds out which images are in its batches."""

import itertools
import re

import numpy as np
import tensorflow as tf

from labutils.checks.scaling import usual_mistakes
from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Wrong, accuse, same, span
from labutils.tuning import untuned

BATCH = 128
READING_SECONDS = 10  # a buffer of 60,000 behind `repeat` takes one or two to fill, on a busy machine more

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
SHAPE_HINT = "Which shape does your preprocessing give to one image? Print it for the first element, before any batch."
LOST_HINTS = (
    "Every image of the dataset should come out again.",
    "Which of your methods lets only some images through, or stops early?",
)
MANY_BATCHES = 200  # take a while to collect
STEPS_IN_ORDER = r"_?(?:Parallel|Padded)?(Batch|Cache|Map|Options|Prefetch|Repeat|Restructured|Shuffle)Dataset"
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
        self.dataset = untuned(tf.data.Dataset.from_tensor_slices((images, np.arange(count) % 10)))
        self.images = images
        self._index = {image.tobytes(): index for index, image in enumerate(images)}

    def indices(self, inputs):
        """Which image each row of ``inputs``, float (n, 784) in 0..1, was; -1 for none of them."""
        rows = np.clip(np.rint(inputs * 255), 0, 255).astype(np.uint8)
        return np.array([self._index.get(row.tobytes(), -1) for row in rows])

    def mistake_in(self, row):
        """The usual mistake that makes ``row``, float (784,), of one of the images; None if there is none."""
        try:
            for image in self.images:
                accuse(row, usual_mistakes(image.reshape(-1).astype(np.float64)), 1e-3)
        except Wrong as mistake:
            return mistake


def batches_of(student, source, enough, many_shuffled):
    """The student's dataset, and which images its batches hold, until ``enough(batches)`` or it ends.

    ``many_shuffled`` are the words of the ``Wrong`` found where many batches are shuffled behind `repeat`.
    """
    try:
        dataset = student(source.dataset, BATCH)
        _require_dataset(dataset, source)
        if _shuffles_many_batches(dataset, source):
            raise Wrong(*many_shuffled)
        batches = student.attempt(_read, dataset, source, enough, seconds=READING_SECONDS, when_up=LATE)
        return dataset, batches
    except Raised as raised:
        text = str(raised.error)
        many_in_one = re.search(r"Cannot add tensor to the batch.*\[\d+,(784|28,28,1)\]", text)
        if "batch tensors with different shapes" in text or many_in_one:
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
    batches = []
    for element in dataset:
        if not batches:
            _require_batch(element, dataset, source)
        inputs, targets = (np.asarray(part) for part in element)
        if not same(inputs, targets, 1e-3):
            _refuse_target(source, inputs, targets)
        batches.append(_recognised(source, inputs))
        if enough(batches):
            break
    if not batches:
        raise Wrong("empty", "Your dataset holds no batch at all.", *LOST_HINTS)
    return batches


def _refuse_target(source, inputs, targets):
    first, second = source.indices(inputs), source.indices(targets)
    message = "Input and target of a batch are not the same images."
    if min(*first, *second) < 0 or np.array_equal(first, second):
        worst = np.unravel_index(np.argmax(np.abs(inputs - targets)), inputs.shape)
        message = (
            f"Input and target of a batch differ: where the input has {inputs[worst]:.3f}, the target has "
            f"{targets[worst]:.3f}."
        )
    raise Wrong(
        "target-differs",
        message,
        "What belongs together has to stay together on every step.",
        "Whatever you do to the inputs, do to pairs.",
    )


def _recognised(source, inputs):
    indices = source.indices(inputs)
    unknown = int(np.sum(indices < 0))
    if unknown:
        which = f"{unknown} of the {len(indices)} images of a batch"
        if inputs.min() >= 0 and 0.5 < inputs.max() <= 1:
            if mistake := source.mistake_in(inputs[np.argmin(indices)]):
                fails = "does not come out as it should" if unknown == 1 else "do not come out as they should"
                message = "No image comes out as it should." if unknown == len(indices) else f"{which} {fails}."
                raise Wrong("other-images", f"{message} {mistake.message}", *mistake.hints)
            what = "What comes out goes from 0 to 1, but" if unknown == len(indices) else which
            are = "are" if 1 < unknown < len(indices) else "is"
            raise Wrong(
                "other-images",
                f"{what} {are} none of the images your function was given, scaled to 0..1.",
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
    _require_two_tensors(element)
    shape, target_shape = (tuple(part.shape) for part in element)
    if shape == (28, 28, 1):
        firsts = [np.asarray(image) for image, *_ in itertools.islice(dataset, 3)]
        if np.array_equal(firsts, source.images[:3]):
            _refuse_unchanged()
    if shape == (784,):
        raise Wrong("not-batched", "An element of your dataset is one image, of shape (784,).", *BATCH_HINTS)
    if shape[-3:] == (28, 28, 1) or shape[1:] == (28, 28):
        _refuse_rows_and_columns(np.asarray(element[0]))
    if shape[1:] in ((784, 1), (1, 784)):
        message = f"A batch has the shape {shape}; ({BATCH}, 784) is wanted, with two dimensions."
        raise Wrong("extra-dimension", message, "In a batch, what is a single image?", SHAPE_HINT)
    if len(shape) == 3 and shape[2] == 784:
        _refuse_batched_twice(f" One has the shape {shape}.")
    if len(shape) != 2 or shape[1] != 784:
        if np.prod(shape) == BATCH * 784:
            _refuse_map_after_batch(f"A batch has the shape {shape}.")
        if shape in ((BATCH,), (BATCH, 10)):
            message = f"The input of a batch has the shape {shape}: those are labels, not images."
            raise Wrong("label-as-input", message, "An autoencoder never gets to see the label.", PAIR_HINTS[1])
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


def _require_two_tensors(element):
    for name, part in zip(("first", "second"), element, strict=True):
        if isinstance(part, tf.data.Dataset):
            message = f"The {name} half of an element is a dataset of its own, not a batch of images."
            raise Wrong("not-a-pair", message, *BATCH_HINTS)
        if isinstance(part, tuple):
            message = f"The {name} half of an element is a pair itself. A pair inside a pair is one too many."
            raise Wrong("not-a-pair", message, *PAIR_HINTS)
        if not hasattr(part, "shape"):
            raise Wrong("not-a-pair", f"The {name} half of an element is {kind_of(part)}, not a tensor.", *PAIR_HINTS)


def _refuse_rows_and_columns(images):
    if images.max() > 1:
        raise Wrong("not-preprocessed", f"The images come out unscaled, of shape {images.shape}.", *MAP_HINTS)
    message = f"The images come out scaled, but not flattened: the shape is {images.shape}."
    raise Wrong("not-flattened", message, "The model takes each image as one long row of pixels.", SHAPE_HINT)


def require_known_shape(dataset):
    """Where Keras could not train because TensorFlow does not know how many dimensions a batch has."""
    if any(spec.shape.rank is None for spec in dataset.element_spec):
        raise Wrong(
            "shape-unknown",
            "The numbers are right, but TensorFlow does not know what shape your batches have, and Keras refuses to "
            "train on those.",
            "Operations of TensorFlow itself keep track of shapes; what Python or NumPy does, TensorFlow cannot see.",
            "Look into the function you give to `map`, or at what you say about the results of a generator.",
        )


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
