"""Judges exercises 1.2 and 1.3: a dataset of images becomes batches to train on, and batches to test on."""

import itertools

import numpy as np

from labutils.checks.batches import BATCH, BATCH_HINTS, HANDS_BACK, LOST_HINTS, READING_SECONDS, Source, batches_of
from labutils.checks.verdict import Wrong

OTHER_BATCH = 50
TRAIN_IMAGES, TEST_IMAGES = 1100, 300
SMALLEST_BUFFER = 200  # an image should be able to move by more than one batch of 128

SHUFFLE_HINTS = (
    "In a new order each time, a batch shows a bit of everything; think of cards before a game.",
    "Look at the method that shuffles: it holds some images back and draws among those. How many does it need, and "
    "should it see images or whole batches?",
)
REPEAT_HINTS = (
    "Training goes over the images many times, without asking for them anew.",
    f"{HANDS_BACK} Which one starts again when it reaches the end, and for how long does it go on?",
)
TEST_HINTS = (
    "The test is a measurement: each image once, always in the same order, so that two results can be compared.",
    "Which steps of the training recipe are there only for learning?",
)


def train_dataset(student):
    """Judge ``make_train_dataset(dataset, batch_size)``; returns what to say when it is right."""
    source = Source(TRAIN_IMAGES)
    dataset, batches = batches_of(student, source, 3 * TRAIN_IMAGES)
    order = np.concatenate(batches)
    _require_images_shuffled(order, batches)
    _require_all_trained(order)
    _require_shuffled(order)
    _require_whole_passes(batches)
    _require_endless(dataset, order)
    _require_new_order(order)
    _require_batch_size(student, source, batches, (TRAIN_IMAGES % BATCH,))
    return f"Batches of {BATCH} preprocessed images, in a new order each pass, without end."


def test_dataset(student):
    """Judge ``make_test_dataset(dataset, batch_size)``; returns what to say when it is right."""
    source = Source(TEST_IMAGES)
    _, batches = batches_of(student, source, 2 * TEST_IMAGES + BATCH)
    order = np.concatenate(batches)
    first_pass = order[: _pass_length(order)]
    repeated, shuffled = len(order) > len(first_pass), bool(np.any(np.diff(first_pass) < 0))
    if shuffled and repeated:
        raise Wrong("like-train", "The test images are shuffled and repeated, like those for training.", *TEST_HINTS)
    if repeated:
        message = f"After {len(first_pass)} images your dataset begins anew; the test has {TEST_IMAGES} and ends there."
        raise Wrong("repeated", message, *TEST_HINTS)
    _require_all_tested(order, batches)
    if shuffled and all(np.all(np.diff(batch) == 1) for batch in batches):
        raise Wrong("batches-shuffled", "The order of the batches is shuffled.", *TEST_HINTS)
    if shuffled:
        message = f"The order has changed: first come the images {_listed(order[:5])}, counted from 0."
        raise Wrong("shuffled", message, *TEST_HINTS)
    _require_batch_size(student, source, batches, (TEST_IMAGES % BATCH,))
    return f"Batches of {BATCH} preprocessed images, each image once, in their order."


def _pass_length(order):
    """After how many images one comes for the second time."""
    seen = set()
    for position, image in enumerate(order):
        if image in seen:
            return position
        seen.add(image)
    return len(order)


def _require_all_tested(order, batches):
    lost = TEST_IMAGES - len(np.unique(order))
    if lost == TEST_IMAGES % BATCH and len(batches[-1]) == BATCH:
        raise Wrong(
            "remainder-dropped",
            f"Of {TEST_IMAGES} images {lost} are missing: those that do not fill a last batch of {BATCH}.",
            "A measurement should leave nobody out.",
            "May a batch be smaller than the others? Something in your code says no.",
        )
    if lost:
        _refuse_loss(lost, order, TEST_IMAGES)


def _require_all_trained(order):
    # A dataset repeated before a large shuffle may hold back a few images for three passes; that is no loss. A small
    # last batch may be left out of each pass, too: other images in each, or the order is the same, which is said later.
    lost = TRAIN_IMAGES - len(np.unique(order))
    if lost > TRAIN_IMAGES % BATCH:
        _refuse_loss(lost, order, TRAIN_IMAGES)


