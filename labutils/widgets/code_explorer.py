"""The numbers of a code to hold and move: what each of them changes, and what lies between two codes."""

import numpy as np

from labutils import figures, metrics
from labutils.datasets import flatten
from labutils.widgets.live import Interactive, layers_of, parts_of

SHOWN, SAMPLES = 200, 500  # images to pick from, and codes to draw random numbers from, that go into the page


def code_explorer(model, images, labels=None, training_images=None, seed=0):
    """Move each number of a code, and see what the decoder draws.

    Each number has a slider that goes from the lowest to the highest that its unit gives to the training images and to
    ``images``, 0 included. One can go back to the image's own code, take a random one, each of whose numbers the unit
    gave to some training image, and walk in a straight line to the code of another image.

    Parameters
    ----------
    model : keras.Model, (n, 784) -> (n, 784)
        An autoencoder with parts named "encoder" and "decoder", made of Dense layers.
    images : uint8 array (n, 28, 28, 1), values 0..255
        To pick from; the first 200 go into the page.
    labels : int array (n,), optional
    training_images : uint8 array (m, 28, 28, 1), optional
        What the units are scaled on, and dead on; ``images`` if there are none.
    seed : int
        Of the random codes.

    Returns
    -------
    Interactive; its twin takes the unit that moves most from its lowest to its highest number, on the first image

    Raises
    ------
    ValueError
        If the model has no such parts, or the images are of another shape or dtype, or fewer than one.
    """
    if not len(images) or (labels is not None and len(labels) != len(images)):
        raise ValueError(
            "code_explorer takes at least one image, and a label for each if there are labels, got "
            f"{len(images)} images and {'no' if labels is None else len(labels)} labels."
        )
    encoder, decoder = parts_of(model)
    codes = encoder.predict(flatten(images), batch_size=1000, verbose=0)
    training_codes = codes
    if training_images is not None and training_images is not images:
        training_codes = encoder.predict(flatten(training_images), batch_size=1000, verbose=0)
    low = np.minimum(0, np.minimum(codes.min(axis=0), training_codes.min(axis=0)))
    high = np.maximum(0, np.maximum(codes.max(axis=0), training_codes.max(axis=0)))
    some = np.random.default_rng(seed).permutation(len(training_codes))[:SAMPLES]

    def twin():
        unit = int(training_codes.std(axis=0).argmax())
        walk = np.repeat(codes[:1], 9, axis=0)
        walk[:, unit] = np.linspace(low[unit], high[unit], 9)
        names = [f"unit {unit} at {number:.1f}" for number in (low[unit], high[unit])]
        return figures.code_walk(np.reshape(decoder(walk), (-1, 28, 28)), names)

    return Interactive(
        "code-explorer",
        twin,
        {
            "images": images[:SHOWN],
            "labels": None if labels is None else [int(label) for label in labels[:SHOWN]],
            "encoder": layers_of(encoder),
            "decoder": layers_of(decoder),
            "low": low,
            "high": high,
            "dead": metrics.latent_health(training_codes)["dead"],
            "samples": training_codes[some],
            "seed": seed,
        },
    )
