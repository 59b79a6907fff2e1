"""Judges exercises 1.2 and 1.3: a dataset of images becomes batches to train on, and batches to test on."""

import itertools
import time

import numpy as np
import tensorflow as tf

from labutils.checks.batches import (
    BATCH,
    BATCH_HINTS,
    HANDS_BACK,
    LATE,
    LOST_HINTS,
    READING_SECONDS,
    Source,
    batches_of,
    require_known_shape,
)
from labutils.checks.running import slowness
from labutils.checks.verdict import Raised, Wrong

OTHER_BATCH = 50
TRAIN_IMAGES, TEST_IMAGES = 1100, 300
REMAINDER = TRAIN_IMAGES % BATCH
HELD_BACK = 150  # a buffer of 60,000 behind `repeat` shows all but some 55 images in three passes, the rest by and by
PATIENCE = 16  # passes, after which none of those should be left
PASSES_SECONDS = 1  # who prepares each pass anew shows fewer of them
FEW_IMAGES, FEW_BATCH, MANY_PASSES = 15, 10, 100  # quickly read; so few that a pass has one or two batches
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
MANY_SHUFFLED = "batches-shuffled", "You shuffle whole batches: inside each, images stay together.", *SHUFFLE_HINTS
LIKE_TRAIN = "like-train", "The test images are shuffled and repeated, like those for training.", *TEST_HINTS


def train_dataset(student):
    """Judge ``make_train_dataset(dataset, batch_size)``; returns what to say when it is right."""
    source = Source(TRAIN_IMAGES)
    dataset, batches = batches_of(student, source, _show_all, MANY_SHUFFLED)
    order = np.concatenate(batches)
    _require_images_shuffled(order, batches)
    _require_all_trained(order, REMAINDER)
    _require_shuffled(order, len(batches[0]))
    _require_whole_passes(batches)
    _require_endless(dataset, order)
    _require_new_order(order)
    _require_all_trained(order)
    _require_batch_size(student, source, batches, (REMAINDER,))
    _require_many_passes(student, dataset)
    require_known_shape(dataset)
    return f"Batches of {BATCH} preprocessed images, in a new order each pass, without end."


def test_dataset(student):
    """Judge ``make_test_dataset(dataset, batch_size)``; returns what to say when it is right."""
    source = Source(TEST_IMAGES)
    dataset, batches = batches_of(student, source, _show_two_passes, LIKE_TRAIN)
    order = np.concatenate(batches)
    first_pass = order[: _pass_length(order)]
    repeated, shuffled = len(order) > len(first_pass), bool(np.any(np.diff(first_pass) < 0))
    if shuffled and repeated:
        raise Wrong(*LIKE_TRAIN)
    if repeated and not np.array_equal(order, np.resize(first_pass, len(order))):
        message = f"Image {order[len(first_pass)]}, counted from 0, comes again before all {TEST_IMAGES} were there."
        raise Wrong("repeated", message, *TEST_HINTS)
    if repeated:
        message = f"After {len(first_pass)} images your dataset begins anew; the test has {TEST_IMAGES} and ends there."
        raise Wrong("repeated", message, *TEST_HINTS)
    _require_all_tested(order, batches)
    if shuffled and all(np.all(np.diff(batch) == 1) for batch in batches):
        raise Wrong("batches-shuffled", "The order of the batches is shuffled.", *TEST_HINTS)
    if shuffled:
        message = f"The order has changed: first come the images {_listed(order[:5])}, counted from 0."
        raise Wrong("shuffled", message, *TEST_HINTS)
    again = student.attempt(_second_time, dataset, source, seconds=READING_SECONDS, when_up=LATE)
    if not np.array_equal(np.sort(again), order):
        _refuse_second_time(again)
    if not np.array_equal(again, order):
        raise Wrong("shuffled", "The second time your dataset is read, its order has changed.", *TEST_HINTS)
    _require_batch_size(student, source, batches, (TEST_IMAGES % BATCH,))
    require_known_shape(dataset)
    return f"Batches of {BATCH} preprocessed images, each image once, in their order."


def _show_two_passes(batches):
    return sum(map(len, batches)) >= 2 * TEST_IMAGES + BATCH


def _second_time(dataset, source):
    """Which images come out when the dataset is read once more; two passes at most."""
    batches = [[]]
    for inputs, _ in dataset:
        batches.append(source.indices(np.asarray(inputs)))
        if _show_two_passes(batches):
            break
    return np.concatenate(batches)


def _refuse_second_time(again):
    comes = f"{len(np.unique(again))} of {TEST_IMAGES} images come" if len(again) else "nothing comes"
    raise Wrong(
        "read-once",
        f"The second time your dataset is read, {comes} out.",
        "The test is done after every epoch, and always with the same images.",
        "Something in your function is made once and used up by reading: an iterator, or a generator that was called "
        "already. What would make a new one each time?",
    )


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


def _show_all(batches):
    """Whether three passes show each image, or more passes those that a large shuffle behind `repeat` held back.

    A small last batch may be left out of each pass, too: the next passes leave out other images.
    """
    images = sum(map(len, batches))
    if images < 3 * TRAIN_IMAGES:
        return False
    lost = TRAIN_IMAGES - len(np.unique(np.concatenate(batches)))
    return lost == 0 or lost > HELD_BACK or images >= PATIENCE * TRAIN_IMAGES


