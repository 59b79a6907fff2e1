"""The lab's models: encoder, decoder and autoencoder, and their shallow and convolutional siblings."""

import keras
import numpy as np
from keras import layers

from labutils.datasets import flatten


def build_autoencoder(encoder, decoder):
    """One model of both parts, sharing their weights: input -> code -> reconstruction.

    Parameters
    ----------
    encoder : keras.Model, (784,) -> (code_size,)
    decoder : keras.Model, (code_size,) -> (784,)

    Returns
    -------
    keras.Model, (784,) -> (784,)
    """
    inputs = keras.Input(encoder.input_shape[1:])
    return keras.Model(inputs, decoder(encoder(inputs)), name="autoencoder")


def build_encoder(hidden_size=128, code_size=32, code_activation="relu"):
    """784 pixels -> Dense ReLU -> the code.

    Parameters
    ----------
    hidden_size, code_size : int
    code_activation : str
        ``"relu"``, or ``"linear"`` for a code that may be negative and has no dead units.

    Returns
    -------
    keras.Sequential, float32 (n, 784) -> float32 (n, code_size)
    """
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Dense(hidden_size, activation="relu"),
            layers.Dense(code_size, activation=code_activation),
        ],
        name="encoder",
    )


def build_decoder(hidden_size=128, code_size=32):
    """The code -> Dense ReLU -> 784 pixels in 0..1 by a sigmoid.

    Returns
    -------
    keras.Sequential, float32 (n, code_size) -> float32 (n, 784)
    """
    return keras.Sequential(
        [
            keras.Input((code_size,)),
            layers.Dense(hidden_size, activation="relu"),
            layers.Dense(784, activation="sigmoid"),
        ],
        name="decoder",
    )


def build_default(code_activation="relu", seed=0):
    """The lab's 784-128-32-128-784 autoencoder, untrained, with the initial weights that ``seed`` gives."""
    keras.utils.set_random_seed(seed)
    return build_autoencoder(build_encoder(code_activation=code_activation), build_decoder())


def build_shallow_autoencoder(code_size=32):
    """784 -> code -> 784 and nothing between: close to what PCA can do."""
    encoder = keras.Sequential([keras.Input((784,)), layers.Dense(code_size, activation="relu")], name="encoder")
    decoder = keras.Sequential([keras.Input((code_size,)), layers.Dense(784, activation="sigmoid")], name="decoder")
    return build_autoencoder(encoder, decoder)


def build_convolutional_autoencoder(code_size=32):
    """Looks at neighbourhoods of pixels instead of a flat vector; takes and gives the same vectors as the others."""
    encoder = keras.Sequential(
        [
            keras.Input((784,)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(code_size, activation="relu"),
        ],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((code_size,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
            layers.Flatten(),
        ],
        name="decoder",
    )
    return build_autoencoder(encoder, decoder)


def reconstruct(model, images):
    """Send images through the autoencoder.

    Parameters
    ----------
    model : keras.Model, (n, 784) -> (n, 784)
    images : uint8 array (n, 28, 28, 1), values 0..255

    Returns
    -------
    float32 array (n, 28, 28), values 0..1

    Raises
    ------
    ValueError
        If ``images`` has another shape or dtype.
    """
    reconstructions = model.predict(flatten(images), batch_size=1000, verbose=0)
    return np.reshape(reconstructions, (-1, 28, 28))
