"""Wrong answers to exercise 2.1, ``build_encoder()``: the sizes are right, what happens is not."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.encoder import Dense, Input, LikeTorch, Sequential, Subclassed


@wrong("last-layer-missing")
class ReturnsTheHiddenLayer(Subclassed):
    def call(self, images):
        self.code(self.hidden(images))
        return self.hidden(images)


@wrong("disconnected")
def makes_two_inputs():
    return keras.Model(Input((784,)), Dense(32, "relu")(Dense(128, "relu")(Input((784,)))))


@wrong("weights-unknown")
class MakesLayersInCall(keras.Model):
    def call(self, images):
        return Dense(32, "relu")(Dense(128, "relu")(images))


@wrong("weights-unknown")
class KeepsPlainVariables(keras.Model):
    def __init__(self):
        super().__init__()
        self.kernels = [tf.Variable(tf.random.normal(shape, stddev=0.05)) for shape in ((784, 128), (128, 32))]
        self.biases = [tf.Variable(tf.zeros(size)) for size in (128, 32)]

    def call(self, numbers):
        for kernel, bias in zip(self.kernels, self.biases, strict=True):
            numbers = tf.nn.relu(numbers @ kernel + bias)
        return numbers


@wrong("only-on-numbers")
class LeavesTensorFlow(Subclassed):
    def call(self, images):
        return self.code(self.hidden(images).numpy())


@wrong("only-on-numbers")
class ActivatesInNumPy(Subclassed):
    def call(self, images):
        return self.code(np.maximum(self.hidden(images), 0))


@wrong("only-on-numbers")
class AsksForTheBrightest(Subclassed):
    # Works when it is called with numbers; `fit` has none yet when it asks, and stops.
    def call(self, images):
        if tf.reduce_max(images) > 1:
            images = images / 255
        return self.code(self.hidden(images))


@wrong("no-way-back")
def lets_no_correction_through():
    inputs = Input((784,))
    hidden = Dense(128, "relu")(inputs)
    return keras.Model(inputs, Dense(32, "relu")(ops.stop_gradient(hidden)))


@wrong("code-activation")
def relu6_code():
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32, "relu6")])


@wrong("code-activation")
def code_up_to_eight():
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32), layers.ReLU(max_value=8.0)])


@wrong("code-activation")
def exponential_code():
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32, "exponential")])


@wrong("code-activation")
def pixels_as_code():
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32, "sigmoid"), layers.Rescaling(255)])


@wrong("code-activation")
def code_in_whole_numbers():
    inputs = Input((784,))
    return keras.Model(inputs, ops.round(Dense(32, "relu")(Dense(128, "relu")(inputs))))


@wrong("something-else")
def normalises_between():
    between = layers.LayerNormalization(center=False, scale=False)
    return Sequential([Input((784,)), Dense(128, "relu"), between, Dense(32, "relu")])


@wrong("something-else")
def scales_between():
    return Sequential([Input((784,)), Dense(128, "relu"), layers.Rescaling(2), Dense(32, "relu")])


@wrong("no-activation")
def like_torch_without_activations():
    return Sequential([Input((784,)), LikeTorch(784, 128), LikeTorch(128, 32)])


@wrong("floatx-changed")
def sixty_four_bits_for_all():
    keras.config.set_floatx("float64")
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32, "relu")])


@wrong("not-one-model")
def all_in_a_dict():
    return {"encoder": Sequential([Input((784,)), Dense(128, "relu"), Dense(32, "relu")])}


@wrong("several-outputs")
def code_in_a_dict():
    inputs = Input((784,))
    return keras.Model(inputs, {"code": Dense(32, "relu")(Dense(128, "relu")(inputs))})


@wrong("half-precision")
def layers_of_float16():
    return Sequential([Input((784,)), Dense(128, "relu", dtype="float16"), Dense(32, "relu", dtype="float16")])


@wrong("half-precision")
def mixed_precision_in_the_code():
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32, "relu", dtype="mixed_bfloat16")])


@wrong("floatx-changed")
def sets_mixed_precision():
    keras.mixed_precision.set_global_policy("mixed_float16")
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32, "relu")])


@wrong("class-not-object")
def class_as_activation():
    return Sequential([Dense(128, activation=layers.ReLU), Dense(32, "relu")])


@wrong("list-missing")
def layers_without_a_list():
    return Sequential(Dense(128, "relu"), Dense(32, "relu"))
