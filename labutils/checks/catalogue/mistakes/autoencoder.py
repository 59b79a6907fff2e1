"""Wrong answers to exercise 2.3, ``build_autoencoder(encoder, decoder)``."""

import keras
from keras import layers

from labutils.checks.catalogue import wrong
from labutils.checks.catalogue.correct.autoencoder import Dense, Input, Model, Sequential, fresh_parts
from labutils.checks.catalogue.mistakes.autoencoder_parts import *  # noqa: F403, what goes wrong with the parts


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
