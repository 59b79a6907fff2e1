"""Right answers to exercise 2.1, ``build_encoder()``."""

import keras
import tensorflow as tf
from keras import layers

from labutils.checks.catalogue import right

Dense, Input, Sequential = layers.Dense, keras.Input, keras.Sequential


class Subclassed(keras.Model):
    """The two layers of an encoder, for answers that differ in what they do with them."""

    def __init__(self):
        super().__init__()
        self.hidden, self.code = Dense(128, "relu"), Dense(32, "relu")


class LikeTorch(layers.Layer):
    """A linear layer whose weights stand as PyTorch keeps them: (out, in)."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = self.add_weight(shape=(outputs, inputs))
        self.bias = self.add_weight(shape=(outputs,), initializer="zeros")

    def call(self, numbers):
        return numbers @ keras.ops.transpose(self.weight) + self.bias


@right
def sequential():
    return Sequential([Input((784,)), Dense(128, activation="relu"), Dense(32, activation="relu")])


@right
def functional_with_linear_code():
    inputs = Input(shape=(784,), name="image")
    code = Dense(32)(Dense(128, activation=keras.activations.relu)(inputs))
    return keras.Model(inputs, code, name="encoder")


@right
def without_input_layer():
    return Sequential([Dense(128, activation="relu"), Dense(32, activation="relu")], name="encoder")


@right
def activations_as_layers():
    model = Sequential(name="encoder")
    model.add(Input((784,)))
    model.add(Dense(128))
    model.add(layers.ReLU())
    model.add(Dense(32))
    model.add(layers.Activation("relu"))
    return model


@right
class Encoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.code = Dense(32, activation="relu")
        self.hidden = Dense(128, activation="relu", kernel_initializer="he_normal")

    def call(self, images):
        return self.code(self.hidden(images))


@right
def operations_as_activations():
    inputs = Input((784,))
    hidden = keras.ops.relu(Dense(128)(inputs))
    return keras.Model(inputs, tf.keras.layers.ReLU()(Dense(32)(hidden)))


@right
def with_flatten_and_softplus_code():
    return Sequential([Input((784,)), layers.Flatten(), Dense(128, "relu"), Dense(32, "softplus")])


@right
def leaky_code():
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32), layers.LeakyReLU(0.1)])


@right
def like_torch():
    layers_in_order = [LikeTorch(784, 128), layers.ReLU(), LikeTorch(128, 32), layers.ReLU()]
    return Sequential([Input((784,)), *layers_in_order])


@right
def hidden_layer_in_halves():
    # The check cannot set weights kept like this, and says that it did not look at the activations.
    inputs = Input((784,))
    hidden = layers.Concatenate()([Dense(64, "relu")(inputs), Dense(64, "relu")(inputs)])
    return keras.Model(inputs, Dense(32, "relu")(hidden))


@right
def sizes_as_defaults(hidden_size=128, code_size=32):
    return Sequential([Input((28 * 28,)), Dense(hidden_size, "relu"), Dense(code_size, "relu")])


@right
def sizes_the_old_way():
    return Sequential([Dense(128, activation="relu", input_shape=(784,)), Dense(32, activation="relu")])


@right
def with_input_layer_object():
    return Sequential([layers.InputLayer(shape=(784,)), Dense(128, "relu"), Dense(32, "relu")])


@right
def regularised():
    # Regularisers change what is learnt, not what the encoder is.
    return Sequential([Input((784,)), Dense(128, "relu", kernel_regularizer="l2"), Dense(32, "relu")])
