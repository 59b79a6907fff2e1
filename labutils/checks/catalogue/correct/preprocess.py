"""Right answers to exercise 1.1, ``preprocess(image, label)``."""

import functools
import typing

import keras
import tensorflow as tf

from labutils.checks.catalogue import right


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
