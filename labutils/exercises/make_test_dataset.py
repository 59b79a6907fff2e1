"""Exercise 1.3: a dataset of images becomes batches to test on."""

import numpy as np

from labutils.asking.questions import images_of
from labutils.exercises import Exercise
from labutils.judging import NeverEnds, Wrong
from labutils.judging.batches import BATCH, late, listed, read, refuse_loss, require_batch_size, require_known_shape

EXERCISE = Exercise(
    number="1.3",
    signature="make_test_dataset(dataset, batch_size)",
    check="test_dataset",
    reference="labutils.datasets",
)

IMAGES = 300


def ask(student, seed):
    from labutils.asking.batches import READING_SECONDS, Source, ask_dataset, ask_other_size

    source = Source(seed, IMAGES)
    dataset = ask_dataset(student, source, _show_two_passes)
    again = student.attempt("again", _second_time, dataset, source, seconds=READING_SECONDS)
    student.note("again", again)
    ask_other_size(student, source)


def _show_two_passes(batches):
    return sum(map(len, batches)) >= 2 * IMAGES + 128


def _second_time(dataset, source):
    """Which images come out when the dataset is read once more; two passes at most."""
    batches = [np.zeros(0, np.int64)]
    for inputs, _ in dataset:
        batches.append(source.indices(np.asarray(inputs)))
        if _show_two_passes(batches):
            break
    return np.concatenate(batches)


# ----- judging -----

TEST_HINTS = (
    "The test is a measurement: each image once, always in the same order, so that two results can be compared.",
    "Which steps of the training recipe are there only for learning?",
)


def judge(answers, seed):
    like_train = Wrong("like-train", "The test images are shuffled and repeated, like those for training.", *TEST_HINTS)
    batches = read(answers, images_of(seed, IMAGES), like_train)
    order = np.concatenate(batches)
    first_pass = order[: _pass_length(order)]
    repeated, shuffled = len(order) > len(first_pass), bool(np.any(np.diff(first_pass) < 0))
    if shuffled and repeated:
        raise like_train
    if repeated:
        message = f"After {len(first_pass)} images your dataset begins anew; the test has {IMAGES} and ends there."
        if not np.array_equal(order, np.resize(first_pass, len(order))):
            message = f"Image {order[len(first_pass)]}, counted from 0, comes again before all {IMAGES} were there."
        raise Wrong("repeated", message, *TEST_HINTS)
    _require_all(order, batches)
    if shuffled and all(np.all(np.diff(batch) == 1) for batch in batches):
        raise Wrong("batches-shuffled", "The order of the batches is shuffled.", *TEST_HINTS)
    if shuffled:
        message = f"The order has changed: first come the images {listed(order[:5])}, counted from 0."
        raise Wrong("shuffled", message, *TEST_HINTS)
    _require_second_time(answers, order)
    require_batch_size(answers, batches, (IMAGES % BATCH,))
    require_known_shape(answers)
    return f"Batches of {BATCH} preprocessed images, each image once, in their order."


def _pass_length(order):
    """After how many images one comes for the second time."""
    seen = set()
    for position, image in enumerate(order):
        if image in seen:
            return position
        seen.add(image)
    return len(order)


def _require_all(order, batches):
    lost = IMAGES - len(np.unique(order))
    if lost == IMAGES % BATCH and len(batches[-1]) == BATCH:
        raise Wrong(
            "remainder-dropped",
            f"Of {IMAGES} images {lost} are missing: those that do not fill a last batch of {BATCH}.",
            "A measurement should leave nobody out.",
            "May a batch be smaller than the others? Something in your code says no.",
        )
    if lost:
        refuse_loss(lost, order, IMAGES)


def _require_second_time(answers, order):
    try:
        again = answers["again"]
    except NeverEnds:
        raise late() from None
    if not np.array_equal(np.sort(again), order):
        comes = f"{len(np.unique(again))} of {IMAGES} images come" if len(again) else "nothing comes"
        raise Wrong(
            "read-once",
            f"The second time your dataset is read, {comes} out.",
            "The test is done after every epoch, and always with the same images.",
            "Something in your function is made once and used up by reading: an iterator, or a generator that was "
            "called already. What would make a new one each time?",
        )
    if not np.array_equal(again, order):
        raise Wrong("shuffled", "The second time your dataset is read, its order has changed.", *TEST_HINTS)
