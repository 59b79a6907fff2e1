"""Answers to exercise 3.1, ``pixel_cross_entropy(target, output)``: right, then wrong."""

import math

import keras
import numpy as np
import tensorflow as tf
from scipy.special import xlogy

from answers import right, wrong

# ----- right answers -----


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


# ----- wrong answers -----


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
    return -mean(target * log(output))  # noqa: F821


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
