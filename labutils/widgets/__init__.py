"""Things to hold and move: each a function that takes plain arguments and returns an ``Interactive``.

It lives by itself, without a kernel. Where scripts do not run, on a code host or in a notebook that is not trusted, its
static twin stands in: a figure with alt text that tells the same story.
"""

from labutils.widgets.architecture import architecture
from labutils.widgets.code_explorer import code_explorer
from labutils.widgets.dashboard import training_dashboard
from labutils.widgets.draw_digit import draw_digit
from labutils.widgets.gallery import gallery
from labutils.widgets.ink import mnist_from_drawing
from labutils.widgets.live import Interactive
from labutils.widgets.loss import pixel_loss
from labutils.widgets.pixels import pixels

__all__ = [
    "Interactive",
    "architecture",
    "code_explorer",
    "draw_digit",
    "gallery",
    "mnist_from_drawing",
    "pixel_loss",
    "pixels",
    "training_dashboard",
]
