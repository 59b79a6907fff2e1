"""Things to hold and move: each a function that takes plain arguments and returns an ``Interactive``.

Where no kernel answers, on a code host or on the pages of ``run``, its static twin stands in: a figure with alt text
that tells the same story.
"""

from labutils.widgets.dashboard import training_dashboard

__all__ = [
    "training_dashboard",
]
