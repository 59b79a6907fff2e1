"""Right answers to exercise 2.2, ``build_decoder()``."""

import keras
from keras import layers

from labutils.checks.catalogue import right

Dense, Input, Sequential = layers.Dense, keras.Input, keras.Sequential


@right
def sequential():
    return Sequential([Input((32,)), Dense(128, activation="relu"), Dense(784, activation="sigmoid")])


@right
def functional_with_activation_layers():
    code = Input((32,))
    hidden = layers.ReLU()(Dense(128)(code))
    return keras.Model(code, layers.Activation("sigmoid")(Dense(784)(hidden)))


@right
def operations():
    code = Input((32,))
    hidden = keras.ops.maximum(Dense(128)(code), 0)
    return keras.Model(code, keras.ops.sigmoid(Dense(784)(hidden)), name="decoder")


@right
def without_input_layer():
    return Sequential([Dense(128, activation="relu"), Dense(784, activation=keras.activations.sigmoid)])


@right
class Decoder(keras.Model):
    def __init__(self, name="decoder"):
        super().__init__(name=name)
        self.layers_in_order = [Dense(128, "relu"), Dense(784, "sigmoid")]

    def call(self, codes, training=None):
        for layer in self.layers_in_order:
            codes = layer(codes)
        return codes
