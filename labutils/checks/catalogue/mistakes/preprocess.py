"""Wrong answers to exercise 1.1, ``preprocess(image, label)``."""

import keras
import numpy as np
import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.preprocess import done
from labutils.checks.catalogue.mistakes.preprocess_values import *  # noqa: F403, where the values are wrong


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
