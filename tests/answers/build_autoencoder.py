"""Answers to exercise 2.3, ``build_autoencoder(encoder, decoder)``: right, then wrong."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from answers import right, wrong

# ----- right answers -----


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


# ----- wrong answers -----


@wrong("copies")
def builds_new_parts(encoder, decoder):
    return Sequential(fresh_parts())


@wrong("copies")
def clones(encoder, decoder):
    return Sequential([keras.models.clone_model(encoder), keras.models.clone_model(decoder)])


@wrong("copies")
def copies_with_their_weights(encoder, decoder):
    model = Sequential(fresh_parts())
    model.set_weights(encoder.get_weights() + decoder.get_weights())
    return model


@wrong("copies")
def new_decoder(encoder, decoder):
    return Sequential([encoder, fresh_parts()[1]])


@wrong("copies")
def new_encoder(encoder, decoder):
    return Sequential([fresh_parts()[0], decoder])


@wrong("tensor-returned")
def output_tensor(encoder, decoder):
    return decoder(encoder(Input((784,))))


@wrong("not-one-model")
def both_in_a_tuple(encoder, decoder):
    return encoder, decoder


@wrong("not-one-model")
def both_in_a_list(encoder, decoder):
    return [encoder, decoder]


@wrong("only-encoder")
def encoder_only(encoder, decoder):
    return encoder


@wrong("only-decoder")
def decoder_only(encoder, decoder):
    return decoder


@wrong("only-encoder")
def ends_at_the_code(encoder, decoder):
    return Model(encoder.input, encoder.output)


@wrong("only-decoder")
def begins_at_the_code(encoder, decoder):
    return Model(decoder.input, decoder.output)


@wrong("disconnected")
def ends_of_two_models(encoder, decoder):
    return Model(encoder.input, decoder.output)


@wrong("parts-exchanged")
def decoder_first(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, encoder(decoder(inputs)))


@wrong("parts-exchanged")
def decoder_first_in_sequence(encoder, decoder):
    return Sequential([decoder, encoder])


@wrong("parts-exchanged")
def begins_with_a_code(encoder, decoder):
    inputs = Input((32,))
    return Model(inputs, decoder(encoder(inputs)))


@wrong("wrong-input-shape")
def takes_pictures(encoder, decoder):
    return Sequential([Input((28, 28, 1)), layers.Flatten(), encoder, decoder])


@wrong("wrong-output-shape")
def gives_pictures(encoder, decoder):
    return Sequential([Input((784,)), encoder, decoder, layers.Reshape((28, 28))])


@wrong("extra-layers")
def layer_in_between(encoder, decoder):
    return Sequential([Input((784,)), encoder, Dense(32), decoder])


@wrong("extra-layers")
def layer_at_the_end(encoder, decoder):
    return Sequential([Input((784,)), encoder, decoder, Dense(784, "sigmoid")])


@wrong("different-output")
def sigmoid_again(encoder, decoder):
    return Sequential([Input((784,)), encoder, decoder, layers.Activation("sigmoid")])


@wrong("different-output")
def scales_the_input(encoder, decoder):
    return Sequential([Input((784,)), layers.Rescaling(1 / 255), encoder, decoder])


@wrong("different-output")
def adds_the_input(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, layers.add([inputs, decoder(encoder(inputs))]))


@wrong("several-outputs")
def code_and_output(encoder, decoder):
    inputs = Input((784,))
    code = encoder(inputs)
    return Model(inputs, [code, decoder(code)])


@wrong("frozen")
def encoder_frozen(encoder, decoder):
    encoder.trainable = False
    return Sequential([Input((784,)), encoder, decoder])


@wrong("frozen")
def all_frozen(encoder, decoder):
    model = Sequential([Input((784,)), encoder, decoder])
    model.trainable = False
    return model


@wrong("random-in-training")
def dropout_in_between(encoder, decoder):
    return Sequential([Input((784,)), encoder, layers.Dropout(0.3), decoder])


@wrong("not-a-model")
def a_plain_function(encoder, decoder):
    return lambda images: decoder(encoder(images))


@wrong("nothing-returned")
def forgets_return(encoder, decoder):
    inputs = Input((784,))
    Model(inputs, decoder(encoder(inputs)))


@wrong("raises")
def adds_models(encoder, decoder):
    return encoder + decoder


@wrong("not-tensors")
def calls_on_a_shape(encoder, decoder):
    return Model((784,), decoder(encoder((784,))))


@wrong("list-missing")
def sequential_without_a_list(encoder, decoder):
    return Sequential(encoder, decoder)


@wrong("wrong-signature")
def no_arguments():
    return Sequential(fresh_parts())


@wrong("parts-changed")
def adds_to_the_encoder(encoder, decoder):
    encoder.add(decoder)
    return encoder


@wrong("parts-changed")
def adds_layers_to_the_encoder(encoder, decoder):
    for layer in decoder.layers:
        encoder.add(layer)
    return encoder


@wrong("not-tensors")
def model_of_models(encoder, decoder):
    return Model(encoder, decoder)


@wrong("weights-unknown")
def hides_the_parts(encoder, decoder):
    class Autoencoder(Model):
        def call(self, images):
            return decoder(encoder(images))

    return Autoencoder()


@wrong("different-output")
def there_and_back_twice(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, decoder(encoder(decoder(encoder(inputs)))))


@wrong("copies")
def decoder_replaced_by_a_layer(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, Dense(784, "sigmoid")(encoder(inputs)))


@wrong("raises")
def predicts_on_an_input(encoder, decoder):
    inputs = Input((784,))
    return Model(inputs, decoder.predict(encoder.predict(inputs)))


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
