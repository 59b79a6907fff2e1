"""The numbers of a digit, to hold: its pixels, their histogram, and the vector of 784 that flattening makes of them."""

import ipywidgets
import numpy as np

from labutils import figures
from labutils.figures.canvas import pictures
from labutils.widgets.base import Interactive
from labutils.widgets.page import BLUE, INK, PAPER, RED, WIDTH, slider
from labutils.widgets.pieces import Words

SIDE, CELL = 28, 18  # pixels along an image, and screen pixels along one of them
GRID = SIDE * CELL
VECTOR_TOP, VECTOR_HIGH = 30, 44  # the vector is drawn one screen pixel for each of its 784 places
GRID_TOP = VECTOR_TOP + VECTOR_HIGH + 32
BESIDE, HIGH = GRID + 46, 150  # where the histogram begins, and how high it is
BINS = 32
SHARES = ["0", *(f".{100 * value // 255:02}" for value in range(1, 255)), "1"]  # value / 255, cut to what a pixel holds

# One style marks a row and a pixel: those that the sliders stand at, which the kernel lays over the numbers, or those
# under the pointer, which the browser finds without asking the kernel.
STYLE = f"""<style>
.labutils-pixels :is(.numbers, .marks) {{ position: relative; box-sizing: content-box; padding-top: {GRID_TOP}px;
  width: {WIDTH}px; height: {GRID}px; color: {INK}; font: 9px/{CELL}px system-ui, sans-serif }}
.labutils-pixels .numbers {{ background: {PAPER} }}
.labutils-pixels .marks {{ position: absolute; z-index: 2; pointer-events: none }}
.labutils-pixels:has(i:hover) .marks {{ visibility: hidden }}
.labutils-pixels .line {{ display: grid; grid-template-columns: repeat({SIDE}, {CELL}px);
  width: {GRID}px; height: {CELL}px }}
.labutils-pixels .marks .line {{ margin-top: calc(var(--row) * {CELL}px) }}
.labutils-pixels i {{ font-style: normal; text-align: center; color: #000 }}
.labutils-pixels i.dark {{ color: #fff }}
.labutils-pixels i.black {{ color: #999; background: #000 }}
.labutils-pixels svg {{ position: absolute; overflow: visible; font: 12px system-ui, sans-serif; fill: {INK} }}
.labutils-pixels .line:is(:hover, .marked) {{ outline: 1px solid {RED} }}
.labutils-pixels .line:is(:hover, .marked)::before {{ content: ""; position: absolute; top: {VECTOR_TOP}px;
  left: calc(var(--row) * {SIDE}px); width: {SIDE}px; height: {VECTOR_HIGH}px; outline: 1px solid {RED} }}
.labutils-pixels i:is(:hover, .marked) {{ outline: 3px solid {RED}; z-index: 1 }}
.labutils-pixels i:is(:hover, .marked)::before {{ content: ""; position: absolute; top: {VECTOR_TOP - 8}px;
  left: calc(var(--row) * {SIDE}px + var(--column) * 1px - 1px); width: 3px; height: {VECTOR_HIGH + 16}px;
  background: {RED} }}
.labutils-pixels i:is(:hover, .marked)::after {{ content: attr(data-told); position: absolute; white-space: pre;
  left: {BESIDE}px; top: {GRID_TOP + HIGH + 90}px; text-align: left; color: {INK};
  font: 15px/1.7 system-ui, sans-serif }}
</style>"""


