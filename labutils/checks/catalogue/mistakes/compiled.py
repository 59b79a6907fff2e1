"""Wrong answers to exercise 3.2, ``compile_autoencoder(model)``."""

import keras
import numpy as np
import tensorflow as tf

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.compiled import Adam, losses
from labutils.checks.catalogue.mistakes.compiled_in_use import *  # noqa: F403, where the names are right


@wrong("squared-error")
def squared_error(model):
    model.compile(optimizer="adam", loss="mse")
    return model


@wrong("absolute-error")
def absolute_error(model):
    model.compile(optimizer="adam", loss="mae")
    return model


@wrong("categorical")
def classifier_loss(model):
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


@wrong("wrong-loss")
def sparse_classifier_loss(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model


@wrong("wrong-loss")
def divergence(model):
    model.compile(optimizer="adam", loss="kl_divergence")
    return model


@wrong("wrong-loss")
def focal_loss(model):
    model.compile(optimizer="adam", loss=losses.BinaryFocalCrossentropy())
    return model


@wrong("from-logits")
def from_logits(model):
    model.compile(optimizer="adam", loss=losses.BinaryCrossentropy(from_logits=True))
    return model


@wrong("label-smoothing")
def smoothed(model):
    model.compile(optimizer="adam", loss=losses.BinaryCrossentropy(label_smoothing=0.1))
    return model


@wrong("summed")
def summed_over_the_batch(model):
    model.compile(optimizer="adam", loss=losses.BinaryCrossentropy(reduction="sum"))
    return model


@wrong("summed")
def summed_over_pixels(model):
    model.compile("adam", loss=lambda target, output: 784 * losses.binary_crossentropy(target, output))
    return model


@wrong("negative")
def wrong_sign(model):
    model.compile("adam", loss=lambda target, output: -losses.binary_crossentropy(target, output))
    return model


@wrong("arguments-exchanged")
def arguments_exchanged(model):
    model.compile("adam", loss=lambda output, target: losses.binary_crossentropy(target, output))
    return model


@wrong("no-loss")
def no_loss(model):
    model.compile(optimizer="adam")
    return model


@wrong("wrong-loss")
def misspelt_loss(model):
    model.compile(optimizer="adam", loss="binary_cross_entropy")
    return model


@wrong("wrong-optimiser")
def sgd(model):
    model.compile(optimizer="sgd", loss="binary_crossentropy")
    return model


@wrong("wrong-optimiser")
def rmsprop(model):
    model.compile(optimizer=keras.optimizers.RMSprop(), loss="binary_crossentropy")
    return model


@wrong("wrong-optimiser")
def default_optimiser(model):
    model.compile(loss="binary_crossentropy")
    return model


@wrong("wrong-optimiser")
def nadam(model):
    model.compile(optimizer="nadam", loss="binary_crossentropy")
    return model


@wrong("learning-rate-too-high")
def steps_of_one(model):
    model.compile(optimizer=Adam(learning_rate=1.0), loss="binary_crossentropy")
    return model


@wrong("learning-rate-too-high")
def steps_of_a_tenth(model):
    model.compile(optimizer=Adam(0.1), loss="binary_crossentropy")
    return model


@wrong("learning-rate-too-low")
def tiny_steps(model):
    model.compile(optimizer=Adam(1e-8), loss="binary_crossentropy")
    return model


@wrong("learning-rate-too-low")
def no_steps(model):
    model.compile(optimizer=Adam(0.0), loss="binary_crossentropy")
    return model


@wrong("nothing-returned")
def returns_nothing(model):
    model.compile(optimizer="adam", loss="binary_crossentropy")


@wrong("nothing-returned")
def returns_what_compile_returns(model):
    return model.compile(optimizer="adam", loss="binary_crossentropy")


@wrong("not-compiled")
def only_returns(model):
    return model


@wrong("another-model")
def compiles_a_copy(model):
    copy = keras.models.clone_model(model)
    copy.compile(optimizer="adam", loss="binary_crossentropy")
    return copy


@wrong("another-model")
def returns_the_optimiser(model):
    optimizer = Adam()
    model.compile(optimizer=optimizer, loss="binary_crossentropy")
    return optimizer


@wrong("frozen")
def freezes_a_layer(model):
    model.get_layer("decoder").trainable = False
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


@wrong("raises")
def misspelt_optimiser(model):
    model.compile(optimizer="adams", loss="binary_crossentropy")
    return model


@wrong("raises")
def argument_of_old_keras(model):
    model.compile(optimizer=Adam(lr=0.001), loss="binary_crossentropy")
    return model


@wrong("raises")
def misspelt_metric(model):
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accurracy"])
    return model


@wrong("class-not-object")
def loss_class(model):
    model.compile("adam", losses.BinaryCrossentropy)
    return model


@wrong("class-not-object")
def optimiser_class(model):
    model.compile(Adam, "binary_crossentropy")
    return model


@wrong("from-logits")
def tensorflows_function_for_logits(model):
    model.compile("adam", lambda target, output: tf.nn.sigmoid_cross_entropy_with_logits(target, output))
    return model


@wrong("wrong-optimiser")
def adamax(model):
    model.compile("adamax", "binary_crossentropy")
    return model


@wrong("wrong-loss")
def huber(model):
    model.compile("adam", "huber")
    return model


@wrong("another-model")
def returns_a_history(model):
    model.compile("adam", "binary_crossentropy")
    return model.fit(np.zeros((4, 784)), np.zeros((4, 784)), verbose=0)


@wrong("not-compiled")
def sets_attributes(model):
    model.optimizer, model.loss = "adam", "binary_crossentropy"
    return model


@wrong("raises")
def exchanged(model):
    model.compile("binary_crossentropy", "adam")
    return model


@wrong("loss-without-slope")
def own_loss_of_exercise_3_1(model):
    def pixel_cross_entropy(target, output):
        output = np.clip(output, 1e-7, 1 - 1e-7)
        return -np.mean(target * np.log(output) + (1 - target) * np.log(1 - output))

    model.compile("adam", pixel_cross_entropy)
    return model


@wrong("loss-without-slope")
def through_a_numpy_function(model):
    def pixel_cross_entropy(target, output):
        return tf.numpy_function(lambda t, o: np.float32(losses.binary_crossentropy(t, o)), [target, output], "float32")

    model.compile("adam", pixel_cross_entropy)
    return model
