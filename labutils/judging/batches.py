"""Judges what was read of a dataset: whether it holds batches of preprocessed pairs, and of which images."""

import re

import numpy as np

from labutils.asking.questions import BATCH, OTHER_BATCH
from labutils.judging import NeverEnds, Raised, Unreadable, Wrong, accuse, kind_of, require_returned, same, span
from labutils.judging.scaling import MISTAKES

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


def read(answers, images, many_shuffled):
    """Which images the batches hold, each an array of indices; ``Wrong`` unless they are batches of preprocessed pairs.

    Parameters
    ----------
    answers : judging.Answers
        As ``asking.batches.ask_dataset`` writes them down.
    images : uint8 array (n, 28, 28, 1)
        What the dataset was made of.
    many_shuffled : Wrong
        What is found where many batches are shuffled behind `repeat`.
    """
    try:
        _require_dataset(answers["dataset"])
        if answers["shuffles many batches"]:
            raise many_shuffled
        batches = answers["batches"]
    except NeverEnds:
        raise late() from None
    except Raised as raised:
        _accuse_error(raised)
        raise
    if answers["element"] is None:
        raise Wrong("empty", "Your dataset holds no batch at all.", *LOST_HINTS)
    _require_batch(answers["element"])
    if "odd" in answers:
        _refuse_odd(answers["odd"], *answers["odd batch"], images)
    _require_first(answers["first"], batches, images)
    return batches


def late():
    """The finding where batches do not come in time; where not one comes, ``answers`` say so themselves."""
    return Wrong(
        "never-ends",
        "The check stopped waiting for the batches of your dataset.",
        "Some steps collect many elements before they let the first one go, others let none through.",
        "What does each of your steps see, single images or whole batches, and how many of them does it keep?",
    )


def require_batch_size(answers, batches, remainders):
    """Raise ``Wrong`` unless batches have the size that was asked for, but for a last one of these sizes."""
    sizes = [len(batch) for batch in batches]
    odd = [size for size in sizes if size != BATCH and size not in remainders]
    try:
        other = answers["other size"]
    except NeverEnds:
        raise late() from None
    if other == sizes[0]:
        message = f"Asked for batches of {BATCH} and of {OTHER_BATCH}, you make batches of {other} both times."
        raise Wrong("batch-size-ignored", message, *BATCH_HINTS)
    if odd or other != OTHER_BATCH:
        message = f"Asked for batches of {BATCH} you make batches of {listed(dict.fromkeys(sizes[:10]))}."
        raise Wrong("wrong-batch-size", message, *BATCH_HINTS)


def require_known_shape(answers):
    """Where Keras could not train because TensorFlow does not know how many dimensions a batch has."""
    if not answers["ranks known"]:
        raise Wrong(
            "shape-unknown",
            "The numbers are right, but TensorFlow does not know what shape your batches have, and Keras refuses to "
            "train on those.",
            "Operations of TensorFlow itself keep track of shapes; what Python or NumPy does, TensorFlow cannot see.",
            "Look into the function you give to `map`, or at what you say about the results of a generator.",
        )


def refuse_loss(lost, order, count):
    comes = "comes" if lost == 1 else "come"
    message = f"Of {count} images {lost} never {comes} out. You get {len(np.unique(order))} different ones."
    raise Wrong("examples-lost", message, *LOST_HINTS)


def listed(numbers):
    return ", ".join(str(int(number)) for number in numbers)


def _require_dataset(dataset):
    require_returned(dataset)
    kind = dataset if isinstance(dataset, str) else ""
    if kind == "as given":
        _refuse_unchanged()
    if kind != "dataset":
        raise Wrong(
            "not-a-dataset",
            f"You return {kind_of(dataset)}; a `tf.data.Dataset` is wanted.",
            "Training wants to ask for the images again and again; leave going through them to others.",
            "Return the dataset as the last method left it: no loop, no list, no second value.",
        )


def _accuse_error(raised):
    text = raised.failure.text
    many_in_one = re.search(r"Cannot add tensor to the batch.*\[\d+,(784|28,28,1)\]", text)
    if "batch tensors with different shapes" in text or many_in_one:
        _refuse_batched_twice("")
    if "reshape" in text.lower() and str(BATCH * 784) in text:
        _refuse_map_after_batch(raised.message)


def _require_batch(element):
    """The first element has to be a batch of preprocessed pairs."""
    if not element["pair"]:
        shape, seen = element["shape"], element["seen"]
        kind = f"one tensor of shape {tuple(shape)}" if shape is not None else f"{kind_of(seen)} of {seen.length}"
        message = f"An element of your dataset is {kind}; a pair (input, target) is wanted."
        raise Wrong("not-a-pair", message, *PAIR_HINTS)
    halves = element["halves"]
    _require_two_tensors(halves)
    shape, target_shape = (tuple(half["shape"]) for half in halves)
    if element.get("as given"):
        _refuse_unchanged()
    if shape == (784,):
        raise Wrong("not-batched", "An element of your dataset is one image, of shape (784,).", *BATCH_HINTS)
    if shape[-3:] == (28, 28, 1) or shape[1:] == (28, 28):
        _refuse_rows_and_columns(shape, element["brightest"])
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
    if halves[0]["dtype"] != "float32":
        message = f"A batch holds {halves[0]['dtype']}; float32 is wanted."
        if halves[0]["dtype"] == "uint8":
            raise Wrong("not-preprocessed", message, *MAP_HINTS)
        hint = "A number can be stored in more or fewer bits; Keras uses 32 of them."
        raise Wrong("wrong-dtype", message, hint, "Where are the pixels converted?")


