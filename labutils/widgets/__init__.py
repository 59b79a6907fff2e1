"""Things to hold and move: each a function that takes plain arguments and returns an ``Interactive``.

Where no kernel answers, on a code host or on the pages of ``run``, its static twin stands in: a figure with alt text
that tells the same story.
"""

from labutils.widgets.architecture import architecture
from labutils.widgets.base import Interactive
from labutils.widgets.loss import pixel_loss
from labutils.widgets.pixels import pixels

__all__ = [
    "Interactive",
    "architecture",
    "pixel_loss",
    "pixels",
]
