"""What interactives share: the widget with its static twin, and pictures as PNG that a slider changes quickly."""

import io

import ipywidgets
import matplotlib
import numpy as np
from PIL import Image

from labutils.figures.canvas import CODES, DIFFERENCES, GREYS

GREY_PIXELS, CODE_PIXELS, DIFFERENCE_PIXELS = (
    (matplotlib.colormaps[name](np.arange(256))[:, :3] * 255).round().astype(np.uint8)
    for name in (GREYS, CODES, DIFFERENCES)
)  # (256, 3) each: what to pass to ``picture`` as its colours

# ipywidgets gives the handle of a slider no name that a screen reader could say, and none can be given from Python. So
# the browser, as soon as it shows this, names each slider of the interactive by its label, and those that come later.
NAMES = """<style>@keyframes labutils-shown { to { opacity: 0 } }</style>
<i style="position: absolute; animation: labutils-shown 1ms" onanimationstart="
  const all = this.closest('.labutils-interactive')
  const name = () => all.querySelectorAll('[role=slider]:not([aria-label])').forEach(handle => {
    const label = handle.closest('.jupyter-widgets').querySelector('label')
    if (label) handle.setAttribute('aria-label', label.textContent)
  })
  new MutationObserver(name).observe(all, {childList: true, subtree: true})
  name()
"></i>"""


class Interactive(ipywidgets.VBox):
    """A column of widgets with a static twin, in which a screen reader knows each slider by its description.

    As the value of a cell it gives both: a front end with a kernel shows the widgets, any other the twin.

    Parameters
    ----------
    children : sequence of ipywidgets.Widget
    twin : callable
        Takes nothing and returns the ``figures.Figure`` that stands in, with its ``alt``. Called when the interactive
        is shown.
    """

    _ipython_display_ = None  # ipywidgets 7, as in Colab, would show the widgets through it, and never the twin

    def __init__(self, children, twin):
        super().__init__([*children, ipywidgets.HTML(NAMES, layout={"height": "0", "margin": "0"})])
        self.twin = twin
        self.add_class("labutils-interactive")

    def _repr_mimebundle_(self, **kwargs):
        pictured, metadata = self.twin()._repr_mimebundle_()
        return {**self._view(), **pictured}, metadata

    def _view(self):
        """The widgets alone, as every version of ipywidgets names them to the front end."""
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"application/vnd.jupyter.widget-view+json": view}


def picture(values, colors=GREY_PIXELS, limits=(0, 1), zoom=8):
    """An array as PNG, quickly: about a millisecond, with every number a square of equal colour.

    Parameters
    ----------
    values : array (rows, columns)
    colors : uint8 array (256, 3)
        From the lowest to the highest number.
    limits : pair of float
        The numbers that get the first and the last colour; what is beyond them gets the same.
    zoom : int
        Screen pixels along each side of a square.

    Returns
    -------
    bytes, for the ``value`` of a ``pieces.Image``, which takes the words for it as well
    """
    low, high = limits
    levels = ((np.asarray(values, float) - low) * (255 / ((high - low) or 1))).clip(0, 255).astype(np.uint8)
    drawn = Image.fromarray(np.kron(levels, np.ones((zoom, zoom), np.uint8)), "P")
    drawn.putpalette(colors.tobytes())
    png = io.BytesIO()
    drawn.save(png, "PNG", compress_level=1)
    return png.getvalue()
