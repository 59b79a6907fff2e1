"""Wrong answers to exercise 3.1, ``pixel_cross_entropy(target, output)``."""

import math

import keras
import numpy as np

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.pixel_cross_entropy import clipped, inside
from labutils.checks.catalogue.mistakes.pixel_cross_entropy_nearly import *  # noqa: F403, where the formula is there


@wrong("negative")
def no_minus(target, output):
    output = inside(output)
    return np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("one-term")
def ink_only(target, output):
    return -np.mean(target * np.log(inside(output)))


@wrong("one-term")
def paper_only(target, output):
    return -np.mean((1 - target) * np.log(1 - inside(output)))


@wrong("summed")
def summed(target, output):
    output = inside(output)
    return -np.sum(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("summed-over-pixels")
def divided_by_images(target, output):
    output = inside(output)
    return -np.sum(target * np.log(output) + (1 - target) * np.log(1 - output)) / len(target)


@wrong("summed-over-images")
def divided_by_pixels(target, output):
    output = inside(output)
    return -np.sum(target * np.log(output) + (1 - target) * np.log(1 - output)) / 784


@wrong("one-per-image")
def mean_of_each_image(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output), axis=1)


@wrong("one-per-image")
def keras_function_as_it_is(target, output):
    return keras.losses.binary_crossentropy(target, output)


@wrong("not-averaged")
def no_mean(target, output):
    output = inside(output)
    return -(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("wrong-shape")
def mean_over_images(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output), axis=0)


@wrong("not-finite")
def nothing_against_zero(target, output):
    with np.errstate(all="ignore"):
        return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("not-finite")
def only_zero_cut_off(target, output):
    output = np.maximum(output, 1e-7)
    with np.errstate(all="ignore"):
        return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("epsilon-too-small")
def too_small_for_float32(target, output):
    output = np.clip(output, 1e-9, 1 - 1e-9)
    with np.errstate(all="ignore"):
        return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("epsilon-too-large")
def a_tenth_cut_off(target, output):
    output = np.clip(output, 0.1, 0.9)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("inexact")
def a_hundredth_added(target, output):
    return -np.mean(target * np.log(output + 0.01) + (1 - target) * np.log(1 - output + 0.01))


@wrong("inexact")
def rounded(target, output):
    return round(float(clipped.handed_in(target, output)), 2)


@wrong("mistake-hidden")
def nan_to_zero(target, output):
    with np.errstate(all="ignore"):
        losses = -(target * np.log(output) + (1 - target) * np.log(1 - output))
    losses = np.where(np.isfinite(losses), losses, 0)
    return np.mean(losses)


@wrong("not-finite")
def nan_to_num(target, output):
    with np.errstate(all="ignore"):
        return -np.mean(np.nan_to_num(target * np.log(output)) + np.nan_to_num((1 - target) * np.log(1 - output)))


@wrong("base-2")
def in_bits(target, output):
    output = inside(output)
    return -np.mean(target * np.log2(output) + (1 - target) * np.log2(1 - output))


@wrong("base-10")
def log10(target, output):
    output = inside(output)
    return -np.mean(target * np.log10(output) + (1 - target) * np.log10(1 - output))


@wrong("log1p")
def log1p(target, output):
    return -np.mean(target * np.log1p(output) + (1 - target) * np.log1p(1 - output))


@wrong("arguments-exchanged")
def arguments_exchanged(output, target):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("arguments-exchanged")
def keras_with_arguments_exchanged(target, output):
    return keras.losses.BinaryCrossentropy()(output, target)


@wrong("minus-between-terms")
def minus_between(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) - (1 - target) * np.log(1 - output))


@wrong("terms-multiplied")
def terms_multiplied(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) * (1 - target) * np.log(1 - output))


@wrong("one-minus-log")
def one_minus_log(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - target) * (1 - np.log(output)))


@wrong("output-inverted")
def one_minus_in_the_wrong_term(target, output):
    output = inside(output)
    return -np.mean(target * np.log(1 - output) + (1 - target) * np.log(output))


@wrong("halved")
def divided_by_two(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output)) / 2


@wrong("squared-error")
def squared_error(target, output):
    return np.mean((target - output) ** 2)


@wrong("absolute-error")
def absolute_error(target, output):
    return np.mean(np.abs(target - output))


@wrong("from-logits")
def from_logits(target, output):
    return keras.losses.BinaryCrossentropy(from_logits=True)(target, output)


@wrong("categorical")
def classifier_loss(target, output):
    return -np.mean(np.sum(target * np.log(inside(output)), axis=-1))


@wrong("categorical")
def keras_classifier_loss(target, output):
    return np.mean(keras.losses.categorical_crossentropy(target, output))


@wrong("entropy-subtracted")
def divergence(target, output):
    return clipped.handed_in(target, output) - clipped.handed_in(target, target)


@wrong("only-one-shape")
def divides_by_784(target, output):
    output = inside(output)
    losses = -np.sum(target * np.log(output) + (1 - target) * np.log(1 - output), axis=1) / 784
    return losses.mean()


@wrong("only-one-shape")
def mean_over_axis_1_and_then_all(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output), axis=1).mean()


@wrong("arrays-changed")
def clips_in_place(target, output):
    np.clip(output, 0.1, 0.9, out=output)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("not-a-number")
def as_text(target, output):
    return f"{clipped.handed_in(target, output):.4f} nats"


@wrong("nothing-returned")
def prints_it(target, output):
    print(clipped.handed_in(target, output))


@wrong("wrong-value")
def exponential(target, output):
    return np.exp(-clipped.handed_in(target, output))


@wrong("raises")
def math_log_of_an_array(target, output):
    return -np.mean(target * math.log(output) + (1 - target) * math.log(1 - output))


@wrong("name-missing")
def forgotten_np(target, output):
    return -mean(target * log(output))  # noqa: F405


@wrong("target-in-logarithm")
def logarithm_of_the_target(target, output):
    output, target = inside(output), inside(target)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - target))


@wrong("output-as-weight")
def weighed_by_the_output(target, output):
    output = inside(output)
    return -np.mean(target * np.log(output) + (1 - output) * np.log(1 - output))


@wrong("target-rounded")
def target_rounded(target, output):
    return clipped.handed_in(np.round(target), output)


@wrong("squared-error")
def root_of_squared_error(target, output):
    return np.sqrt(np.mean((target - output) ** 2))


@wrong("perfect-costs")
def a_hundredth_cut_off(target, output):
    output = np.clip(output, 1e-2, 1 - 1e-2)
    return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))


@wrong("not-finite")
def not_a_number(target, output):
    return float("nan")


@wrong("wrong-value")
def typed_from_the_text(target, output):
    return 0.2625
