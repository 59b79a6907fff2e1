"""Pictures of digits, models, losses and codes, made with matplotlib.

Each function returns a ``Figure`` and never shows it: as the value of a cell it shows itself. Its ``alt`` says in words
what this very picture shows. Where images are taken, they are uint8 arrays (n, 28, 28, 1) or floats (n, 28, 28) in
0..1, and any other shape is a ValueError.
"""

from labutils.figures.canvas import Figure
from labutils.figures.codes import code_atoms, code_map, code_spread, code_walk
from labutils.figures.drawing import autoencoder_drawing, model_drawing
from labutils.figures.images import (
    best_and_worst,
    compare_sources,
    error_examples,
    pixel_grid,
    pixel_histogram,
    reconstructions,
    sample_grid,
)
from labutils.figures.losses import compare_curves, cross_entropy_curves, error_by_digit, learning_curve, loss_ladder

__all__ = [
    "Figure",
    "autoencoder_drawing",
    "best_and_worst",
    "code_atoms",
    "code_map",
    "code_spread",
    "code_walk",
    "compare_curves",
    "compare_sources",
    "cross_entropy_curves",
    "error_by_digit",
    "error_examples",
    "learning_curve",
    "loss_ladder",
    "model_drawing",
    "pixel_grid",
    "pixel_histogram",
    "reconstructions",
    "sample_grid",
]
