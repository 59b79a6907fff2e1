"""Answers to exercise 2.2, ``build_decoder()``: right, then wrong."""

import keras
import numpy as np
from keras import layers

from answers import right, wrong

# ----- right answers -----


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


# ----- wrong answers -----


@wrong("output-linear")
def no_output_activation():
    return Sequential([Input((32,)), Dense(128, activation="relu"), Dense(784)])


@wrong("output-relu")
def relu_output():
    return Sequential([Input((32,)), Dense(128, activation="relu"), Dense(784, activation="relu")])


@wrong("output-softmax")
def softmax_output():
    return Sequential([Input((32,)), Dense(128, activation="relu"), Dense(784, activation="softmax")])


@wrong("output-tanh")
def tanh_output():
    return Sequential([Input((32,)), Dense(128, activation="relu"), Dense(784, activation="tanh")])


@wrong("output-activation")
def hard_sigmoid_output():
    return Sequential([Input((32,)), Dense(128, activation="relu"), Dense(784, activation="hard_sigmoid")])


@wrong("sigmoid-twice")
def sigmoid_twice():
    return Sequential([Input((32,)), Dense(128, "relu"), Dense(784, "sigmoid"), layers.Activation("sigmoid")])


@wrong("output-scaled")
def scaled_to_255():
    return Sequential([Input((32,)), Dense(128, "relu"), Dense(784, "sigmoid"), layers.Rescaling(255)])


@wrong("output-reshaped")
def pictures():
    return Sequential([Input((32,)), Dense(128, "relu"), Dense(784, "sigmoid"), layers.Reshape((28, 28))])


@wrong("no-activation")
def no_hidden_activation():
    return Sequential([Input((32,)), Dense(128), Dense(784, activation="sigmoid")])


@wrong("hidden-activation")
def sigmoid_everywhere():
    return Sequential([Input((32,)), Dense(128, activation="sigmoid"), Dense(784, activation="sigmoid")])


@wrong("wrong-hidden-size")
def hidden_of_64():
    return Sequential([Input((32,)), Dense(64, activation="relu"), Dense(784, activation="sigmoid")])


@wrong("hidden-layer-missing")
def straight_to_the_pixels():
    return Sequential([Input((32,)), Dense(784, activation="sigmoid")])


@wrong("last-layer-missing")
def ends_at_the_hidden_layer():
    return Sequential([Input((32,)), Dense(128, activation="relu")])


@wrong("wrong-output-size")
def wrong_number_of_pixels():
    return Sequential([Input((32,)), Dense(128, activation="relu"), Dense(748, activation="sigmoid")])


@wrong("wrong-input-shape")
def takes_images():
    return Sequential([Input((784,)), Dense(128, activation="relu"), Dense(784, activation="sigmoid")])


@wrong("wrong-input-shape")
def the_encoder_again():
    return Sequential([Input((784,)), Dense(128, activation="relu"), Dense(32, activation="relu")])


@wrong("wrong-input-shape")
def takes_the_hidden_layer():
    return Sequential([Input((128,)), Dense(128, activation="relu"), Dense(784, activation="sigmoid")])


@wrong("too-many-layers")
def one_layer_more():
    sizes = [(32, "relu"), (128, "relu"), (784, "sigmoid")]
    return Sequential([Input((32,)), *(Dense(*size) for size in sizes)])


@wrong("layers-exchanged")
def wrong_way_round():
    return Sequential([Input((32,)), Dense(784, activation="sigmoid"), Dense(128, activation="relu")])


@wrong("whole-autoencoder")
def encoder_included():
    sizes = [(128, "relu"), (32, "relu"), (128, "relu"), (784, "sigmoid")]
    return Sequential([Input((784,)), *(Dense(*size) for size in sizes)])


@wrong("frozen")
def last_layer_frozen():
    return Sequential([Input((32,)), Dense(128, "relu"), Dense(784, "sigmoid", trainable=False)])


@wrong("tensor-returned")
def output_tensor():
    return Dense(784, "sigmoid")(Dense(128, "relu")(Input((32,))))


@wrong("nothing-returned")
def forgets_return():
    code = Input((32,))
    keras.Model(code, Dense(784, "sigmoid")(Dense(128, "relu")(code)))


@wrong("random-in-training")
def with_dropout():
    return Sequential([Input((32,)), Dense(128, "relu"), layers.Dropout(0.5), Dense(784, "sigmoid")])


@wrong("output-activation")
def cuts_off():
    code = Input((32,))
    return keras.Model(code, keras.ops.clip(Dense(784)(Dense(128, "relu")(code)), 0, 1))


@wrong("output-activation")
def light_and_dark_exchanged():
    code = Input((32,))
    return keras.Model(code, 1 - Dense(784, "sigmoid")(Dense(128, "relu")(code)))


@wrong("something-else")
def scales_the_code():
    return Sequential([Input((32,)), layers.Rescaling(2), Dense(128, "relu"), Dense(784, "sigmoid")])


@wrong("wrong-input-shape")
def takes_two_numbers():
    return Sequential([Input((2,)), Dense(128, "relu"), Dense(784, "sigmoid")])


@wrong("only-on-numbers")
class SigmoidInNumPy(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.pixels = Dense(128, "relu"), Dense(784)

    def call(self, codes):
        return 1 / (1 + np.exp(-self.pixels(self.hidden(codes))))


@wrong("no-way-back")
def the_last_layer_learns_alone():
    code = Input((32,))
    hidden = keras.ops.stop_gradient(Dense(128, "relu")(code))
    return keras.Model(code, Dense(784, "sigmoid")(hidden))


@wrong("no-way-back")
def the_encoder_would_not_learn():
    code = Input((32,))
    return keras.Model(code, Dense(784, "sigmoid")(Dense(128, "relu")(keras.ops.stop_gradient(code))))


@wrong("output-activation")
def relu_up_to_one():
    return Sequential([Input((32,)), Dense(128, "relu"), Dense(784), layers.ReLU(max_value=1.0)])


@wrong("output-activation")
def sigmoid_of_the_half():
    code = Input((32,))
    return keras.Model(code, keras.ops.sigmoid(Dense(784)(Dense(128, "relu")(code)) / 2))


@wrong("something-else")
def normalises_between():
    between = layers.LayerNormalization(center=False, scale=False)
    return Sequential([Input((32,)), Dense(128, "relu"), between, Dense(784, "sigmoid")])


@wrong("disconnected")
def makes_two_inputs():
    return keras.Model(Input((32,)), Dense(784, "sigmoid")(Dense(128, "relu")(Input((32,)))))
