"""The lab's interactives as a reader meets them: in which notebook, and what moves them."""

import contextlib
import functools
import itertools
import math
from dataclasses import dataclass


@dataclass
class Held:
    """An interactive, and a control of it that is moved step by step.

    Attributes
    ----------
    name : str
        Its CSS class.
    notebook : str
        Without ending.
    role, control : str or None
        ARIA role of the control, and a part of its name; None where one draws on a canvas.
    keys : pair of str
        There and back.
    """

    name: str
    notebook: str
    role: str
    control: str
    keys: tuple = ("ArrowRight", "ArrowLeft")

    def find(self, root):
        """playwright.sync_api.Locator: the control, the first that can be moved, within the interactive."""
        return root.get_by_role(self.role, name=self.control, disabled=False).first

    @contextlib.contextmanager
    def moving(self, notebook):
        """Take hold of the control, and let it go at the end.

        Parameters
        ----------
        notebook : notebook.Notebook

        Yields
        ------
        callable, which moves it one step further: now there, now back
        """
        root = notebook.interactive(self.name)
        root.scroll_into_view_if_needed()
        if self.role is None:
            with _drawing(notebook.page, root.locator("canvas").first) as move:
                yield move
        else:
            self.find(root).focus()
            keyboard, keys = notebook.page.keyboard, [self.keys[0]] * STEPS + [self.keys[1]] * STEPS
            try:
                yield functools.partial(_hold, keyboard, itertools.cycle(keys))
            finally:
                for key in self.keys:
                    keyboard.up(key)


STEPS = 5  # there, and as many back
INTERACTIVES = (
    Held("labutils-pixels", "01_preprocessing", "slider", "Image"),
    Held("labutils-architecture", "02_encoder_decoder", "slider", "Hidden units"),
    Held("labutils-loss", "03_compilation", "slider", "Output"),
    Held("labutils-dashboard", "04_training", "slider", "Epoch", ("ArrowLeft", "ArrowRight")),  # it stands at the last
    Held("labutils-code-explorer", "05_reconstruction", "slider", "unit", ("ArrowUp", "ArrowDown")),
    Held("labutils-draw-digit", "05_reconstruction", None, None),
    Held("labutils-gallery", "05_reconstruction", "spinbutton", "enlarge", ("ArrowUp", "ArrowDown")),
)


def _hold(keyboard, keys):
    """Press the next key, and keep it pressed: more of the same are its repetitions."""
    keyboard.down(next(keys))


@contextlib.contextmanager
def _drawing(page, canvas):
    """Draw round and round with the mouse; the circles differ, for ink on ink would change nothing."""
    box = canvas.bounding_box()
    x, y, size = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 3

    def points():
        for step in itertools.count():
            angle, radius = 2 * math.pi * step / 40, size * (1 - 0.5 * math.sin(step / 25) ** 2)
            yield x + radius * math.cos(angle), y + radius * math.sin(angle)

    places = points()
    page.mouse.move(*next(places))
    page.mouse.down()
    try:
        yield lambda: page.mouse.move(*next(places))
    finally:
        page.mouse.up()