def _require_whole_passes(batches):
    """Where a small batch ends each pass, it shows how many images a pass has."""
    sizes = [len(batch) for batch in batches]
    short = next((number for number, size in enumerate(sizes) if size != BATCH), 0)
    images = sum(sizes[: short + 1])
    if 0 < short < len(sizes) - 1 and images < TRAIN_IMAGES:
        message = f"A pass over your dataset has {images} images, but it was given {TRAIN_IMAGES}."
        raise Wrong("examples-lost", message, *LOST_HINTS)


def _refuse_loss(lost, order, count):
    message = f"Of {count} images {lost} never come out. You get {len(np.unique(order))} different ones."
    raise Wrong("examples-lost", message, *LOST_HINTS)


def _require_images_shuffled(order, batches):
    """Not whole batches: a large buffer of those loses images too, but that is not the mistake."""
    in_order = all(one[0] < other[0] for one, other in itertools.pairwise(batches[: TRAIN_IMAGES // BATCH]))
    if np.mean(np.diff(order) == 1) > 0.7 and not in_order:
        message = f"You shuffle whole batches: inside each, images stay together ({_listed(batches[0][:4])}, ...)."
        raise Wrong("batches-shuffled", message, *SHUFFLE_HINTS)


def _require_shuffled(order):
    first_pass = order[:TRAIN_IMAGES]
    if np.all(np.diff(first_pass) > 0):
        raise Wrong("not-shuffled", "The images come out in the order they went in: 0, 1, 2, 3, ...", *SHUFFLE_HINTS)
    early = first_pass[: TRAIN_IMAGES * 4 // 5]
    reach = int(np.max(early - np.arange(len(early)))) + 1  # a buffer of n lets an image move forward by n - 1 at most
    if reach < SMALLEST_BUFFER:
        raise Wrong(
            "buffer-too-small",
            f"You shuffle among about {reach} images only, and a batch has {BATCH}: neighbours stay neighbours, and "
            "each pass makes nearly the same batches.",
            *SHUFFLE_HINTS,
        )


def _require_endless(dataset, order):
    if len(order) <= TRAIN_IMAGES:
        raise Wrong("not-repeated", f"After {len(order)} images your dataset ends.", *REPEAT_HINTS)
    batches = int(dataset.cardinality())
    if batches >= 0 or len(order) < 3 * TRAIN_IMAGES:
        length = f"{batches} batches" if batches >= 0 else f"{len(order)} images"
        raise Wrong("finite", f"Your dataset starts again, but ends after {length}.", *REPEAT_HINTS)


def _require_new_order(order):
    lengths = {TRAIN_IMAGES, TRAIN_IMAGES - TRAIN_IMAGES % BATCH}  # of a pass, whole or without the last small batch
    if any(np.array_equal(order[: 4 * BATCH], order[n : n + 4 * BATCH]) for n in lengths):
        raise Wrong(
            "same-order",
            f"The second pass has the same order as the first: both begin with {_listed(order[:4])}.",
            "Shuffled once is not shuffled each time.",
            "Look at what stands after the shuffling and keeps its result, and at the options of the method itself.",
        )


def _require_batch_size(student, source, batches, remainders):
    sizes = [len(batch) for batch in batches]
    odd = [size for size in sizes if size != BATCH and size not in remainders]
    other = student.attempt(_first_size, student.function, source, seconds=READING_SECONDS)
    if other == sizes[0]:
        message = f"Asked for batches of {BATCH} and of {OTHER_BATCH}, you make batches of {other} both times."
        raise Wrong("batch-size-ignored", message, *BATCH_HINTS)
    if odd or other != OTHER_BATCH:
        message = f"Asked for batches of {BATCH} you make batches of {_listed(dict.fromkeys(sizes[:10]))}."
        raise Wrong("wrong-batch-size", message, *BATCH_HINTS)


def _first_size(function, source):
    inputs, *_ = next(iter(function(source.dataset, OTHER_BATCH)))
    return len(inputs)


def _listed(numbers):
    return ", ".join(str(int(number)) for number in numbers)
