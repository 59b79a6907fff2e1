"""The autoencoder's sizes, to hold: how wide it is where, what that costs in parameters, and how much it compresses."""

import ipywidgets

from labutils import figures
from labutils.figures.drawing import dense_layers
from labutils.widgets.base import Interactive
from labutils.widgets.page import BLUE, INK, ORANGE, path, slider, svg, text
from labutils.widgets.pieces import Words

PIXELS = 784
COLORS = {"": INK, "encoder": BLUE, "decoder": ORANGE}
ROLES = ("image", "hidden", "code", "hidden", "reconstruction")

APART, THICK = 170, 12  # from the middle of a bar to that of the next, and half of a bar
BARS = range(60, 60 + 5 * APART, APART)
MIDDLE, TALL = 196, 260  # where the bars' middles are, and how high 784 values
HEIGHT = 396


def architecture(hidden_size=128, code_size=32):
    """The dense autoencoder 784 → hidden → code → hidden → 784 to scale, its sizes on sliders.

    Parameters
    ----------
    hidden_size, code_size : int, 1..784
        Where the sliders stand at first.

    Returns
    -------
    Interactive; its twin is the drawing of these sizes

    Raises
    ------
    ValueError
        If one of them is no whole number in 1..784.
    """
    for name, size in (("hidden_size", hidden_size), ("code_size", code_size)):
        if size not in range(1, PIXELS + 1):
            raise ValueError(f"{name} is {size!r}; pass a whole number from 1 to {PIXELS}, as many as pixels.")
    hidden, code = slider("Hidden units", hidden_size, 1, PIXELS), slider("Code size", code_size, 1, PIXELS)
    drawing, words = ipywidgets.HTML(), Words()

    def redraw(change=None):
        drawing.value = _drawing(hidden.value, code.value)
        words.say(_words(hidden.value, code.value))

    for moved in (hidden, code):
        moved.observe(redraw, "value")
    redraw()
    made = Interactive(
        [ipywidgets.HBox([hidden, code], layout={"flex_flow": "row wrap"}), words, drawing],
        twin=lambda: figures.autoencoder_drawing(hidden.value, code.value),
    )
    made.add_class("labutils-architecture")
    return made


def parameters(hidden_size, code_size):
    """{"encoder": ..., "decoder": ...}: how many weights and biases each has."""
    layers = dense_layers(hidden_size, code_size)
    return {part: sum(count for *_, count, name in layers if name == part) for part in ("encoder", "decoder")}


def _words(hidden_size, code_size):
    counts = parameters(hidden_size, code_size)
    return (
        f"{hidden_size} hidden units, a code of {code_size}: {sum(counts.values()):,} parameters, "
        f"encoder {counts['encoder']:,} and decoder {counts['decoder']:,}. "
        f"Compression ratio {PIXELS} / {code_size} = {PIXELS / code_size:.1f}; "
        f"a code is {4 * code_size:,} bytes as float32, an image {PIXELS} bytes as uint8."
    )


def _drawing(hidden_size, code_size):
    layers = dense_layers(hidden_size, code_size)
    counts = parameters(hidden_size, code_size)
    sizes = [size for _, (size,), *_ in layers]
    title = f"{' → '.join(map(str, sizes))}: {sum(counts.values()):,} parameters"
    parts = [text(0, 16, title, "start", "font-weight:bold;font-size:15px")]
    for x, before, layer in zip(BARS, [None, *layers], layers, strict=False):
        (size,), activation, count, part = layer[1:]
        tall, color = _tall(size), COLORS[part]
        if before:
            left, right, earlier = x - APART + THICK, x - THICK, _tall(before[1][0])
            ys = [MIDDLE + side / 2 for side in (-earlier, -tall, tall, earlier)]
            parts.append(path((left, right, right, left), ys, f"fill:{color};fill-opacity:0.2", closed=True))
            parts.append(text(x - APART / 2, MIDDLE + 5, f"{count:,}"))
        bar = f'x="{x - THICK}" y="{MIDDLE - tall / 2:.1f}" width="{2 * THICK}" height="{tall:.1f}"'
        parts.append(f'<rect {bar} style="fill:{color}"/>')
        parts.append(text(x, MIDDLE - tall / 2 - 8, f"{size} {activation}".strip()))
    for x, role in zip(BARS, ROLES, strict=True):
        parts.append(text(x, MIDDLE + TALL / 2 + 20, role, style="font-weight:bold"))
    for part, first in (("encoder", 0), ("decoder", 2)):
        left, right = BARS[first] + THICK + 6, BARS[first + 2] + THICK
        parts.append(path((left, right), (362, 362), f"stroke:{COLORS[part]};stroke-width:3"))
        parts.append(text((left + right) / 2, 382, f"{part}: {counts[part]:,} parameters"))
    return svg(f"The layers as bars to scale. {_words(hidden_size, code_size)}", HEIGHT, parts)


def _tall(size):
    """How high the bar of a layer is: to scale, and never too low to be seen."""
    return max(size * TALL / PIXELS, 1)