def _require_all_trained(order, forgiven=0):
    """Up to a small batch may be forgiven until it is known that each pass has an order of its own."""
    lost = TRAIN_IMAGES - len(np.unique(order))
    if lost > forgiven:
        _refuse_loss(lost, order, TRAIN_IMAGES)


def _require_whole_passes(batches):
    """Where each pass has a small batch, its batches show how many images it has."""
    count = next((n for n in range(len(batches)) if not _all_differ(batches[: n + 1])), len(batches))
    one, other = batches[:count], batches[count : 2 * count]
    sizes, images = sorted(map(len, one)), sum(map(len, one))
    are_passes = sorted(map(len, other)) == sizes and _all_differ(other)  # not so if batches of two passes are mixed
    if sizes and sizes[0] < BATCH and are_passes and images < TRAIN_IMAGES:
        message = f"A pass over your dataset has {images} images, but it was given {TRAIN_IMAGES}."
        raise Wrong("examples-lost", message, *LOST_HINTS)


def _all_differ(batches):
    images = [image for batch in batches for image in batch]
    return len(set(images)) == len(images)


def _refuse_loss(lost, order, count):
    comes = "comes" if lost == 1 else "come"
    message = f"Of {count} images {lost} never {comes} out. You get {len(np.unique(order))} different ones."
    raise Wrong("examples-lost", message, *LOST_HINTS)


def _require_images_shuffled(order, batches):
    """Not whole batches: a large buffer of those loses images too, but that is not the mistake."""
    in_order = all(one[0] < other[0] for one, other in itertools.pairwise(batches[: TRAIN_IMAGES // BATCH]))
    if np.mean(np.diff(order) == 1) > 0.7 and not in_order:
        message = f"You shuffle whole batches: inside each, images stay together ({_listed(batches[0][:4])}, ...)."
        raise Wrong("batches-shuffled", message, *SHUFFLE_HINTS)


def _require_shuffled(order, size):
    first_pass = order[:TRAIN_IMAGES]
    if np.all(np.diff(first_pass) > 0):
        raise Wrong("not-shuffled", "The images come out in the order they went in: 0, 1, 2, 3, ...", *SHUFFLE_HINTS)
    early = first_pass[: TRAIN_IMAGES * 4 // 5]
    reach = int(np.max(early - np.arange(len(early)))) + 1  # a buffer of n lets an image move forward by n - 1 at most
    if BATCH * 0.9 < reach <= BATCH and size > SMALLEST_BUFFER:
        raise Wrong(
            "numbers-exchanged",
            f"You shuffle among about {reach} images, and your batches have {size}; batches of {BATCH} are asked for. "
            "The two numbers seem to be exchanged.",
            "Two of your steps take a number: one is told how many images to draw from, the other how many to stack.",
            *BATCH_HINTS[1:],
        )
    if reach < SMALLEST_BUFFER:
        raise Wrong(
            "buffer-too-small",
            f"You shuffle among about {reach} images only, and your batches have {size}: neighbours stay neighbours, "
            "and each pass makes nearly the same batches.",
            *SHUFFLE_HINTS,
        )


def _require_endless(dataset, order):
    if len(order) <= TRAIN_IMAGES:
        raise Wrong("not-repeated", f"After {len(order)} images your dataset ends.", *REPEAT_HINTS)
    batches = int(dataset.cardinality())
    if batches >= 0 or len(order) < 3 * TRAIN_IMAGES:
        length = f"{batches} batches" if batches >= 0 else f"{len(order)} images"
        raise Wrong("finite", f"Your dataset starts again, but ends after {length}.", *REPEAT_HINTS)


def _require_many_passes(student, dataset):
    """Read a dataset of unknown length to its end, if it has one: with few images that is quickly done."""
    if int(dataset.cardinality()) != tf.data.UNKNOWN_CARDINALITY:
        return
    try:
        most = student.attempt(_most_often, student.function, seconds=READING_SECONDS, when_up=LATE)
    except Raised:  # what works with many images, but not with so few, is no mistake
        return
    if 0 < most < MANY_PASSES:
        message = f"Your dataset starts again, but ends when an image has come {most} times."
        raise Wrong("finite", message, *REPEAT_HINTS)


def _most_often(function):
    """How often the image that comes most often comes, up to many times; many, too, if the time does not suffice."""
    few, began = Source(FEW_IMAGES), time.process_time()
    counts = np.zeros(FEW_IMAGES, int)
    for inputs, *_ in function(few.dataset, FEW_BATCH):
        np.add.at(counts, few.indices(np.asarray(inputs)), 1)
        if counts.max() >= MANY_PASSES or time.process_time() - began > PASSES_SECONDS * slowness():
            return MANY_PASSES
    return counts.max()


def _require_new_order(order):
    lengths = {TRAIN_IMAGES, TRAIN_IMAGES - REMAINDER}  # of a pass, whole or without the last small batch
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
    other = student.attempt(_first_size, student.function, source, seconds=READING_SECONDS, when_up=LATE)
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
