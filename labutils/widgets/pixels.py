"""The numbers of a digit, to hold: its pixels, their histogram, and the vector of 784 that flattening makes of them."""

import numpy as np

from labutils import figures
from labutils.figures.canvas import pictures
from labutils.widgets.live import Interactive, bytes_of

SHOWN = 200  # images that go into the page


def pixels(images, labels=None):
    """A digit as 28 x 28 numbers, their histogram, and the vector they become; any pixel can be followed there.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
        To pick from; the first 200 go into the page.
    labels : sequence of n, optional
        Which digit each image is.

    Returns
    -------
    Interactive; its twin is the grid and the vector of the first image

    Raises
    ------
    ValueError
        If ``images`` has another shape, or there is not a label for each image.
    """
    pictures(images[:1])
    if labels is not None and len(labels) != len(images):
        raise ValueError(f"There are {len(images)} images and {len(labels)} labels; pass a label for each image.")
    images = np.asarray(images[:SHOWN])
    return Interactive(
        "pixels",
        twin=lambda: figures.pixel_grid(images[0]),
        data={"images": bytes_of(images), "labels": None if labels is None else [*map(str, labels[:SHOWN])]},
    )
