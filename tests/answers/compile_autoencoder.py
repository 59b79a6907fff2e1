"""Answers to exercise 3.2, ``compile_autoencoder(model)``: right, then wrong."""

import keras
import numpy as np
import tensorflow as tf

from answers import right, wrong

# ----- right answers -----


Adam, losses = keras.optimizers.Adam, keras.losses


@right
def names(model):
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


@right
def objects(model):
    model.compile(optimizer=Adam(), loss=losses.BinaryCrossentropy())
    return model


@right
def probabilities_said_explicitly(model):
    model.compile(Adam(learning_rate=5e-4), losses.BinaryCrossentropy(from_logits=False), metrics=["mse"])
    return model


@right
def function_and_class_name(model):
    model.compile(optimizer="Adam", loss=losses.binary_crossentropy)
    return model


@right
def through_tf_keras(model):
    model.compile(tf.keras.optimizers.Adam(1e-2), "BinaryCrossentropy")
    return model


@right
def own_loss(model):
    def pixel_loss(target, output):
        output = keras.ops.clip(output, 1e-7, 1 - 1e-7)
        ink = target * keras.ops.log(output)
        return -keras.ops.mean(ink + (1 - target) * keras.ops.log(1 - output), axis=-1)

    model.compile(optimizer=Adam(1e-3), loss=pixel_loss)
    return model


@right
def with_schedule(model):
    schedule = keras.optimizers.schedules.CosineDecay(0.0, 1000, warmup_target=1e-3, warmup_steps=100)
    model.compile(optimizer=Adam(schedule), loss="binary_crossentropy", steps_per_execution=10)
    return model


@right
def with_options(model):
    optimizer = Adam(3e-3, beta_1=0.95, clipnorm=1.0, amsgrad=True)
    model.compile(loss=["binary_crossentropy"], optimizer=optimizer, jit_compile=False, metrics=["mae"])
    return model


@right
def short_name_and_accuracy(model):
    model.compile("adam", "bce", metrics=["accuracy"])
    return model


@right
def with_weight_decay(model):
    # AdamW is Adam that also lets weights shrink.
    model.compile(keras.optimizers.AdamW(), "binary_crossentropy", run_eagerly=True)
    return model


@right
def loss_for_the_output_of_that_name(model):
    model.compile("adam", {"decoder": "binary_crossentropy"})
    return model


@right
def loss_for_the_models_own_name(model):
    model.compile("adam", {model.output_names[0]: losses.BinaryCrossentropy()})
    return model


@right
def with_schedule_of_its_own(model):
    class Steps(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 1e-3 / (1 + tf.cast(step, tf.float32) / 1000)

    model.compile(Adam(Steps()), "binary_crossentropy")
    return model


@right
def with_a_function_for_the_rate(model):
    model.compile(Adam(lambda: 1e-3), "binary_crossentropy")
    return model


@right
def with_other_momentum(model):
    model.compile(Adam(beta_1=0.0, beta_2=0.99, epsilon=1e-5), ("binary_crossentropy",))
    return model


# ----- wrong answers -----


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
