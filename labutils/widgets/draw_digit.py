"""Draw a digit and see what goes through the bottleneck: the drawing as MNIST would hold it, its code, what is left."""

import numpy as np

from labutils import figures, metrics, models
from labutils.datasets import flatten
from labutils.widgets.ink import DRAWINGS, Page, mnist_from_drawing
from labutils.widgets.live import CODE_COLORS, Interactive, layers_of, parts_of

SAMPLES = 1000  # codes, for the limits of the colours


def draw_digit(model, images, labels=None, errors=None):
    """Draw on a canvas by mouse, pen or finger, and see what the autoencoder makes of it while drawing.

    The drawing is brought into MNIST's form, as by ``mnist_from_drawing``. What cannot be drawn can be chosen: a test
    image or a ready drawing is put on the canvas, to be drawn on.

    Parameters
    ----------
    model : keras.Model, (n, 784) -> (n, 784)
        An autoencoder with parts named "encoder" and "decoder", made of Dense layers.
    images : uint8 array (n, 28, 28, 1), values 0..255
        The test images.
    labels : int array (n,), optional
    errors : float array (n,), optional
        Squared errors of the test images, to compare the drawing's with; computed if they are not given.

    Returns
    -------
    Interactive; its twin shows the ready drawings, what the network sees of them, and what it gives back

    Raises
    ------
    ValueError
        If the model has no such parts, the images are of another shape or dtype, or the lengths differ.
    """
    for name, values in (("labels", labels), ("errors", errors)):
        if values is not None and len(values) != len(images):
            raise ValueError(f"draw_digit takes one of {name} for each image, got {len(values)} for {len(images)}.")
    encoder, decoder = parts_of(model)
    if errors is None:
        errors = metrics.reconstruction_error(images.reshape(-1, 28, 28) / 255, models.reconstruct(model, images))
    errors = np.sort(errors)
    shown = _examples(images, labels)
    codes = encoder.predict(flatten(images[:SAMPLES]), batch_size=1000, verbose=0)
    return Interactive(
        "draw-digit",
        lambda: _twin(encoder, decoder, errors),
        {
            "images": images[list(shown.values())],
            "examples": list(shown),
            "drawings": DRAWINGS,
            "errors": errors,
            "codes": codes,
            "colors": CODE_COLORS,
            "encoder": layers_of(encoder),
            "decoder": layers_of(decoder),
        },
    )


def _examples(images, labels):
    """Test images that can be put on the canvas, by their names: one of each digit, or the first ten."""
    if labels is None:
        return {f"test image {index}": index for index in range(min(10, len(images)))}
    first = {digit: int(np.argmax(labels == digit)) for digit in np.unique(labels)}
    return {f"test image {index}, a {digit}": index for digit, index in first.items()}


def _twin(encoder, decoder, errors):
    images = np.stack([mnist_from_drawing(Page(strokes).pixels) for strokes in DRAWINGS.values()])
    codes = np.asarray(encoder(flatten(images)))
    reconstructions = np.reshape(decoder(codes), (-1, 28, 28))
    drawn = metrics.reconstruction_error(images[..., 0] / 255, reconstructions)
    figure = figures.reconstructions(images, codes, reconstructions, title=f"Drawn: {', '.join(DRAWINGS)}")
    each = (
        f"{name} has a squared error of {error:.4f}, {_rank(error, errors)}"
        for name, error in zip(DRAWINGS, drawn, strict=True)
    )
    figure.alt = f"{len(DRAWINGS)} drawings in MNIST's form, their codes and their reconstructions: {'; '.join(each)}."
    return figure


def _rank(error, errors):
    better, count = np.searchsorted(errors, error), len(errors)
    return f"worse than {'all' if better == count else f'{100 * better // count} %'} of the {count:,} test images"
