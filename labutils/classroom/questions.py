"""What students' functions are asked when they are graded: the same for who asks and who is asked, by a random seed."""

import numpy as np

BATCHES = 16, 25  # sizes that the datasets are asked for
TRAIN_IMAGES, TEST_IMAGES, PASSES = 260, 130, 3
ADAM_STEPS = 3  # enough for a schedule that begins at 0
STEPS, EPOCHS = 6, 3


def _rng(seed, exercise):
    return np.random.default_rng([seed, *exercise.encode()])


def images(seed, exercise, count):
    """uint8 (count, 28, 28, 1), no two alike, mostly paper."""
    rng = _rng(seed, exercise)
    ink = rng.integers(0, 256, (count, 28, 28, 1), dtype=np.uint8)
    return np.where(rng.random(ink.shape) < 0.2, ink, 0).astype(np.uint8)


def labels(count):
    """int64 (count,)."""
    return np.arange(count) % 10


def weights(seed, exercise, shapes):
    """float32 arrays of these shapes, small enough that no sigmoid is at its end."""
    rng = _rng(seed, exercise)
    return [(rng.standard_normal(shape) * 2 / np.sqrt(shape[0])).astype(np.float32) for shape in shapes]


def vectors(seed, exercise, shape):
    """float32 in 0..1."""
    return _rng(seed, exercise).random(shape, dtype=np.float32)


def pixel_pairs(seed):
    """Five pairs of targets and outputs in 0..1, float32; in the last some outputs are exactly 0 and 1.

    Some are dark and some bright, so that one number for all is far from most.
    """
    rng = _rng(seed, "pixel_cross_entropy")
    pairs = []
    for shape in ((6, 784), (4, 99), (3, 784), (1, 784), (6, 784)):
        target, output = (rng.random(shape) ** rng.uniform(0.2, 5) for _ in range(2))
        pairs.append((np.float32(target), np.float32(output.clip(0.01, 0.99))))
    pairs[-1][1][:, :5], pairs[-1][1][:, 5:10] = 0, 1
    return pairs


def counts(seed):
    """Pairs (examples, batch size), int (12, 2); some come out even."""
    rng = _rng(seed, "steps_per_epoch")
    batch = rng.integers(2, 300, 12)
    examples = batch * rng.integers(1, 400, 12) + np.where(np.arange(12) % 3, rng.integers(1, batch), 0)
    return np.stack([examples, batch], axis=1)


def pictures(seed):
    """Originals and reconstructions, float32 (9, 28, 28) each, in 0..1: some near, some far; half an original is 0."""
    originals, others = vectors(seed, "reconstruction_error", (2, 9, 28, 28))
    originals = np.where(vectors(seed, "ink", (9, 28, 28)) < 0.5, np.float32(0), originals)
    share = vectors(seed, "share", (9, 1, 1))
    return originals, (1 - share) * originals + share * others


def lessons(seed):
    """Images for training and for the test, float32 (40, 16) and (30, 16), alike in most pixels."""
    rng = _rng(seed, "training")
    pattern = np.where(rng.random(16) < 0.5, 0.15, 0.85)
    train, test = pattern + rng.uniform(-0.1, 0.1, (40, 16)), pattern + rng.uniform(-0.15, 0.15, (30, 16))
    test[:, :2] = 1 - test[:, :2]  # so that it shows which images were learnt from
    return np.float32(train), np.float32(test)


def steep(seed):
    """Four images, float32 (4, 16), all the same: pixels near white and near black, so that gradients differ much."""
    rng = _rng(seed, "steep")
    image = np.where(np.arange(16) % 2, rng.uniform(0.9, 1, 16), rng.uniform(0.02, 0.06, 16))
    return np.tile(np.float32(image), (4, 1))
