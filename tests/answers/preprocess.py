"""Answers to exercise 1.1, ``preprocess(image, label)``: right, then wrong."""

import functools
import typing

import keras
import numpy as np
import tensorflow as tf

from answers import right, wrong

# ----- right answers -----


def done(image):
    return tf.reshape(tf.cast(image, tf.float32) / 255.0, [784])


@right
def cast_and_divide(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    image = tf.reshape(image, [784])
    return image, image


@right
def divides_the_integers(image, label):
    image = tf.reshape(image / 255, (-1,))
    return image, image


@right
def converts_as_image(image, label):
    flat = tf.reshape(tf.image.convert_image_dtype(image, tf.float32), [28 * 28])
    return flat, flat


@right
def rescaling_layer(image, label):
    vector = tf.reshape(keras.layers.Rescaling(1 / 255)(image), [784])
    return vector, vector


@right
def keras_ops(image, label):
    vector = keras.ops.reshape(keras.ops.cast(image, "float32") / 255, (784,))
    return vector, vector


@right
def multiplies_by_the_inverse(image, label):
    vector = tf.squeeze(tf.reshape(image, [1, 784]), axis=0)
    vector = tf.cast(vector, tf.float32) * (1 / 255)
    return vector, vector


@right
def written_twice(image, label):
    return (
        tf.reshape(tf.cast(image, "float32"), [784]) / 255,
        tf.reshape(tf.cast(image, "float32"), [784]) / 255,
    )


@right
def concatenates_rows(image, label):
    rows = tf.unstack(tf.cast(image[..., 0], tf.float32) / 255)
    vector = tf.concat(rows, axis=0)
    return vector, vector


@right
def through_float64(image, label):
    vector = tf.cast(tf.reshape(tf.cast(image, tf.float64) / 255, [-1]), tf.float32)
    return vector, tf.identity(vector)


@right
def as_tf_function(image, label):
    return done(image), done(image)


compiled_graph = right(tf.function(lambda image, label: (done(image), done(image))))


@right
def numpy_with_shape_restored(image, label):
    vector = tf.numpy_function(lambda pixels: (pixels.reshape(784) / 255).astype("float32"), [image], tf.float32)
    vector = tf.ensure_shape(vector, [784])
    return vector, vector


@right
def flatten_layer_on_a_batch_of_one(image, label):
    vector = keras.layers.Flatten()(image[None])[0]
    vector = tf.cast(vector, tf.float32) / 255
    return vector, vector


@right
def label_is_optional(image, label=None):
    return done(image), done(image)


@right
def any_arguments(*example):
    return (done(example[0]),) * 2


class Preprocessor:
    def __init__(self):
        self.model = keras.Sequential([keras.layers.Rescaling(1 / 255), keras.layers.Flatten()])

    def __call__(self, image, label):
        vector = self.model(image[None])[0]
        return vector, vector


an_object = right(Preprocessor())
with_fixed_scale = right(functools.partial(lambda image, label, scale: (done(image) * 255 / scale,) * 2, scale=255.0))


class Pair(typing.NamedTuple):
    input: tf.Tensor
    target: tf.Tensor


@right
def a_named_tuple(image, label):
    return Pair(done(image), done(image))


@right
def a_list(image, label):
    """`map` makes a tuple of a list."""
    return [done(image), done(image)]


@right
def prints_a_lot(image, label):
    for line in range(1000):
        print("still here", line)
    return done(image), done(image)


@right
def pixel_by_pixel(image, label):
    pixels = [tf.cast(image[row, column, 0], tf.float32) / 255 for row in range(28) for column in range(28)]
    vector = tf.stack(pixels)
    return vector, vector


# ----- wrong answers -----


@wrong("wrong-dtype")
def doubles(image, label):
    image = tf.reshape(tf.cast(image, tf.float64) / 255, [784])
    return image, image


@wrong("wrong-dtype")
def halves(image, label):
    image = tf.reshape(tf.cast(image, tf.float16) / 255, [784])
    return image, image


@wrong("not-flattened")
def keeps_its_shape(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    return image, image


@wrong("not-flattened")
def only_squeezed(image, label):
    image = tf.squeeze(tf.cast(image, tf.float32) / 255.0)
    return image, image


@wrong("not-flattened")
def flatten_layer_on_one_image(image, label):
    image = keras.layers.Flatten()(tf.cast(image, tf.float32) / 255.0)
    return image, image


@wrong("extra-dimension")
def one_row(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 255.0, (1, 784))
    return image, image


@wrong("extra-dimension")
def one_column(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 255.0, (784, 1))
    return image, image


@wrong("wrong-shape")
def first_row_only(image, label):
    image = tf.reshape(tf.cast(image[0], tf.float32) / 255.0, [-1])
    return image, image


@wrong("wrong-shape")
def mean_over_rows(image, label):
    image = tf.reduce_mean(tf.cast(image, tf.float32) / 255.0, axis=(1, 2))
    return image, image


@wrong("label-as-target")
def as_for_a_classifier(image, label):
    return done(image), label


@wrong("label-as-target")
def one_hot_label(image, label):
    return done(image), tf.one_hot(label, 10)


@wrong("label-as-input")
def exchanged(image, label):
    return label, done(image)


@wrong("target-not-scaled")
def target_left_alone(image, label):
    return done(image), image


@wrong("target-not-scaled")
def target_only_flattened(image, label):
    target = tf.reshape(tf.cast(image, tf.float32), [784])
    return target / 255, target


@wrong("target-not-flattened")
def target_keeps_its_shape(image, label):
    image = tf.cast(image, tf.float32) / 255
    return tf.reshape(image, [784]), image


@wrong("target-extra-dimension")
def target_as_a_row(image, label):
    return done(image), done(image)[None]


@wrong("target-dtype")
def target_in_doubles(image, label):
    return done(image), tf.cast(done(image), tf.float64)


@wrong("target-differs")
def denoising(image, label):
    return done(image), tf.round(done(image))


@wrong("target-differs")
def target_inverted(image, label):
    return done(image), 1 - done(image)


@wrong("one-value")
def image_only(image, label):
    return done(image)


@wrong("wrong-number-of-values")
def three_values(image, label):
    return done(image), done(image), label


@wrong("not-a-tuple")
def a_dictionary(image, label):
    return {"image": done(image), "target": done(image)}


@wrong("placeholder-left")
def half_done(image, label):
    return done(image), ...


@wrong("numpy-method")
def numpy_reshape_method(image, label):
    image = image.reshape(784) / 255
    return image, image


@wrong("numpy-method")
def numpy_astype(image, label):
    image = tf.reshape(image.astype("float32") / 255, [784])
    return image, image


@wrong("numpy-in-map")
def tensor_to_numpy(image, label):
    image = (image.numpy().reshape(784) / 255).astype("float32")
    return image, image


@wrong("numpy-in-map")
def numpy_functions(image, label):
    image = np.reshape(np.array(image, dtype="float32") / 255, 784)
    return image, image


@wrong("mixed-types")
def divides_bytes_by_a_fraction(image, label):
    image = tf.reshape(image / 255.0, [784])
    return image, image


@wrong("mixed-types")
def divides_bytes_by_a_float_tensor(image, label):
    image = tf.reshape(image, [784]) / tf.constant(255.0)
    return image, image


@wrong("shape-unknown")
def numpy_function(image, label):
    image = tf.numpy_function(lambda pixels: (pixels.reshape(784) / 255).astype("float32"), [image], tf.float32)
    return image, image


@wrong("not-a-tensor")
def python_numbers(image, label):
    return 1.0, 1.0


@wrong("raises")
def wrong_number_of_pixels(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 255, [748])
    return image, image


@wrong("wrong-signature")
def image_argument_only(image):
    return done(image), done(image)


@wrong("not-a-tensor")
def label_kept_beside_the_pair(image, label):
    return (done(image), done(image)), label


@wrong("label-as-input")
def arguments_exchanged(label, image):
    image = tf.reshape(tf.cast(image, tf.float32) / 255, [784])
    return image, image


@wrong("fails-in-map")
def shape_as_one_number(image, label):
    image = tf.cast(image, tf.float32) / 255
    image = tf.reshape(image, image.shape[0] * image.shape[1])
    return image, image


@wrong("wrong-dtype")
def integers_of_32_bits(image, label):
    image = tf.reshape(tf.cast(image, tf.int32) / 255, [784])
    return image, image


@wrong("wrong-dtype")
def brain_floats(image, label):
    image = tf.cast(done(image), tf.bfloat16)
    return image, image


@wrong("numpy-method")
def asks_for_the_maximum(image, label):
    image = tf.cast(image, tf.float32)
    assert image.max() > 1
    return done(image), done(image)


@wrong("wrong-shape")
def resized(image, label):
    image = tf.reshape(tf.image.resize(image, (14, 14)) / 255, [-1])
    return image, image


@wrong("nothing-returned")
def no_target(image, label):
    return done(image), None


@wrong("one-value")
def a_generator(image, label):
    return (done(image) for _ in range(2))


@wrong("no-such-function")
def flatten_function(image, label):
    image = tf.flatten(tf.cast(image, tf.float32) / 255)
    return image, image


@wrong("no-such-function")
def flatten_among_keras_ops(image, label):
    image = keras.ops.flatten(image) / 255
    return image, image


@wrong("no-such-function")
def function_of_an_old_version(image, label):
    image = tf.reshape(tf.to_float(image) / 255, [784])
    return image, image


@wrong("fails-in-map")
def shape_in_brackets_only(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 255, (28 * 28))
    return image, image


@wrong("fails-in-map")
def makes_a_variable(image, label):
    image = tf.Variable(done(image))
    return image, image


@wrong("decoded-already")
def decodes_a_file(image, label):
    image = done(tf.io.decode_png(image))
    return image, image


@wrong("decoded-already")
def reads_numbers_from_text(image, label):
    image = done(tf.strings.to_number(image))
    return image, image


@wrong("not-scaled")
def only_flattened(image, label):
    image = tf.reshape(tf.cast(image, tf.float32), [784])
    return image, image


@wrong("not-scaled")
def flattened_as_it_is(image, label):
    image = tf.reshape(image, [784])
    return image, image


@wrong("not-scaled")
def scaled_result_thrown_away(image, label):
    tf.cast(image, tf.float32) / 255.0
    image = tf.reshape(image, [784])
    return image, image


@wrong("not-scaled")
def left_alone(image, label):
    return image, image


@wrong("divided-by-256")
def by_256(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 256, [784])
    return image, image


@wrong("scaled-twice")
def converted_and_divided(image, label):
    image = tf.image.convert_image_dtype(image, tf.float32) / 255
    image = tf.reshape(image, [784])
    return image, image


@wrong("scaled-twice")
def divided_twice(image, label):
    image = tf.cast(image, tf.float32) / 255
    image = tf.reshape(image / 255, [784])
    return image, image


@wrong("integer-division")
def floor_division(image, label):
    image = tf.cast(tf.reshape(image, [784]) // 255, tf.float32)
    return image, image


@wrong("integer-division")
def cast_after_division(image, label):
    image = tf.cast(tf.reshape(image / 255, [784]), tf.uint8)
    return image, image


@wrong("inverted")
def one_minus(image, label):
    image = 1 - tf.reshape(tf.cast(image, tf.float32) / 255, [784])
    return image, image


@wrong("minus-one-to-one")
def as_for_a_gan(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 127.5 - 1, [784])
    return image, image


@wrong("centred")
def minus_a_half(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 255 - 0.5, [784])
    return image, image


@wrong("standardised")
def standardised_by_image(image, label):
    image = tf.reshape(tf.image.per_image_standardization(image), [784])
    return image, image


@wrong("standardised")
def standardised_as_in_pytorch(image, label):
    image = (tf.reshape(tf.cast(image, tf.float32), [784]) / 255 - 0.1307) / 0.3081
    return image, image


@wrong("unit-length")
def keras_normalize(image, label):
    image = tf.math.l2_normalize(tf.reshape(tf.cast(image, tf.float32), [784]))
    return image, image


@wrong("scaled-by-itself")
def by_own_maximum(image, label):
    image = tf.reshape(tf.cast(image, tf.float32), [784])
    image = image / tf.reduce_max(image)
    return image, image


@wrong("scaled-by-itself")
def by_own_range(image, label):
    image = tf.reshape(tf.cast(image, tf.float32), [784])
    image = (image - tf.reduce_min(image)) / (tf.reduce_max(image) - tf.reduce_min(image))
    return image, image


@wrong("scaled-by-itself")
def minus_own_minimum(image, label):
    image = tf.reshape(tf.cast(image, tf.float32), [784])
    image = (image - tf.reduce_min(image)) / 255
    return image, image


@wrong("wrong-scale")
def by_100(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) / 100, [784])
    return image, image


@wrong("wrong-scale")
def by_number_of_pixels(image, label):
    image = tf.reshape(tf.cast(image, tf.float32), [784]) / 784
    return image, image


@wrong("multiplied")
def multiplied_by_255(image, label):
    image = tf.reshape(tf.cast(image, tf.float32) * 255, [784])
    return image, image


@wrong("clipped")
def clipped_to_one(image, label):
    image = tf.reshape(tf.clip_by_value(tf.cast(image, tf.float32), 0, 1), [784])
    return image, image


@wrong("binarised")
def thresholded(image, label):
    image = tf.reshape(tf.cast(image > 127, tf.float32), [784])
    return image, image


@wrong("binarised")
def rounded(image, label):
    image = tf.round(tf.reshape(tf.cast(image, tf.float32) / 255, [784]))
    return image, image


@wrong("overflow")
def signed_bytes(image, label):
    image = tf.reshape(tf.cast(tf.cast(image, tf.int8), tf.float32) / 255, [784])
    return image, image


@wrong("transposed")
def columns_first(image, label):
    image = tf.reshape(tf.transpose(tf.cast(image[..., 0], tf.float32) / 255), [784])
    return image, image


@wrong("mirrored")
def upside_down(image, label):
    image = tf.reshape(tf.cast(image[::-1], tf.float32) / 255, [784])
    return image, image


@wrong("pixels-reordered")
def sorted_pixels(image, label):
    image = tf.sort(tf.reshape(tf.cast(image, tf.float32) / 255, [784]))
    return image, image


@wrong("random")
def with_noise(image, label):
    image = done(image) + tf.random.normal([784], stddev=0.1)
    return image, image


@wrong("constant")
def zeros(image, label):
    image = tf.zeros([784])
    return image, image


@wrong("not-finite")
def divided_by_zero(image, label):
    image = done(image) / 0.0
    return image, image


@wrong("wrong-values")
def squared(image, label):
    image = done(image) ** 2
    return image, image


@wrong("wrong-values")
def softmax_of_pixels(image, label):
    image = tf.nn.softmax(done(image))
    return image, image


@wrong("wrong-scale")
def by_half_the_maximum(image, label):
    image = tf.reshape(tf.cast(image, tf.float32), [784]) / 127.5
    return image, image


@wrong("wrong-scale")
def minus_the_mean(image, label):
    image = done(image) - tf.reduce_mean(done(image))
    return image, image


@wrong("not-finite")
def logarithm(image, label):
    image = tf.math.log(done(image))
    return image, image


@wrong("integer-division")
def to_integers_after_scaling(image, label):
    image = tf.cast(done(image), tf.int16)
    return image, image


@wrong("random")
def remembers_how_often(image, label, calls=[]):  # noqa: B006
    calls.append(image)
    image = done(image) / len(calls)
    return image, image


@wrong("wrong-scale")
def by_a_little_more(image, label):
    image = done(image) * 255 / 255.1
    return image, image


@wrong("wrong-scale")
def kept_off_the_ends(image, label):
    image = tf.clip_by_value(done(image), 1e-4, 1 - 1e-4)
    return image, image
