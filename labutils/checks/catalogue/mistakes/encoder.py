"""Wrong answers to exercise 2.1, ``build_encoder()``."""

import keras
from keras import layers

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.encoder import Dense, Input, Sequential, Subclassed, sequential
from labutils.checks.catalogue.mistakes.encoder_behaviour import *  # noqa: F403, where the sizes are right

_made_outside = sequential.handed_in()


@wrong("no-activation")
def no_activation_at_all():
    return Sequential([Input((784,)), Dense(128), Dense(32)])


@wrong("no-activation")
def activation_on_the_code_only():
    return Sequential([Input((784,)), Dense(128), Dense(32, activation="relu")])


@wrong("hidden-activation")
def sigmoid_hidden():
    return Sequential([Input((784,)), Dense(128, activation="sigmoid"), Dense(32, activation="relu")])


@wrong("hidden-activation")
def tanh_hidden():
    return Sequential([Input((784,)), Dense(128, activation="tanh"), Dense(32)])


@wrong("hidden-activation")
def leaky_hidden():
    return Sequential([Input((784,)), Dense(128), layers.LeakyReLU(), Dense(32, activation="relu")])


@wrong("hidden-activation")
def softmax_hidden():
    return Sequential([Input((784,)), Dense(128, activation="softmax"), Dense(32, activation="relu")])


@wrong("code-activation")
def sigmoid_code():
    return Sequential([Input((784,)), Dense(128, activation="relu"), Dense(32, activation="sigmoid")])


@wrong("code-activation")
def softmax_code():
    return Sequential([Input((784,)), Dense(128, activation="relu"), Dense(32, activation="softmax")])


@wrong("code-activation")
def tanh_code():
    return Sequential([Input((784,)), Dense(128, activation="relu"), Dense(32, activation="tanh")])


@wrong("wrong-hidden-size")
def hidden_of_64():
    return Sequential([Input((784,)), Dense(64, activation="relu"), Dense(32, activation="relu")])


@wrong("wrong-output-size")
def code_of_31():
    return Sequential([Input((784,)), Dense(128, activation="relu"), Dense(31, activation="relu")])


@wrong("wrong-output-size")
def code_of_two():
    return Sequential([Input((784,)), Dense(128, activation="relu"), Dense(2, activation="relu")])


@wrong("layers-exchanged")
def wrong_way_round():
    return Sequential([Input((784,)), Dense(32, activation="relu"), Dense(128, activation="relu")])


@wrong("hidden-layer-missing")
def straight_to_the_code():
    return Sequential([Input((784,)), Dense(32, activation="relu")])


@wrong("last-layer-missing")
def no_code():
    return Sequential([Input((784,)), Dense(128, activation="relu")])


@wrong("last-layer-missing")
def layer_left_unconnected():
    inputs = Input((784,))
    hidden = Dense(128, activation="relu")(inputs)
    Dense(32, activation="relu")(hidden)
    return keras.Model(inputs, hidden)


@wrong("too-many-layers")
def one_layer_more():
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(64, "relu"), Dense(32, "relu")])


@wrong("whole-autoencoder")
def decoder_included():
    sizes = [(128, "relu"), (32, "relu"), (128, "relu"), (784, "sigmoid")]
    return Sequential([Input((784,)), *(Dense(*size) for size in sizes)])


@wrong("no-bias")
def without_bias():
    return Sequential([Input((784,)), Dense(128, "relu", use_bias=False), Dense(32, "relu", use_bias=False)])


@wrong("wrong-parameters")
def batch_normalised():
    return Sequential([Input((784,)), Dense(128, "relu"), layers.BatchNormalization(), Dense(32, "relu")])


@wrong("random-in-training")
def with_dropout():
    return Sequential([Input((784,)), Dense(128, "relu"), layers.Dropout(0.2), Dense(32, "relu")])


@wrong("random-in-training")
def noisy_input():
    return Sequential([Input((784,)), layers.GaussianNoise(0.1), Dense(128, "relu"), Dense(32, "relu")])


@wrong("input-changed")
def scales_again():
    return Sequential([Input((784,)), layers.Rescaling(1 / 255), Dense(128, "relu"), Dense(32, "relu")])


