"""The drawing of an autoencoder to scale: a bar for each layer, as high as it has values."""

import itertools
import math

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from labutils.figures.canvas import BLUE, GREY, INK, ORANGE, Figure, styled

THICK = 0.1  # half of a bar's width; layers stand 1 apart
COLORS = {"encoder": BLUE, "decoder": ORANGE}


@styled
def model_drawing(model):
    """Draw an autoencoder's layers to scale, with shapes, activations and parameter counts.

    Parameters
    ----------
    model : keras.Model
        One chain of layers. They may be nested; those of a part, such as "encoder", are counted together.
    """
    return _drawn([("", model.input_shape[1:], "", 0, ""), *_layers(model, model.input_shape, "")])


@styled
def autoencoder_drawing(hidden_size=128, code_size=32):
    """Draw the dense autoencoder of these sizes as ``model_drawing`` does, without building it.

    Parameters
    ----------
    hidden_size, code_size : int
    """
    note = f"; compression {784 / code_size:.1f}, {4 * code_size:,} bytes in a code"
    return _drawn(dense_layers(hidden_size, code_size), note)


def dense_layers(hidden_size, code_size):
    """(kind, shape, activation, parameters, part) of each layer of the dense autoencoder, the first of them its input.

    A layer has a weight for each of its inputs and units, and a bias for each unit.
    """
    sizes = (784, hidden_size, code_size, hidden_size, 784)
    activations, parts = ("", "relu", "relu", "relu", "sigmoid"), ("", "encoder", "encoder", "decoder", "decoder")
    parameters = [0, *((inputs + 1) * units for inputs, units in itertools.pairwise(sizes))]
    shapes = [(size,) for size in sizes]
    return list(zip(("", *4 * ["Dense"]), shapes, activations, parameters, parts, strict=True))


def _drawn(layers, note=""):
    """The drawing of layers as ``dense_layers`` gives them; the note is written behind the count of parameters."""
    sizes = np.array([math.prod(shape) for _, shape, *_ in layers])
    heights = sizes / sizes.max()
    code = max((x for x, layer in enumerate(layers) if layer[-1] == "encoder"), default=int(sizes.argmin()))
    roles = {0: "image", len(layers) - 1: "reconstruction", code: "code"}
    together = f"{sum(layer[3] for layer in layers):,}"
    figure = Figure(4.0)
    axes = figure.subplots()
    axes.axis("off")
    for x, ((kind, shape, activation, parameters, part), height) in enumerate(zip(layers, heights, strict=True)):
        color = COLORS.get(part, GREY) if x else INK
        axes.add_patch(Rectangle((x - THICK, -height / 2), 2 * THICK, height, color=color))
        above = f"{' x '.join(map(str, shape))}\n{activation}".strip()
        axes.text(x, height / 2 + 0.02, above, fontsize=9, ha="center", va="bottom", linespacing=1.1)
        below = kind.replace("Transpose", "\nTranspose")
        axes.text(x, -0.54, below, ha="center", va="top", color=GREY, linespacing=1.0)
        axes.text(x, -0.655, roles.get(x, ""), fontsize=9, ha="center", va="top", weight="bold")
        if x:
            sides = [(x - 1 + THICK, heights[x - 1] / 2), (x - THICK, height / 2)]
            corners = [*sides, *((corner, -y) for corner, y in reversed(sides))]
            axes.add_patch(Polygon(corners, color=color, alpha=0.18, linewidth=0))
        if parameters:
            axes.text(x - 0.5, 0, f"{parameters:,}", ha="center", va="center")
    totals = []
    for part in dict.fromkeys(part for *_, part in layers if part):
        members = [x for x, layer in enumerate(layers) if layer[-1] == part]
        total = sum(layers[x][3] for x in members)
        totals.append(f"{part} {total:,}")
        left, right = members[0] - 1 + 1.5 * THICK, members[-1] + THICK
        axes.plot([left, right], [-0.76, -0.76], color=COLORS.get(part, GREY), linewidth=2.5, solid_capstyle="butt")
        axes.text((left + right) / 2, -0.79, f"{part}: {total:,} parameters", fontsize=9, ha="center", va="top")
    axes.set(xlim=(-0.4, len(layers) - 0.6), ylim=(-0.88, 0.64))
    axes.set_title(f"{' → '.join(map(str, sizes))}: {together} parameters{note}")
    figure.alt = (
        f"The model drawn to scale, layers of {', '.join(map(str, sizes))} values; parameters: "
        f"{', '.join([*totals, f'together {together}'])}{note}."
    )
    return figure


def _layers(model, shape, part):
    """(kind, shape, activation, parameters, part) of each layer, nested ones too; shapes are followed through."""
    found = []
    for layer in model.layers:
        if type(layer).__name__ == "InputLayer":
            continue
        if hasattr(layer, "layers"):
            found += _layers(layer, shape, layer.name)
        shape = layer.compute_output_shape(shape)
        if not hasattr(layer, "layers"):
            activation = getattr(getattr(layer, "activation", None), "__name__", "")
            found.append((type(layer).__name__, shape[1:], activation, layer.count_params(), part))
    return found
