"""Right answers to exercise 3.2, ``compile_autoencoder(model)``."""

import keras
import tensorflow as tf

from labutils.checks.catalogue import right

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
