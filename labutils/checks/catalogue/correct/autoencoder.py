"""Right answers to exercise 2.3, ``build_autoencoder(encoder, decoder)``."""

import keras
import tensorflow as tf
from keras import layers

from labutils.checks.catalogue import right

Dense, Input, Sequential, Model = layers.Dense, keras.Input, keras.Sequential, keras.Model


def fresh_parts():
    encoder = Sequential([Input((784,)), Dense(128, "relu"), Dense(32, "relu")])
    return encoder, Sequential([Input((32,)), Dense(128, "relu"), Dense(784, "sigmoid")])


@right
def sequential(encoder, decoder):
    return Sequential([encoder, decoder])


@right
def sequential_with_input(encoder, decoder):
    return Sequential([Input((784,)), encoder, decoder], name="autoencoder")


@right
def functional(encoder, decoder):
    inputs = Input(shape=(784,))
    return Model(inputs=inputs, outputs=decoder(encoder(inputs)))


@right
def from_the_encoders_ends(encoder, decoder):
    return Model(encoder.input, decoder(encoder.output))


@right
def from_the_layers(encoder, decoder):
    return Sequential([Input((784,)), *encoder.layers, *decoder.layers])


class Autoencoder(Model):
    """Keeps the two parts, for answers that differ in how they call them."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder


@right
class Traced(Autoencoder):
    @tf.function
    def call(self, images, training=None):
        return self.decoder(self.encoder(images, training=training), training=training)


@right
def subclassed(encoder, decoder):
    class Autoencoder(Model):
        def __init__(self):
            super().__init__()
            self.encoder, self.decoder = encoder, decoder

        def call(self, images):
            return self.decoder(self.encoder(images))

    return Autoencoder()


@right
def compiled_already(encoder, decoder):
    model = sequential.handed_in(encoder, decoder)
    model.compile("adam", "binary_crossentropy")
    return model


@right
def step_by_step(encoder, decoder):
    model = keras.models.Sequential(name="autoencoder")
    model.add(Input((784,)))
    model.add(encoder)
    model.add(decoder)
    model.encoder, model.decoder = encoder, decoder
    return model


@right
def from_lists_of_ends(encoder, decoder):
    return Model(encoder.inputs, decoder(encoder.outputs[0]))
