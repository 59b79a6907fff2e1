"""Wrong answers to exercise 3.1, ``pixel_cross_entropy(target, output)``: the formula is there, but for one thing."""

import keras
import numpy as np

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.pixel_cross_entropy import clipped, inside


@wrong("label-smoothing")
def keras_with_smoothed_targets(target, output):
    return keras.losses.BinaryCrossentropy(label_smoothing=0.1)(target, output)


@wrong("target-rounded")
def greys_count_as_paper(target, output):
    output = inside(output)
    return -np.mean(np.where(target == 1, np.log(output), np.log(1 - output)))


@wrong("target-rounded")
def target_as_whole_numbers(target, output):
    return clipped.handed_in(target.astype(int), output)


@wrong("target-rounded")
def target_as_truth_values(target, output):
    return clipped.handed_in(target.astype(bool).astype(float), output)


@wrong("one-image")
def first_image_only(target, output):
    return clipped.handed_in(target[0], output[0])


@wrong("one-image")
def returns_inside_the_loop(target, output):
    for one_target, one_output in zip(target, output, strict=True):
        return clipped.handed_in(one_target, one_output)


@wrong("brackets")
def logarithm_ends_too_early(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1) - output)


@wrong("brackets")
def forgets_brackets_around_1_minus_target(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + 1 - target * np.log(1 - output))


@wrong("not-a-number")
def keras_object(target, output):
    return keras.losses.BinaryCrossentropy(target, output)


@wrong("inexact")
def a_thousandth_added(target, output):
    return -np.mean(target * np.log(output + 1e-3) + (1 - target) * np.log(1 - output + 1e-3))


@wrong("wrong-shape")
def array_of_one_number(target, output):
    return np.array([clipped.handed_in(target, output)])


@wrong("wrong-shape")
def keeps_the_dimensions(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output), keepdims=True)


@wrong("wrong-shape")
def comma_at_the_end(target, output):
    return (clipped.handed_in(target, output),)


@wrong("output-ignored")
def bounds_exchanged(target, output):
    output = np.clip(output, 1 - 1e-7, 1e-7)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("output-ignored")
def target_with_itself(target, output):
    return clipped.handed_in(target, target)


@wrong("not-finite")
def upper_bound_below_the_lower(target, output):
    output = np.clip(output, 1e-7, 1e-7 - 1)
    with np.errstate(all="ignore"):
        return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))