def pixels(images, labels=None):
    """A digit as 28 x 28 numbers, their histogram, and the vector they become; any pixel can be followed there.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
    labels : sequence of n, optional
        Which digit each image is.

    Returns
    -------
    Interactive; its twin is the grid and the vector of the chosen image

    Raises
    ------
    ValueError
        If ``images`` has another shape, or there is not a label for each image.
    """
    pictures(images[:1])
    if labels is not None and len(labels) != len(images):
        raise ValueError(f"There are {len(images)} images and {len(labels)} labels; pass a label for each image.")
    start = _bytes(images, 0).argmax()
    image = slider("Image", 0, 0, len(images) - 1)
    row, column = slider("Row", start // SIDE, 0, SIDE - 1), slider("Column", start % SIDE, 0, SIDE - 1)
    scaled = ipywidgets.Checkbox(False, description="Scale to 0..1", style={"description_width": "8em"})
    words = Words()
    marks, numbers = (ipywidgets.HTML(layout={"height": height, "margin": "0 2px"}) for height in ("0", None))

    def redraw(change=None):
        values = _bytes(images, image.value)
        if change is None or change["owner"] in (image, scaled):
            numbers.value = _numbers(values, scaled.value)
        marks.value = _marks(values, row.value, column.value)
        named = f"Image {image.value}{'' if labels is None else f', labelled {labels[image.value]}'}"
        words.say(f"{named}: {_words(values, row.value, column.value)}")

    for moved in (image, scaled, row, column):
        moved.observe(redraw, "value")
    redraw()
    choice = (image, scaled) if len(images) > 1 else (scaled,)  # a browser draws no slider that cannot be moved
    lines = [ipywidgets.HBox(line, layout={"flex_flow": "row wrap"}) for line in (choice, (row, column))]
    style = ipywidgets.HTML(STYLE, layout={"height": "0", "margin": "0"})
    made = Interactive([*lines, words, style, marks, numbers], twin=lambda: figures.pixel_grid(images[image.value]))
    made.add_class("labutils-pixels")
    return made


def _bytes(images, number):
    """One image as whole numbers (28, 28) from 0 to 255."""
    return np.rint(255 * pictures(images[number : number + 1])[0]).astype(int)


def _words(values, row, column):
    value = values[row, column]
    return (
        f"the pixel in row {row}, column {column} is {value}. It goes to place 28 · {row} + {column} = "
        f"{SIDE * row + column} of the vector; scaled it is {value} / 255 = {value / 255:.3f}."
    )


def _marks(values, row, column):
    """The row and the pixel that the sliders stand at, to be laid over the numbers."""
    pixel = _pixel(values[row, column], row, column, "", "marked", f"grid-column:{column + 1};")
    return f'<div class="marks" aria-hidden="true"><div class="line marked" style="--row:{row}">{pixel}</div></div>'


def _numbers(values, scaled):
    """The vector, below it the grid with its numbers, and beside that the histogram."""
    top = 1 if scaled else 255
    zeros, whites = np.count_nonzero(values == 0), np.count_nonzero(values == 255)
    described = (
        f"The image as 28 by 28 numbers from 0 to {top}, their histogram, and the vector of 784 that they become: "
        f"{zeros} are 0, {whites} are {top}, {values.size - zeros - whites} between."
    )
    grid = []
    for row, line in enumerate(values.tolist()):
        grid.append(f'<div class="line" style="--row:{row}">')
        for column, value in enumerate(line):
            kind = "black" if value == 0 else "dark" if value < 118 else "light"
            color = f"background:rgb({value},{value},{value});" if value else ""
            grid.append(_pixel(value, row, column, SHARES[value] if scaled else value, kind, color))
        grid.append("</div>")
    return (
        f'<div class="numbers" role="img" aria-label="{described}">{"".join(grid)}'
        f"{_vector(values, top)}{_histogram(values, top, zeros, whites)}</div>"
    )


def _pixel(value, row, column, number, kind, style):
    """A pixel with its number, and what is told of it when it is marked."""
    told = (
        f"row {row}, column {column}: {value}&#10;place 28 · {row} + {column} = {SIDE * row + column}&#10;"
        f"scaled {value} / 255 = {value / 255:.3f}"
    )
    return f'<i class="{kind}" style="{style}--column:{column}" data-told="{told}">{number}</i>'


def _histogram(values, top, zeros, whites):
    """How many pixels have which value, on a log scale."""
    counts, _ = np.histogram(values, BINS, (0, 256))
    wide, high = 224 / BINS, HIGH / np.log1p(values.size)
    bars = "".join(f"M{wide * n:g} 0v{-high * np.log1p(count):.1f}h{wide - 1:g}V0" for n, count in enumerate(counts))
    heights = {count: 4 - high * np.log1p(count) for count in (0, 1, 10, 100)}
    ticks = "".join(f'<text x="-6" y="{y:.1f}" text-anchor="end">{count}</text>' for count, y in heights.items())
    return (
        f'<svg style="left:{BESIDE}px;top:{GRID_TOP + HIGH + 30}px" width="1" height="1">'
        f'<text x="-20" y="{-HIGH - 22}" font-weight="bold">How many pixels have which value</text>'
        f'<path d="{bars}" style="fill:{BLUE}"/>{ticks}<text y="16">0</text>'
        f'<text x="112" y="16" text-anchor="middle">{zeros} at 0, {whites} at {top}</text>'
        f'<text x="224" y="16" text-anchor="end">{top}</text></svg>'
    )


def _vector(values, top):
    """The 784 values as bars, one beside the other."""
    bars = "".join(f"M{n} 0v{-value * VECTOR_HIGH / 255:.0f}h1V0" for n, value in enumerate(values.ravel()) if value)
    return (
        f'<svg style="left:0;top:{VECTOR_TOP + VECTOR_HIGH}px" width="1" height="1">'
        f'<text y="{-VECTOR_HIGH - 12}" font-weight="bold">As a vector: 784 values from 0 to {top}, row by row</text>'
        f'<path d="M0 0H784" style="stroke:{INK}"/><path d="{bars}" style="fill:{BLUE}"/>'
        f'<text y="16">place 0</text><text x="784" y="16" text-anchor="end">place 783</text></svg>'
    )
