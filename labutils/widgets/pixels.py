"""The numbers of a digit, to hold: its pixels, their histogram, and the vector of 784 that flattening makes of them."""

from string import Template

import ipywidgets
import numpy as np

from labutils import figures
from labutils.figures.canvas import pictures
from labutils.widgets.base import Interactive
from labutils.widgets.page import BLUE, INK, PAPER, RED, WIDTH, said, slider

SIDE, CELL = 28, 18  # pixels along an image, and screen pixels along one of them
GRID = SIDE * CELL
VECTOR_TOP, VECTOR_HIGH = 30, 44  # the vector is drawn one screen pixel for each of its 784 places
GRID_TOP = VECTOR_TOP + VECTOR_HIGH + 32
BESIDE, HIGH = GRID + 46, 150  # where the histogram begins, and how high it is
BINS = 32
SHARES = ["0", *(f".{100 * value // 255:02}" for value in range(1, 255)), "1"]  # value / 255, cut to what a pixel holds

# A browser marks the row and the pixel that the pointer is over by itself, without asking the kernel; the kernel marks
# those that the sliders stand at. $own is the class of this very interactive.
STYLE = Template(f"""<style>
.$own {{ position: relative; width: {WIDTH}px; height: {GRID}px; padding-top: {GRID_TOP}px; color: {INK};
  background: {PAPER}; box-sizing: content-box; font: 9px/{CELL}px system-ui, sans-serif }}
.$own > div {{ display: grid; grid-template-columns: repeat({SIDE}, {CELL}px); width: {GRID}px; height: {CELL}px }}
.$own i {{ font-style: normal; text-align: center; color: #000 }}
.$own i.dark {{ color: #fff }}
.$own i.black {{ color: #999; background: #000 }}
.$own svg {{ position: absolute; overflow: visible; font: 12px system-ui, sans-serif; fill: {INK} }}
$rows {{ outline: 1px solid {RED} }}
$rows::before {{ content: ""; position: absolute; left: calc(var(--row) * {SIDE}px); width: {SIDE}px;
  top: {VECTOR_TOP}px; height: {VECTOR_HIGH}px; outline: 1px solid {RED} }}
$pixels {{ outline: 3px solid {RED}; z-index: 1 }}
$pixels::before {{ content: ""; position: absolute; left: calc(var(--row) * {SIDE}px + var(--column) * 1px - 1px);
  top: {VECTOR_TOP - 8}px; height: {VECTOR_HIGH + 16}px; width: 3px; background: {RED} }}
$pixels::after {{ content: attr(data-told); position: absolute; left: {BESIDE}px; top: {GRID_TOP + HIGH + 90}px;
  white-space: pre; text-align: left; color: {INK}; font: 15px/1.7 system-ui, sans-serif }}
</style>""")


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
    numbers, marks, words = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
    own = f"pixels-{numbers.model_id}"

    def redraw(change=None):
        values = _bytes(images, image.value)
        if change is None or change["owner"] in (image, scaled):
            numbers.value = _numbers(values, scaled.value, own)
        if change is None or change["owner"] in (row, column):
            marks.value = _marks(row.value, column.value, own)
        named = f"Image {image.value}{'' if labels is None else f', labelled {labels[image.value]}'}"
        words.value = said(f"{named}: {_told(values, row.value, column.value)}")

    for moved in (image, scaled, row, column):
        moved.observe(redraw, "value")
    redraw()
    choice = (image, scaled) if len(images) > 1 else (scaled,)  # a browser draws no slider that cannot be moved
    lines = [ipywidgets.HBox(line, layout={"flex_flow": "row wrap"}) for line in (choice, (row, column))]
    made = Interactive([*lines, words, marks, numbers], twin=lambda: figures.pixel_grid(images[image.value]))
    made.add_class("labutils-pixels")
    return made


def _bytes(images, number):
    """One image as whole numbers (28, 28) from 0 to 255."""
    return np.rint(255 * pictures(images[number : number + 1])[0]).astype(int)


def _told(values, row, column):
    value = values[row, column]
    return (
        f"the pixel in row {row}, column {column} is {value}. It goes to place 28 · {row} + {column} = "
        f"{SIDE * row + column} of the vector; scaled it is {value} / 255 = {value / 255:.3f}."
    )


def _marks(row, column, own):
    """The style of an interactive, with the row and the pixel that are marked while no other is pointed at."""
    rest = f".{own}:not(:has(i:hover))"
    rows = f":is(.{own} > div:hover, {rest} .row{row})"
    pixels = f":is(.{own} i:hover, {rest} .row{row} .column{column})"
    return STYLE.substitute(own=own, rows=rows, pixels=pixels)


def _numbers(values, scaled, own):
    """The vector, below it the grid with its numbers, and beside that the histogram."""
    top = 1 if scaled else 255
    zeros, whites = np.count_nonzero(values == 0), np.count_nonzero(values == 255)
    described = (
        f"The image as 28 by 28 numbers from 0 to {top}, their histogram, and the vector of 784 that they become: "
        f"{zeros} are 0, {whites} are {top}, {values.size - zeros - whites} between."
    )
    grid = []
    for row, line in enumerate(values.tolist()):
        grid.append(f'<div class="row{row}" style="--row:{row}">')
        grid += [_cell(value, row, column, scaled) for column, value in enumerate(line)]
        grid.append("</div>")
    return (
        f'<div class="{own}" role="img" aria-label="{described}">{"".join(grid)}'
        f"{_vector(values, top)}{_histogram(values, top, zeros, whites)}</div>"
    )


def _cell(value, row, column, scaled):
    """A pixel with its number, and what is told of it when it is marked."""
    kind = " black" if value == 0 else " dark" if value < 118 else ""
    color = f"background:rgb({value},{value},{value});" if value else ""
    told = (
        f"row {row}, column {column}: {value}&#10;place 28 · {row} + {column} = {SIDE * row + column}&#10;"
        f"scaled {value} / 255 = {value / 255:.3f}"
    )
    number = SHARES[value] if scaled else value
    return f'<i class="column{column}{kind}" style="{color}--column:{column}" data-told="{told}">{number}</i>'


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
