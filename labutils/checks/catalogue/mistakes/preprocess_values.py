"""Wrong answers to exercise 1.1, ``preprocess(image, label)``: shape and kind are right, the values are not."""

import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.preprocess import done


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
