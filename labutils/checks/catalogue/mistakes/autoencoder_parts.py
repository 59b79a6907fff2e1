"""Wrong answers to exercise 2.3, ``build_autoencoder(encoder, decoder)``: parts changed, or cut off."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.autoencoder import Autoencoder, Dense, Input, Model, Sequential


@wrong("wrong-input-shape")
def misspelt_size(encoder, decoder):
    inputs = Input((748,))
    return Model(inputs, decoder(encoder(inputs)))


@wrong("wrong-input-shape")
def misspelt_size_in_sequence(encoder, decoder):
    return Sequential([Input((748,)), encoder, decoder])


@wrong("wrong-input-shape")
def takes_rows(encoder, decoder):
    inputs = Input((28, 28))
    return Model(inputs, decoder(encoder(inputs)))


@wrong("wrong-input-shape")
def takes_a_batch(encoder, decoder):
    inputs = Input((128, 784))
    return Model(inputs, decoder(encoder(inputs)))


@wrong("parts-changed")
def exchanges_the_last_layer(encoder, decoder):
    decoder.pop()
    decoder.add(Dense(784, "sigmoid"))
    return Sequential([encoder, decoder])


@wrong("parts-changed")
def grows_the_encoder_in_a_model(encoder, decoder):
    encoder.add(decoder)
    return Model(encoder.inputs, encoder.outputs)


@wrong("parts-changed")
def grows_the_encoder_in_sequence(encoder, decoder):
    for layer in decoder.layers:
        encoder.add(layer)
    return Sequential([Input((784,)), encoder])


@wrong("parts-changed")
def forgets_what_was_learnt(encoder, decoder):
    for part in (encoder, decoder):
        part.set_weights([np.zeros_like(weights) for weights in part.get_weights()])
    return Sequential([encoder, decoder])


@wrong("layer-skipped")
def leaves_out_a_layer(encoder, decoder):
    inputs = Input((784,))
    numbers = encoder(inputs)
    for layer in decoder.layers[1:]:
        numbers = layer(numbers)
    return Model(inputs, numbers)


@wrong("parts-exchanged")
def the_image_into_the_decoder(encoder, decoder):
    # Fails in the decoder, as if the decoder came first: the check cannot know more, and names what went where.
    inputs = Input((784,))
    return Model(inputs, decoder(inputs))


@wrong("parts-exchanged")
def encodes_twice(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, encoder(encoder(inputs)))


@wrong("disconnected")
def makes_two_inputs(encoder, decoder):
    return Model(Input((784,)), decoder(encoder(Input((784,)))))


@wrong("shape-not-a-tuple")
def shape_without_comma(encoder, decoder):
    inputs = Input((784))  # noqa: UP034, the brackets are the mistake
    return Model(inputs, decoder(encoder(inputs)))


@wrong("several-outputs")
def output_in_a_dict(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, {"reconstruction": decoder(encoder(inputs))})


@wrong("floatx-changed")
def sixty_four_bits_for_all(encoder, decoder):
    keras.config.set_floatx("float64")
    return Sequential([encoder, decoder])


@wrong("only-on-numbers")
class LeavesTensorFlow(Autoencoder):
    def call(self, images):
        return self.decoder(self.encoder(images).numpy())


@wrong("only-on-numbers")
class Predicts(Autoencoder):
    def call(self, images):
        return self.decoder.predict(self.encoder.predict(images, verbose=0), verbose=0)


@wrong("only-on-numbers")
class OneImageAtATime(Autoencoder):
    def call(self, images):
        return tf.stack([self.decoder(self.encoder(image[None]))[0] for image in images])


@wrong("no-way-back")
def lets_no_correction_through(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, decoder(ops.stop_gradient(encoder(inputs))))


@wrong("no-way-back")
class Detaches(Autoencoder):
    def call(self, images):
        return self.decoder(tf.stop_gradient(self.encoder(images)))


@wrong("layer-skipped")
def forgets_a_layer_and_the_input(encoder, decoder):
    return Sequential(encoder.layers + decoder.layers[1:])


@wrong("not-tensors")
def one_part_called_on_the_other(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, decoder(encoder))


@wrong("disconnected")
def ends_exchanged(encoder, decoder):
    inputs = Input((784,))
    return Model(decoder(encoder(inputs)), inputs)


@wrong("several-inputs")
def input_for_each_part(encoder, decoder):
    inputs, codes = Input((784,)), Input((32,))
    return Model([inputs, codes], decoder(encoder(inputs) + 0 * codes))


@wrong("list-missing")
def sequential_of_three(encoder, decoder):
    return Sequential(Input((784,)), encoder, decoder)
