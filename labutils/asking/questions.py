"""Questions of several exercises, made from the seed by the half that asks and by the half that judges."""

import numpy as np

from labutils.asking import rng

PROBES = np.linspace(-6, 8, 32, dtype=np.float32)  # what an activation is tried on
FAR = 50  # above which the probes are tried once more, and which keeps the last layer away from its bend


def random_weights(seed, sizes):
    """An input, and kernel and bias of two dense layers of these sizes, float32, by chance."""
    random = rng(seed, "whole")
    shapes = (sizes[:1], sizes[:2], sizes[1:2], sizes[1:], sizes[2:])
    return [np.float32(random.normal(0, 0.1, shape)) for shape in shapes]


BATCH, OTHER_BATCH = 128, 50  # the sizes that datasets are asked for


def images_of(seed, count):
    """uint8 (count, 28, 28, 1), no two alike."""
    return rng(seed, f"{count} images").integers(0, 256, (count, 28, 28, 1), dtype=np.uint8)
