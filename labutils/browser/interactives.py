"""The lab's interactives as a reader meets them: in which notebook, and what moves them."""

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
        ARIA role and name of the control; None where one draws on a canvas.
    keys : pair of str
        There and back.
    """

    name: str
    notebook: str
    role: str = "slider"
    control: str = None
    keys: tuple = ("ArrowRight", "ArrowLeft")

    def find(self, root):
        """playwright.sync_api.Locator: the control, the first that can be moved, within the interactive."""
        able = root.locator(".slider:not([disabled])") if self.role == "slider" else root
        return able.get_by_role(self.role, name=self.control).first

    def moves(self, notebook):
        """Yield callables, without end: each moves the control one step further, now there, now back.

        Parameters
        ----------
        notebook : notebook.Notebook
        """
        root = notebook.interactive(self.name)
        root.scroll_into_view_if_needed()
        if self.control is None:
            yield from _strokes(notebook.page, root.locator("canvas").first)
        self.find(root).focus()
        for key in itertools.cycle([self.keys[0]] * STEPS + [self.keys[1]] * STEPS):
            yield lambda key=key: notebook.page.keyboard.press(key)


STEPS = 5  # there, and as many back
INTERACTIVES = (
    Held("labutils-pixels", "01_preprocessing", control="Column"),
    Held("labutils-architecture", "02_encoder_decoder", control="Hidden units"),
    Held("labutils-loss", "03_compilation", control="Output"),
    Held("labutils-dashboard", "04_training", control="Epoch"),
    Held("labutils-code-explorer", "05_reconstruction", control="unit", keys=("ArrowUp", "ArrowDown")),
    Held("labutils-draw-digit", "05_reconstruction"),
    Held("labutils-gallery", "05_reconstruction", "spinbutton", "enlarge", ("ArrowUp", "ArrowDown")),
)


def _strokes(page, canvas):
    """Draw round and round, with the mouse's button down."""
    box = canvas.bounding_box()
    x, y, radius = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / 3
    page.mouse.move(x + radius, y)
    page.mouse.down()
    for step in itertools.count(1):
        angle = 2 * math.pi * step / 40
        # A circle whose size changes: what is drawn over what is there changes nothing.
        size = radius * (1 - 0.5 * math.sin(step / 25) ** 2)
        yield lambda a=angle, r=size: page.mouse.move(x + r * math.cos(a), y + r * math.sin(a))
