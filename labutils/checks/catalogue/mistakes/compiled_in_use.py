"""Wrong answers to exercise 3.2, ``compile_autoencoder(model)``: the names are right, but not what becomes of them."""

import keras
import numpy as np
import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.compiled import Adam, losses


@wrong("not-finite")
def nothing_against_zero(model):
    def pixel_loss(target, output):
        return -tf.reduce_mean(target * tf.math.log(output) + (1 - target) * tf.math.log(1 - output), axis=-1)

    model.compile("adam", pixel_loss)
    return model


@wrong("not-finite")
def slope_not_finite(model):
    # The bound keeps the loss finite, but the slope of the logarithm at 0 comes back as 0 times infinity.
    def pixel_loss(target, output):
        ink, paper = tf.maximum(tf.math.log(output), -100), tf.maximum(tf.math.log(1 - output), -100)
        return -tf.reduce_mean(target * ink + (1 - target) * paper, axis=-1)

    model.compile("adam", pixel_loss)
    return model


@wrong("learning-rate-too-high")
def schedule_from_one(model):
    model.compile(Adam(keras.optimizers.schedules.ExponentialDecay(1.0, 1000, 0.96)), "binary_crossentropy")
    return model


@wrong("learning-rate-too-high")
def schedule_that_rises(model):
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([500], [1e-3, 1.0])
    model.compile(Adam(schedule), "binary_crossentropy")
    return model


@wrong("learning-rate-too-high")
def function_that_says_one(model):
    model.compile(Adam(lambda: 1.0), "binary_crossentropy")
    return model


@wrong("learning-rate-too-low")
def schedule_that_never_rises(model):
    model.compile(Adam(keras.optimizers.schedules.ExponentialDecay(1e-9, 1000, 0.96)), "binary_crossentropy")
    return model


@wrong("model-changed")
def trains_too(model):
    model.compile("adam", "binary_crossentropy")
    noise = np.random.rand(64, 784)
    model.fit(noise, noise, verbose=0)
    return model


@wrong("model-changed")
def sets_weights_to_zero(model):
    model.compile("adam", "binary_crossentropy")
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    return model


@wrong("model-changed")
def takes_the_sigmoid_away(model):
    model.get_layer("decoder").layers[-1].activation = keras.activations.linear
    model.compile("adam", "binary_crossentropy")
    return model


@wrong("one-per-image")
def no_reduction(model):
    model.compile("adam", losses.BinaryCrossentropy(reduction=None))
    return model


@wrong("scaled")
def loss_weights(model):
    model.compile("adam", "binary_crossentropy", loss_weights=[0.5])
    return model


@wrong("scaled")
def weighed_by_nothing(model):
    model.compile("adam", "binary_crossentropy", loss_weights=0.0)
    return model


@wrong("metric-not-loss")
def metric_as_loss(model):
    model.compile("adam", keras.metrics.BinaryCrossentropy())
    return model


@wrong("squared-error")
def squared_error_by_name(model):
    model.compile("adam", {"decoder": "mse"})
    return model


@wrong("two-losses")
def two_losses_for_one_output(model):
    model.compile("adam", ["binary_crossentropy", "mse"])
    return model


@wrong("learning-rate-negative")
def steps_uphill(model):
    model.compile(Adam(-0.001), "binary_crossentropy")
    return model


@wrong("stands-still")
def large_epsilon(model):
    model.compile(Adam(epsilon=1.0), "binary_crossentropy")
    return model


@wrong("stands-still")
def remembers_only_the_past(model):
    model.compile(Adam(beta_1=1.0), "binary_crossentropy")
    return model
