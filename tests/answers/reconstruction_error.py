"""Answers to exercise 5.2, ``reconstruction_error(images, reconstructions)``: right, then wrong."""

import keras
import numpy as np
import tensorflow as tf
from sklearn.metrics import mean_squared_error

from answers import right, wrong

# ----- right answers -----


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


# ----- wrong answers -----


@wrong("one-number")
def one_for_all(images, reconstructions):
    return np.mean((images - reconstructions) ** 2)


@wrong("one-number")
def sum_for_all(images, reconstructions):
    return np.sum((images - reconstructions) ** 2)


@wrong("one-number")
def root_for_all(images, reconstructions):
    return np.sqrt(np.mean((images - reconstructions) ** 2))


@wrong("summed")
def summed(images, reconstructions):
    return np.sum((images - reconstructions) ** 2, axis=(1, 2))


@wrong("absolute")
def absolute(images, reconstructions):
    return np.mean(np.abs(images - reconstructions), axis=(1, 2))


@wrong("root")
def root(images, reconstructions):
    return np.sqrt(np.mean((images - reconstructions) ** 2, axis=(1, 2)))


@wrong("root")
def length(images, reconstructions):
    return np.linalg.norm(images - reconstructions, axis=(1, 2))


@wrong("not-averaged")
def squares_only(images, reconstructions):
    return (images - reconstructions) ** 2


@wrong("one-axis")
def columns_left(images, reconstructions):
    return np.mean((images - reconstructions) ** 2, axis=1)


@wrong("one-axis")
def keras_function(images, reconstructions):
    return keras.losses.mean_squared_error(images, reconstructions)


@wrong("averaged-over-images")
def over_the_images(images, reconstructions):
    return np.mean((images - reconstructions) ** 2, axis=0)


@wrong("wrong-axis")
def axes_counted_from_one(images, reconstructions):
    return np.mean((images - reconstructions) ** 2, axis=(0, 1))


@wrong("not-squared")
def not_squared(images, reconstructions):
    return np.mean(images - reconstructions, axis=(1, 2))


@wrong("squared-too-late")
def squared_too_late(images, reconstructions):
    return np.mean(images - reconstructions, axis=(1, 2)) ** 2


@wrong("variance")
def variance(images, reconstructions):
    return np.var(images - reconstructions, axis=(1, 2))


@wrong("negative")
def wrong_sign(images, reconstructions):
    return -np.mean((images - reconstructions) ** 2, axis=(1, 2))


@wrong("halved")
def halved(images, reconstructions):
    return 0.5 * np.mean((images - reconstructions) ** 2, axis=(1, 2))


@wrong("scaled-to-255")
def on_bytes(images, reconstructions):
    return np.mean((255 * images - 255 * reconstructions) ** 2, axis=(1, 2))


@wrong("divided-by-images")
def divided_by_images(images, reconstructions):
    return np.sum((images - reconstructions) ** 2, axis=(1, 2)) / len(images)


@wrong("divided-by-rows")
def divided_by_28(images, reconstructions):
    return np.sum((images - reconstructions) ** 2, axis=(1, 2)) / 28


@wrong("maximum")
def largest(images, reconstructions):
    return np.max((images - reconstructions) ** 2, axis=(1, 2))


@wrong("median")
def median(images, reconstructions):
    return np.median((images - reconstructions) ** 2, axis=(1, 2))


@wrong("cross-entropy")
def cross_entropy(images, reconstructions):
    output = np.clip(reconstructions, 1e-7, 1 - 1e-7)
    losses = -(images * np.log(output) + (1 - images) * np.log(1 - output))
    return losses.mean(axis=(1, 2))


@wrong("extra-dimension")
def keeps_a_dimension(images, reconstructions):
    squares = (images - reconstructions).reshape(len(images), -1) ** 2
    return squares.mean(axis=1, keepdims=True)


@wrong("squeezed")
def squeezes(images, reconstructions):
    return np.squeeze(np.mean((images - reconstructions) ** 2, axis=(1, 2)))


@wrong("order-changed")
def sorts(images, reconstructions):
    return np.sort(np.mean((images - reconstructions) ** 2, axis=(1, 2)))


@wrong("arrays-changed")
def subtracts_in_place(images, reconstructions):
    images -= reconstructions
    return np.mean(images**2, axis=(1, 2))