@wrong("frozen")
def not_trainable():
    model = sequential.handed_in()
    model.trainable = False
    return model


@wrong("same-start")
def starts_at_zero():
    return Sequential(
        [
            Input((784,)),
            Dense(128, "relu", kernel_initializer="zeros"),
            Dense(32, "relu", kernel_initializer="zeros"),
        ]
    )


@wrong("wrong-input-shape")
def takes_pictures():
    return Sequential([Input((28, 28)), layers.Flatten(), Dense(128, "relu"), Dense(32, "relu")])


@wrong("wrong-output-shape")
def takes_columns():
    return Sequential([Input((784, 1)), Dense(128, "relu"), Dense(32, "relu")])


@wrong("tensor-returned")
def output_tensor():
    return Dense(32, "relu")(Dense(128, "relu")(Input((784,))))


@wrong("layer-returned")
def last_layer():
    return Dense(32, activation="relu")


@wrong("not-one-model")
def list_of_layers():
    return [Dense(128, activation="relu"), Dense(32, activation="relu")]


@wrong("not-one-model")
def input_and_output():
    inputs = Input((784,))
    return inputs, Dense(32)(Dense(128, activation="relu")(inputs))


@wrong("not-a-model")
def the_class():
    return keras.Sequential


@wrong("not-a-model")
def summary_text():
    return str(sequential.handed_in())


@wrong("nothing-returned")
def returns_the_summary():
    return sequential.handed_in().summary()


@wrong("several-outputs")
def hidden_and_code():
    inputs = Input((784,))
    hidden = Dense(128, activation="relu")(inputs)
    return keras.Model(inputs, [hidden, Dense(32, activation="relu")(hidden)])


@wrong("same-model-each-time")
def made_outside():
    return _made_outside


@wrong("raises")
def misspelt_activation():
    return Sequential([Input((784,)), Dense(128, activation="rely"), Dense(32)])


@wrong("raises")
def size_as_text():
    return Sequential([Input((784,)), Dense("128", activation="relu"), Dense(32)])


the_model_itself = wrong("not-a-function")(_made_outside)


@wrong("wrong-signature")
def wants_a_size(size):
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(size, "relu")])


@wrong("wrong-parameters")
def convolutional():
    convolution = [layers.Reshape((28, 28, 1)), layers.Conv2D(8, 3, activation="relu"), layers.Flatten()]
    return Sequential([Input((784,)), *convolution, Dense(32, "relu")])


@wrong("shape-not-a-tuple")
def shape_without_comma():
    return Sequential([Input(784), Dense(128, "relu"), Dense(32, "relu")])


@wrong("hidden-layer-missing")
def passes_the_hidden_layer_by():
    inputs = Input((784,))
    hidden = Dense(128, activation="relu")(inputs)  # noqa: F841
    return keras.Model(inputs, Dense(32, activation="relu")(inputs))


@wrong("nothing-returned")
class ReturnsNothing(Subclassed):
    def call(self, images):
        self.code(self.hidden(images))


@wrong("raises")
class ForgetsCall(Subclassed):
    def forward(self, images):
        return self.code(self.hidden(images))


@wrong("never-ends")
class NeverDone(Subclassed):
    def call(self, images):
        while True:
            images = images * 1


@wrong("code-activation")
def code_of_length_one():
    return Sequential([Input((784,)), Dense(128, "relu"), Dense(32), layers.UnitNormalization()])


@wrong("no-activation")
def activation_before_the_layer():
    return Sequential([Input((784,)), layers.ReLU(), Dense(128), Dense(32)])


@wrong("hidden-activation")
def relu_up_to_one():
    return Sequential([Input((784,)), Dense(128), layers.ReLU(max_value=1.0), Dense(32)])


@wrong("several-outputs")
def as_for_a_variational_one():
    inputs = Input((784,))
    hidden = Dense(128, "relu")(inputs)
    return keras.Model(inputs, [Dense(32)(hidden), Dense(32)(hidden)])


@wrong("nothing-returned")
def returns_what_compile_returns():
    return sequential.handed_in().compile("adam", "binary_crossentropy")


@wrong("raises")
def nothing_in_it():
    return Sequential()
