"""Answers to exercise 2.1, ``build_encoder()``: right, then wrong."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from answers import right, wrong

# ----- right answers -----


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


# ----- wrong answers -----


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
