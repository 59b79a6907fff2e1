"""Exercise 1.2: a dataset of images becomes batches to train on."""

import itertools

import numpy as np

from labutils.asking.questions import images_of
from labutils.exercises import Exercise
from labutils.judging import NeverEnds, Wrong
from labutils.judging.batches import (
    BATCH,
    BATCH_HINTS,
    HANDS_BACK,
    LOST_HINTS,
    late,
    listed,
    read,
    refuse_loss,
    require_batch_size,
    require_known_shape,
)

EXERCISE = Exercise(
    number="1.2",
    signature="make_train_dataset(dataset, batch_size)",
    check="train_dataset",
    reference="labutils.datasets",
)

IMAGES = 1100
REMAINDER = IMAGES % 128
HELD_BACK = 150  # a buffer of 60,000 behind `repeat` shows all but some 55 images in three passes, the rest by and by
PATIENCE = 16  # passes, after which none of those should be left
FEW_IMAGES, FEW_BATCH, MANY_PASSES = 15, 10, 100  # quickly read; so few that a pass has one or two batches
PASSES_SECONDS = 1  # code that prepares each pass anew shows fewer of them


def ask(student, seed):
    from labutils.asking.batches import READING_SECONDS, Source, ask_dataset, ask_other_size
    from labutils.asking.student import Stopped

    source = Source(seed, IMAGES)
    dataset = ask_dataset(student, source, _show_all)
    ask_other_size(student, source)
    student.note("most often", MANY_PASSES)
    if int(dataset.cardinality()) == -2:  # unknown: with few images it is quickly read to its end, if it has one
        few = Source(seed, FEW_IMAGES)
        try:
            most = student.attempt("most often", _most_often, student.function, few, seconds=READING_SECONDS)
            student.note("most often", most)
        except Stopped:  # what works with many images, but not with so few, is no mistake
            if student.answers["most often"].error:
                student.note("most often", MANY_PASSES)


def _show_all(batches):
    """Whether three passes show each image, or more passes those that a large shuffle behind `repeat` held back.

    A small last batch may be left out of each pass, too: the next passes leave out other images.
    """
    images = sum(map(len, batches))
    if images < 3 * IMAGES:
        return False
    lost = IMAGES - len(np.unique(np.concatenate(batches)))
    return lost == 0 or lost > HELD_BACK or images >= PATIENCE * IMAGES


def _most_often(function, few):
    """How often the image that comes most often comes, up to many times; many, too, if the time does not suffice."""
    import time

    from labutils.asking.clock import slowness

    counts, began = np.zeros(FEW_IMAGES, int), time.process_time()
    for inputs, *_ in function(few.dataset, FEW_BATCH):
        np.add.at(counts, few.indices(np.asarray(inputs)), 1)
        if counts.max() >= MANY_PASSES or time.process_time() - began > PASSES_SECONDS * slowness():
            return MANY_PASSES
    return int(counts.max())


# ----- judging -----

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


def judge(answers, seed):
    many = "You shuffle whole batches: inside each, images stay together."
    batches = read(answers, images_of(seed, IMAGES), Wrong("batches-shuffled", many, *SHUFFLE_HINTS))
    order = np.concatenate(batches)
    _require_images_shuffled(order, batches)
    _require_all(order, REMAINDER)
    _require_shuffled(order, len(batches[0]))
    _require_whole_passes(batches)
    _require_endless(answers["cardinality"], order)
    _require_new_order(order)
    _require_all(order)
    require_batch_size(answers, batches, (REMAINDER,))
    _require_many_passes(answers)
    require_known_shape(answers)
    return f"Batches of {BATCH} preprocessed images, in a new order each pass, without end."


def _require_all(order, forgiven=0):
    """Up to a small batch may be forgiven until it is known that each pass has an order of its own."""
    lost = IMAGES - len(np.unique(order))
    if lost > forgiven:
        refuse_loss(lost, order, IMAGES)


def _require_images_shuffled(order, batches):
    """Not whole batches: a large buffer of those loses images too, but that is not the mistake."""
    in_order = all(one[0] < other[0] for one, other in itertools.pairwise(batches[: IMAGES // BATCH]))
    if np.mean(np.diff(order) == 1) > 0.7 and not in_order:
        message = f"You shuffle whole batches: inside each, images stay together ({listed(batches[0][:4])}, ...)."
        raise Wrong("batches-shuffled", message, *SHUFFLE_HINTS)


def _require_shuffled(order, size):
    first_pass = order[:IMAGES]
    if np.all(np.diff(first_pass) > 0):
        raise Wrong("not-shuffled", "The images come out in the order they went in: 0, 1, 2, 3, ...", *SHUFFLE_HINTS)
    early = first_pass[: IMAGES * 4 // 5]
    reach = int(np.max(early - np.arange(len(early)))) + 1  # a buffer of n lets an image move forward by n - 1 at most
    if BATCH * 0.9 < reach <= BATCH and size > SMALLEST_BUFFER:
        raise Wrong(
            "numbers-exchanged",
            f"You shuffle among about {reach} images, and your batches have {size}; batches of {BATCH} are asked for. "
            "The two numbers seem to be exchanged.",
            "Two of your steps take a number: one is told how many images to draw from, the other how many to stack.",
            BATCH_HINTS[1],
        )
    if reach < SMALLEST_BUFFER:
        raise Wrong(
            "buffer-too-small",
            f"You shuffle among about {reach} images only, and your batches have {size}: neighbours stay neighbours, "
            "and each pass makes nearly the same batches.",
            *SHUFFLE_HINTS,
        )


def _require_whole_passes(batches):
    """Where each pass has a small batch, its batches show how many images it has."""
    count = next((n for n in range(len(batches)) if not _all_differ(batches[: n + 1])), len(batches))
    one, other = batches[:count], batches[count : 2 * count]
    sizes, images = sorted(map(len, one)), sum(map(len, one))
    are_passes = sorted(map(len, other)) == sizes and _all_differ(other)  # not so if batches of two passes are mixed
    if sizes and sizes[0] < BATCH and are_passes and images < IMAGES:
        message = f"A pass over your dataset has {images} images, but it was given {IMAGES}."
        raise Wrong("examples-lost", message, *LOST_HINTS)


def _all_differ(batches):
    images = [image for batch in batches for image in batch]
    return len(set(images)) == len(images)


def _require_endless(cardinality, order):
    if len(order) <= IMAGES:
        raise Wrong("not-repeated", f"After {len(order)} images your dataset ends.", *REPEAT_HINTS)
    if cardinality >= 0 or len(order) < 3 * IMAGES:
        length = f"{cardinality} batches" if cardinality >= 0 else f"{len(order)} images"
        raise Wrong("finite", f"Your dataset starts again, but ends after {length}.", *REPEAT_HINTS)


def _require_new_order(order):
    lengths = {IMAGES, IMAGES - REMAINDER}  # of a pass, whole or without the last small batch
    if any(np.array_equal(order[: 4 * BATCH], order[n : n + 4 * BATCH]) for n in lengths):
        raise Wrong(
            "same-order",
            f"The second pass has the same order as the first: both begin with {listed(order[:4])}.",
            "Shuffled once is not shuffled each time.",
            "Look at what stands after the shuffling and keeps its result, and at the options of the method itself.",
        )


def _require_many_passes(answers):
    try:
        most = answers["most often"]
    except NeverEnds:
        raise late() from None
    if 0 < most < MANY_PASSES:
        message = f"Your dataset starts again, but ends when an image has come {most} times."
        raise Wrong("finite", message, *REPEAT_HINTS)
