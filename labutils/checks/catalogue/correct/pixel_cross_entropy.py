"""Right answers to exercise 3.1, ``pixel_cross_entropy(target, output)``."""

import math

import keras
import numpy as np
import tensorflow as tf
from scipy.special import xlogy

from labutils.checks.catalogue import right

TINY = 1e-7


def inside(output):
    return np.clip(output, TINY, 1 - TINY)


@right
def clipped(target, output):
    output = np.clip(output, 1e-7, 1 - 1e-7)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@right
def epsilon_inside_the_logarithm(target, output):
    eps = 1e-7
    losses = -(target * np.log(output + eps) + (1 - target) * np.log(1 - output + eps))
    return losses.mean()


@right
def two_means(target, output):
    output = inside(output)
    ink = -np.mean(target * np.log(output))
    paper = -np.mean((1 - target) * np.log1p(-output))
    return float(ink + paper)


@right
def sum_over_size(target, output):
    output = np.minimum(np.maximum(output, 1e-6), 1 - 1e-6)
    return np.sum(-target * np.log(output) - (1 - target) * np.log(1 - output)) / target.size


@right
def keras_loss(target, output):
    return keras.losses.BinaryCrossentropy()(target, output)


@right
def keras_function(target, output):
    return np.mean(keras.losses.binary_crossentropy(target, output))


@right
def tensorflow(target, output):
    output = tf.clip_by_value(output, 1e-7, 1 - 1e-7)
    losses = -(target * tf.math.log(output) + (1 - target) * tf.math.log(1 - output))
    return tf.reduce_mean(losses).numpy()


@right
def python_loop(target, output):
    total = 0.0
    for t, o in zip(np.ravel(target), np.ravel(output), strict=True):
        o = min(max(float(o), 1e-7), 1 - 1e-7)
        total -= t * math.log(o) + (1 - t) * math.log(1 - o)
    return total / np.size(target)


@right
def bits_turned_into_nats(target, output):
    output = inside(output)
    return -np.mean(target * np.log2(output) + (1 - target) * np.log2(1 - output)) * np.log(2)


@right
def wide_epsilon(target, output):
    output = np.clip(output, 1e-4, 1 - 1e-4)
    return -(target * np.log(output) + (1 - target) * np.log(1 - output)).mean()


@right
def logarithm_bounded_as_in_pytorch(target, output):
    with np.errstate(divide="ignore"):
        ink, paper = np.maximum(np.log(output), -100), np.maximum(np.log(1 - output), -100)
    return -np.mean(target * ink + (1 - target) * paper)


@right
def in_doubles_with_a_tinier_epsilon(target, output):
    output = np.clip(np.asarray(output, np.float64), 1e-12, 1 - 1e-12)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@right
def scipys_function(target, output):
    output = inside(output)
    return -np.mean(xlogy(target, output) + xlogy(1 - target, 1 - output))


@right
def keras_operation(target, output):
    return keras.ops.mean(keras.ops.binary_crossentropy(target, output))


@right
def array_without_dimensions(target, output):
    return np.array(clipped.handed_in(target, output))
