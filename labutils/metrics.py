"""What a loss means: the ladder it stands on, the error of each image, and the health of the code's units."""

import numpy as np
from sklearn.decomposition import PCA

from labutils.datasets import flatten


def pixel_cross_entropy(target, output):
    """Mean binary cross-entropy per pixel, in nats.

    Parameters
    ----------
    target, output : float arrays of equal shape, values 0..1
        Outputs are kept 1e-7 away from 0 and 1, as Keras does it, so that the logarithm stays finite.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    target, output = np.asarray(target, np.float64), np.asarray(output, np.float64)
    if target.shape != output.shape:
        raise ValueError(f"target and output must have one shape, got {target.shape} and {output.shape}.")
    output = np.clip(output, 1e-7, 1 - 1e-7)
    return float(-np.mean(target * np.log(output) + (1 - target) * np.log(1 - output)))


def reconstruction_error(images, reconstructions):
    """Mean squared error of each image over its pixels.

    Parameters
    ----------
    images, reconstructions : float arrays (n, 28, 28), values 0..1

    Returns
    -------
    float array (n,)

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    images, reconstructions = np.asarray(images), np.asarray(reconstructions)
    if images.shape != reconstructions.shape:
        raise ValueError(
            f"images and reconstructions must have one shape, got {images.shape} and {reconstructions.shape}."
        )
    return np.mean((images - reconstructions) ** 2, axis=tuple(range(1, images.ndim)))


def loss_ladder(train_images, test_images, code_size=32):
    """Cross-entropies to compare a loss with, from knowing nothing to knowing everything.

    Each rung is what one could say about a test image after seeing the training images, and what that would cost.

    Parameters
    ----------
    train_images, test_images : uint8 arrays (n, 28, 28, 1), values 0..255
    code_size : int
        Numbers that PCA may keep of each image.

    Returns
    -------
    dict of str to float, in nats per pixel, on the test images:
        ``"untrained"``, 0.5 for every pixel; ``"constant"``, the mean grey for every pixel; ``"mean image"``, each
        pixel's own mean; ``"PCA"``, the best linear code, clipped to 0..1; ``"floor"``, the pixels themselves: the
        entropy of grey values, below which no reconstruction can come. For MNIST and 32 numbers 0.693, 0.39, 0.2625,
        0.1175 and 0.0581.
    """
    train, test = flatten(train_images), flatten(test_images)
    pca = PCA(code_size, svd_solver="covariance_eigh").fit(train)
    predictions = {
        "untrained": np.full_like(test, 0.5),
        "constant": np.full_like(test, train.mean(dtype=np.float64)),
        "mean image": np.broadcast_to(train.mean(axis=0), test.shape),
        "PCA": pca.inverse_transform(pca.transform(test)).clip(0, 1),
        "floor": test,
    }
    return {rung: pixel_cross_entropy(test, prediction) for rung, prediction in predictions.items()}


def latent_health(codes):
    """Which units of the code live, and how far each one moves.

    Parameters
    ----------
    codes : float array (n, code_size)
        The codes of many images, such as the test set's.

    Returns
    -------
    dict with
        ``"dead"`` : bool array (code_size,), units that give the same number for every image;
        ``"spread"`` : float array (code_size,), standard deviation of each unit;
        ``"active"`` : float array (code_size,), share of the images for which the unit is not 0.
    """
    codes = np.asarray(codes)
    spread = codes.std(axis=0)
    return {"dead": spread < 1e-6, "spread": spread, "active": np.mean(codes != 0, axis=0)}