@wrong("not-an-array")
def a_list(images, reconstructions):
    return [np.mean((a - b) ** 2) for a, b in zip(images, reconstructions, strict=True)]


@wrong("not-an-array")
def a_dictionary(images, reconstructions):
    return dict(enumerate(mean_over_both_axes.handed_in(images, reconstructions)))


@wrong("wrong-value")
def cubed(images, reconstructions):
    return np.mean(np.abs(images - reconstructions) ** 3, axis=(1, 2))


@wrong("pairs-mixed")
def first_image_against_all(images, reconstructions):
    return np.mean((images[0] - reconstructions) ** 2, axis=(1, 2))


@wrong("wrong-shape")
def all_pairs(images, reconstructions):
    return np.mean((images[:, None] - reconstructions[None]) ** 2, axis=(2, 3))


@wrong("nothing-returned")
def forgets_return(images, reconstructions):
    np.mean((images - reconstructions) ** 2, axis=(1, 2))


@wrong("raises")
def axis_too_many(images, reconstructions):
    return np.mean((images - reconstructions) ** 2, axis=(1, 2, 3))


@wrong("squared-too-soon")
def difference_of_squares(images, reconstructions):
    return np.mean(images**2 - reconstructions**2, axis=(1, 2))


@wrong("wrong-value")
def in_percent(images, reconstructions):
    return 100 * np.mean((images - reconstructions) ** 2, axis=(1, 2))


@wrong("not-an-array")
def errors_and_their_mean(images, reconstructions):
    errors = mean_over_both_axes.handed_in(images, reconstructions)
    return errors, errors.mean()


@wrong("perfect-costs")
def a_little_added(images, reconstructions):
    return np.mean((images - reconstructions) ** 2, axis=(1, 2)) + 0.0001


@wrong("inexact")
def rounded(images, reconstructions):
    return np.round(mean_over_both_axes.handed_in(images, reconstructions), 3)


@wrong("inexact")
def rounded_to_four_places(images, reconstructions):
    return np.round(mean_over_both_axes.handed_in(images, reconstructions), 4)


@wrong("inexact")
def rounded_to_two_places(images, reconstructions):
    return np.round(mean_over_both_axes.handed_in(images, reconstructions), 2)


@wrong("inexact")
def divided_by_783(images, reconstructions):
    return np.sum((images - reconstructions) ** 2, axis=(1, 2)) / 783


@wrong("squeezed")
def squeezes_the_images(images, reconstructions):
    return np.mean((images.squeeze() - reconstructions.squeeze()) ** 2, axis=(1, 2))


@wrong("not-an-array")
def a_map(images, reconstructions):
    return map(lambda image, picture: np.mean((image - picture) ** 2), images, reconstructions)


@wrong("not-an-array")
def a_generator(images, reconstructions):
    return (np.mean((image - picture) ** 2) for image, picture in zip(images, reconstructions, strict=True))


@wrong("divided-by-ink")
def over_the_pixels_with_ink(images, reconstructions):
    return np.sum((images - reconstructions) ** 2, axis=(1, 2)) / np.count_nonzero(images, axis=(1, 2))


@wrong("only-ink")
def of_the_pixels_with_ink(images, reconstructions):
    pairs = zip(images, reconstructions, strict=True)
    return np.array([np.mean((image[image > 0] - picture[image > 0]) ** 2) for image, picture in pairs])


@wrong("pairs-mixed")
def each_with_the_one_before(images, reconstructions):
    return np.array([np.mean((images[i] - reconstructions[i - 1]) ** 2) for i in range(len(images))])


@wrong("order-changed")
def puts_each_in_front(images, reconstructions):
    errors = []
    for image, picture in zip(images, reconstructions, strict=True):
        errors.insert(0, np.mean((image - picture) ** 2))
    return np.array(errors)


@wrong("not-squared")
def one_star(images, reconstructions):
    return np.mean((images - reconstructions) * 2, axis=(1, 2))


@wrong("squared-too-soon")
def brackets_forgotten(images, reconstructions):
    return np.mean(images - reconstructions**2, axis=(1, 2))


@wrong("scaled-down")
def divides_by_255_again(images, reconstructions):
    return np.mean(((images - reconstructions) / 255) ** 2, axis=(1, 2))


@wrong("variance")
def standard_deviation(images, reconstructions):
    return np.std(images - reconstructions, axis=(1, 2))
