"""The cross-entropy and its usual mistakes, for the judges of the exercises in which it is programmed and chosen."""

import numpy as np

EDGE_HINTS = (
    "The logarithm of 0 is not a number. An output can be exactly 0 or exactly 1.",
    "Keep the output a tiny step away from both ends before you take logarithms. How tiny may it be, so that float32 "
    "still sees a difference from 1?",
)

# Of targets t and outputs o, of shape (images, pixels), in 0..1; outputs not at the very ends.


def cross_entropy(t, o, log=np.log):
    return -np.mean(t * log(o) + (1 - t) * log(1 - o))


def squared_error(t, o):
    return np.mean((t - o) ** 2)


def absolute_error(t, o):
    return np.mean(np.abs(t - o))


def classifier_loss(t, o):
    """As if all outputs of an image competed for a sum of 1."""
    return -np.mean(np.sum(t * np.log(o / o.sum(axis=1, keepdims=True)), axis=1))


def from_logits(t, o):
    return cross_entropy(t, 1 / (1 + np.exp(-o)))


def smoothed(share):
    """The cross-entropy of targets that are this much greyer."""
    return lambda t, o: cross_entropy(t * (1 - share) + share / 2, o)
