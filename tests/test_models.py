"""The models: shapes, parameters, parts that share their weights, weights that a seed decides."""

import keras
import numpy as np
import pytest

from labutils.models import (
    build_autoencoder,
    build_convolutional_autoencoder,
    build_decoder,
    build_default,
    build_encoder,
    build_shallow_autoencoder,
    reconstruct,
)

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 28, 28, 1), np.uint8)
VECTORS = IMAGES.reshape(20, 784).astype(np.float32) / 255


def test_parameters_and_shapes_of_the_lab_s_model():
    encoder, decoder = build_encoder(), build_decoder()
    autoencoder = build_autoencoder(encoder, decoder)
    counts = [model.count_params() for model in (encoder, decoder, autoencoder)]
    assert counts == [104_608, 105_360, 209_968]
    assert [model.name for model in (encoder, decoder, autoencoder)] == ["encoder", "decoder", "autoencoder"]
    assert (encoder.input_shape, encoder.output_shape) == ((None, 784), (None, 32))
    assert (decoder.input_shape, decoder.output_shape) == ((None, 32), (None, 784))
    assert (autoencoder.input_shape, autoencoder.output_shape) == ((None, 784), (None, 784))
    activations = [layer.activation.__name__ for part in (encoder, decoder) for layer in part.layers]
    assert activations == ["relu", "relu", "relu", "sigmoid"]


def test_the_parts_share_the_weights_of_the_whole():
    encoder, decoder = build_encoder(), build_decoder()
    autoencoder = build_autoencoder(encoder, decoder)
    assert autoencoder.get_layer("encoder") is encoder
    assert autoencoder.get_layer("decoder") is decoder
    before = encoder.predict(VECTORS, verbose=0)
    autoencoder.compile("adam", "binary_crossentropy", run_eagerly=True)
    autoencoder.train_on_batch(VECTORS, VECTORS)
    assert not np.allclose(encoder.predict(VECTORS, verbose=0), before)
    np.testing.assert_allclose(
        decoder.predict(encoder.predict(VECTORS, verbose=0), verbose=0),
        autoencoder.predict(VECTORS, verbose=0),
        rtol=1e-5,
    )


def test_sizes_and_activation_of_the_code_can_be_chosen():
    encoder, decoder = build_encoder(64, 8, "linear"), build_decoder(64, 8)
    codes = encoder.predict(VECTORS, verbose=0)
    assert codes.shape == (20, 8)
    assert codes.min() < 0
    assert build_autoencoder(encoder, decoder).predict(VECTORS, verbose=0).shape == (20, 784)
    assert build_encoder().predict(VECTORS, verbose=0).min() == 0


def test_the_seed_decides_the_weights():
    def weights(**options):
        return np.concatenate([weight.ravel() for weight in build_default(**options).get_weights()])

    np.testing.assert_array_equal(weights(), weights(seed=0))
    assert not np.array_equal(weights(seed=1), weights(seed=0))
    linear = build_default(code_activation="linear")
    assert linear.get_layer("encoder").layers[-1].activation is keras.activations.linear
    assert linear.count_params() == 209_968


@pytest.mark.parametrize("build", [build_shallow_autoencoder, build_convolutional_autoencoder])
def test_siblings_take_and_give_the_same_and_can_learn(build):
    keras.utils.set_random_seed(0)
    model = build(code_size=16)
    assert model.get_layer("encoder").output_shape == (None, 16)
    output = model.predict(VECTORS, verbose=0)
    assert output.shape == (20, 784)
    assert 0 < output.min() < output.max() < 1
    model.compile("adam", "binary_crossentropy", run_eagerly=True)
    before = model.get_weights()
    losses = [model.train_on_batch(VECTORS, VECTORS) for _ in range(5)]
    assert losses[-1] < losses[0]
    assert all(not np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))


def test_reconstruct_gives_pictures():
    model = build_default()
    pictures = reconstruct(model, IMAGES)
    assert (pictures.shape, pictures.dtype) == ((20, 28, 28), np.float32)
    assert 0 < pictures.min() < pictures.max() < 1
    np.testing.assert_allclose(pictures.reshape(20, 784), model.predict(VECTORS, verbose=0), rtol=1e-5)
    assert reconstruct(model, IMAGES[:1]).shape == (1, 28, 28)


def test_reconstruct_does_not_take_scaled_images():
    with pytest.raises(ValueError, match="got float64"):
        reconstruct(build_default(), IMAGES / 255)