def _require_two_tensors(halves):
    for name, half in zip(("first", "second"), halves, strict=True):
        if half["kind"] == "dataset":
            message = f"The {name} half of an element is a dataset of its own, not a batch of images."
            raise Wrong("not-a-pair", message, *BATCH_HINTS)
        if half["kind"] == "tuple":
            message = f"The {name} half of an element is a pair itself. A pair inside a pair is one too many."
            raise Wrong("not-a-pair", message, *PAIR_HINTS)
        if half["kind"] == "other":
            message = f"The {name} half of an element is {kind_of(half['seen'])}, not a tensor."
            raise Wrong("not-a-pair", message, *PAIR_HINTS)


def _refuse_rows_and_columns(shape, brightest):
    if brightest > 1:
        raise Wrong("not-preprocessed", f"The images come out unscaled, of shape {shape}.", *MAP_HINTS)
    message = f"The images come out scaled, but not flattened: the shape is {shape}."
    raise Wrong("not-flattened", message, "The model takes each image as one long row of pixels.", SHAPE_HINT)


def _refuse_odd(what, inputs, targets, images):
    """Say what is wrong with a batch in which something was not recognised."""
    if what == "target":
        _refuse_target(inputs, targets, images)
    flat = images.reshape(len(images), -1)
    known = {image.tobytes() for image in flat}
    unlike = np.array([row.tobytes() not in known for row in _as_bytes(inputs)])
    unknown, count = int(unlike.sum()), len(inputs)
    if not unknown:
        raise Unreadable("an odd batch in which nothing is odd")
    which = f"{unknown} of the {count} images of a batch"
    if inputs.min() >= 0 and 0.5 < inputs.max() <= 1:
        if mistake := _mistake_in(inputs[np.argmax(unlike)], flat):
            fails = "does not come out as it should" if unknown == 1 else "do not come out as they should"
            message = "No image comes out as it should." if unknown == count else f"{which} {fails}."
            raise Wrong("other-images", f"{message} {mistake.message}", *mistake.hints)
        what = "What comes out goes from 0 to 1, but" if unknown == count else which
        are = "are" if 1 < unknown < count else "is"
        raise Wrong(
            "other-images",
            f"{what} {are} none of the images your function was given, scaled to 0..1.",
            "Your function is called with different datasets: for training, for the test, by this check.",
            "Which dataset does your first line start from: the argument, or a variable of the notebook? And does "
            "anything but your preprocessing touch the pixels?",
        )
    if inputs.max() > 1.5:
        raise Wrong("not-preprocessed", f"The pixels of a batch go from {span(inputs)}, not from 0 to 1.", *MAP_HINTS)
    if inputs.max() < 0.01:
        message = f"The pixels of a batch go from {span(inputs)} only: they are scaled down twice."
        raise Wrong("preprocessed-twice", message, "One step has been done once too often.", MAP_HINTS[0])
    message = f"The pixels of a batch go from {span(inputs)}; they should go from 0 to 1."
    raise Wrong("wrong-values", message, *MAP_HINTS)


def _as_bytes(rows):
    return np.clip(np.rint(rows * 255), 0, 255).astype(np.uint8)


def _mistake_in(row, flat):
    """The usual mistake that makes this row of one of the images; None if there is none."""
    try:
        for image in flat:
            accuse(row, MISTAKES, image.astype(np.float64), tolerance=1e-3)
    except Wrong as mistake:
        return mistake
    return None


def _refuse_target(inputs, targets, images):
    index = {image.tobytes(): number for number, image in enumerate(images)}
    first, second = ([index.get(row.tobytes(), -1) for row in _as_bytes(part)] for part in (inputs, targets))
    message = "Input and target of a batch are not the same images."
    if min(first + second) < 0 or first == second:
        worst = np.unravel_index(np.argmax(np.abs(inputs - targets)), inputs.shape)
        message = (
            f"Input and target of a batch differ: where the input has {inputs[worst]:.3f}, the target has "
            f"{targets[worst]:.3f}."
        )
    hint = "What belongs together has to stay together on every step."
    raise Wrong("target-differs", message, hint, "Whatever you do to the inputs, do to pairs.")


def _require_first(first, batches, images):
    """The pixels of the first batch, input and target, have to be those of the images that it says it holds."""
    inputs, targets = first
    indices = batches[0]
    if (
        indices.dtype.kind != "i"
        or indices.ndim != 1
        or not len(indices)
        or not 0 <= indices.min() <= indices.max() < len(images)
    ):
        raise Unreadable("images that do not exist")
    right = images[indices].reshape(len(indices), -1) / 255
    if not (same(inputs, right, 2e-3) and same(targets, right, 3e-3)):
        raise Unreadable("a first batch of other pixels than those of its images")


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
