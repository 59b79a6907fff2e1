"""What all figures share: one style, a Figure that shows and describes itself, and boards of tiles for pictures."""

import base64
import io
import math

import matplotlib.figure
import numpy as np
from matplotlib import style
from PIL import Image

# Okabe and Ito's colours, and Petroff's ten for the ten digits: both told apart by colour-blind readers.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
SERIES = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)
TEN = ("#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd")
INK, GREY, PALE = "#262626", "#6b6b6b", "#dedede"
GREYS, CODES, DIFFERENCES = "gray", "viridis", "PuOr_r"
WIDTH = 7.8  # inches: what a notebook's column shows without shrinking

STYLE = {
    "font.size": 8,  # points, and nothing is smaller
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}
styled = style.context(["default", STYLE])  # a decorator: the reader's own style stays out, and stays as it is


class Figure(matplotlib.figure.Figure):
    """A matplotlib figure on white that shows itself where it is the value of a cell.

    Parameters
    ----------
    height, width : float, in inches

    Attributes
    ----------
    alt : str
        What the picture shows, for those who cannot see it.
    """

    def __init__(self, height, width=WIDTH):
        super().__init__(figsize=(width, height), layout="constrained", facecolor="white")
        self.alt = ""

    @styled
    def _repr_mimebundle_(self, include=None, exclude=None):
        """The picture with two dots per pixel of a usual screen, and its alt text."""
        drawn, png = io.BytesIO(), io.BytesIO()
        self.savefig(drawn, format="png", dpi=192, bbox_inches="tight", pad_inches=0.06)
        picture = Image.open(drawn).convert("RGB")
        few = picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        few.save(png, "PNG", optimize=True)  # 256 colours look the same and take a third of the room in a notebook
        data = {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": picture.width // 2}}


def board(figure, columns, rows, title=""):
    """Axes without axes: one unit per tile, rows counted downwards from the top."""
    axes = figure.subplots()
    axes.set(xlim=(0, columns), ylim=(rows, 0), aspect="equal", title=title)
    axes.set_autoscale_on(False)
    axes.axis("off")
    return axes


def tile(axes, picture, column, row, cmap=GREYS, limits=(0, 1), margin=0.04):
    """Put a picture on one tile of a board, as large as fits."""
    height, width = picture.shape
    half = 0.5 - margin
    x, y = half * min(1, width / height), half * min(1, height / width)
    extent = (column + 0.5 - x, column + 0.5 + x, row + 0.5 + y, row + 0.5 - y)
    return axes.imshow(
        picture, cmap=cmap, vmin=limits[0], vmax=limits[1], extent=extent, interpolation="nearest", aspect="equal"
    )


def scale(axes, drawn, label, shrink, **kwargs):
    """The colours of what ``tile`` drew, as a bar beside the board, over a share of its height."""
    columns, rows = axes.get_xlim()[1], axes.get_ylim()[0]
    place = axes.inset_axes([1 + 0.1 / columns, (1 - shrink) / 2, shrink * rows / 16 / columns, shrink])
    bar = axes.figure.colorbar(drawn, cax=place, **kwargs)
    bar.set_label(label)
    bar.outline.set_visible(False)


def code_rows(size):
    """In how many rows a code of this size is shown: as near to a square as divides it, such as 4 for 32."""
    return max(rows for rows in range(1, math.isqrt(size) + 1) if size % rows == 0)


def pictures(images):
    """Images as floats (n, 28, 28) in 0..1; a ValueError if they are not images (n, 28, 28, 1) or (n, 28, 28)."""
    images = np.asarray(images)
    if not len(images) or images.shape[1:] not in ((28, 28, 1), (28, 28)):
        raise ValueError(
            f"Images of shape (n, 28, 28, 1) or (n, 28, 28) are wanted, at least one, got {images.shape}. "
            "Pass a single image as images[:1]."
        )
    return images.reshape(len(images), 28, 28) / (255 if images.dtype == np.uint8 else 1)


def titled(title, source):
    """The title with the name of the digits that its numbers come from."""
    return f"{title}, {source}" if source else title


def counted(number, word):
    """'1 row', '2 rows'"""
    return f"{number} {word}{'' if number == 1 else 's'}"


def listed(words):
    """'a, b and c'"""
    words = [str(word) for word in words]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
