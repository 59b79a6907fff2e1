"""Right answers to exercise 5.2, ``reconstruction_error(images, reconstructions)``."""

import keras
import numpy as np
import tensorflow as tf
from sklearn.metrics import mean_squared_error

from labutils.checks.catalogue import right

PIXELS = (1, 2)


@right
def mean_over_both_axes(images, reconstructions):
    return np.mean((images - reconstructions) ** 2, axis=(1, 2))


@right
def flattened_first(images, reconstructions):
    difference = (images - reconstructions).reshape(len(images), -1)
    return np.square(difference).mean(axis=1)


@right
def one_axis_after_the_other(images, reconstructions):
    return ((reconstructions - images) ** 2).mean(axis=-1).mean(axis=-1)


@right
def sum_over_784(images, reconstructions):
    return np.sum(np.power(images - reconstructions, 2), axis=PIXELS) / 784


@right
def loop(images, reconstructions):
    errors = []
    for image, reconstruction in zip(images, reconstructions, strict=True):
        errors.append(np.mean((image - reconstruction) ** 2))
    return np.array(errors)


@right
def tensorflow(images, reconstructions):
    return tf.reduce_mean(tf.math.squared_difference(images, reconstructions), axis=[1, 2])


@right
def keras_function_on_rows(images, reconstructions):
    n = len(images)
    return keras.losses.mean_squared_error(images.reshape(n, -1), reconstructions.reshape(n, -1))


@right
def einsum(images, reconstructions):
    difference = images - reconstructions
    return np.einsum("nij,nij->n", difference, difference) / difference[0].size


@right
def scikit_learn(images, reconstructions):
    pairs = zip(images, reconstructions, strict=True)
    return np.array([mean_squared_error(image, picture) for image, picture in pairs])


@right
def keras_operations(images, reconstructions):
    return keras.ops.mean(keras.ops.square(keras.ops.subtract(images, reconstructions)), axis=(1, 2))


@right
def square_of_the_sum(images, reconstructions):
    squares = np.sum(images * images, axis=PIXELS) + np.sum(reconstructions * reconstructions, axis=PIXELS)
    return (squares - 2 * np.einsum("nij,nij->n", images, reconstructions)) / 784
