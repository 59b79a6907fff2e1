"""The loss of a pixel, to hold: a target grey, an output, and what cross-entropy and squared error make of them."""

from numbers import Real

import ipywidgets
import numpy as np

from labutils import figures
from labutils.widgets.base import Interactive
from labutils.widgets.page import BLUE, GREY, INK, RED, path, said, slider, svg, text

OUTPUTS = 1 / (1 + np.exp(-np.linspace(-9, 9, 181)))  # dense where the curves are steep
SURPRISES = -np.log([OUTPUTS, 1 - OUTPUTS])
FLOORS = np.sum([OUTPUTS, 1 - OUTPUTS] * SURPRISES, axis=0)  # of a target equal to each output
NEAREST = 1e-7  # as near as Keras lets an output come to 0 and 1
HIGHEST = {"cross-entropy": 3, "squared error": 1}  # where the axes end

TOP, BOTTOM = 44, 274
LEFT, PANEL = {"cross-entropy": 52, "squared error": 460}, 320
HEIGHT = 324


def pixel_loss(target=0.25, output=0.6):
    """A target grey and an output on sliders; both losses as curves with the point on them, and the floor.

    Parameters
    ----------
    target, output : float, 0..1
        Where the sliders stand at first.

    Returns
    -------
    Interactive; its twin draws the curves of this target and of targets 0, 0.5 and 1

    Raises
    ------
    ValueError
        If one of them is no number in 0..1.
    """
    for name, value in (("target", target), ("output", output)):
        if not (isinstance(value, Real) and 0 <= value <= 1):
            raise ValueError(f"The {name} is {value!r}; a pixel is a share of white, so pass a number from 0 to 1.")
    targets, outputs = slider("Target grey", target, 0, 1, 0.01), slider("Output", output, 0, 1, 0.01)
    drawing, words = ipywidgets.HTML(), ipywidgets.HTML()

    def redraw(change=None):
        drawing.value, words.value = _drawing(targets.value, outputs.value), said(_words(targets.value, outputs.value))

    for moved in (targets, outputs):
        moved.observe(redraw, "value")
    redraw()
    made = Interactive(
        [ipywidgets.HBox([targets, outputs], layout={"flex_flow": "row wrap"}), drawing, words],
        twin=lambda: figures.cross_entropy_curves(sorted({0.0, float(targets.value), 0.5, 1.0})),
    )
    made.add_class("labutils-loss")
    return made


def losses(target, output):
    """What one pixel costs.

    Parameters
    ----------
    target, output : float, 0..1

    Returns
    -------
    cross_entropy, floor, squared_error : float
        The first two in nats; the floor is what the output that equals the target would cost.
    """
    return _cross_entropy(target, output), _cross_entropy(target, target), (output - target) ** 2


def _cross_entropy(target, output):
    output = min(max(output, NEAREST), 1 - NEAREST)
    return float(-target * np.log(output) - (1 - target) * np.log(1 - output))


def _words(target, output):
    cross_entropy, floor, squared_error = losses(target, output)
    above = cross_entropy - floor
    place = f"{above:.3f} above the floor of {floor:.3f}" if output != target else "exactly the floor"
    return (
        f"Target {target:.2f}, output {output:.2f}: cross-entropy {cross_entropy:.3f} nats, {place}; "
        f"squared error {squared_error:.4f}."
    )


def _drawing(target, output):
    cross_entropy, floor, squared_error = losses(target, output)
    curves = {
        "cross-entropy": (target * SURPRISES[0] + (1 - target) * SURPRISES[1], cross_entropy),
        "squared error": ((OUTPUTS - target) ** 2, squared_error),
    }
    parts = []
    for name, (curve, loss) in curves.items():
        parts += _axes(name, f"{name.capitalize()}: {loss:.3f}{' nats' * (name == 'cross-entropy')}")
        parts.append(_line(name, [target, target], [0, HIGHEST[name]], f"stroke:{GREY};stroke-dasharray:1 4"))
        if name == "cross-entropy":
            parts.append(_line(name, OUTPUTS, FLOORS, f"stroke:{GREY};stroke-dasharray:6 4"))
            parts.append(_line(name, [0, 1], [floor, floor], f"stroke:{GREY};stroke-width:2"))
            parts.append(_line(name, [output, output], [floor, loss], f"stroke:{RED};stroke-width:4"))
        seen = curve <= HIGHEST[name]
        parts.append(_line(name, OUTPUTS[seen], curve[seen], f"stroke:{BLUE};stroke-width:2.5"))
        x, y = _place(name, output, loss)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" style="fill:{RED};stroke:white;stroke-width:1.5"/>')
    x, y = _place("cross-entropy", 1, floor)
    parts.append(text(x + 4, y + 4, f"floor {floor:.3f}", "start"))
    return svg(f"Two curves over the output of a pixel. {_words(target, output)}", HEIGHT, parts)


def _axes(name, title):
    """A panel without curves: title, grid, and numbers along the axes."""
    left = LEFT[name]
    yield text(left, TOP - 22, title, "start", "font-weight:bold;font-size:15px")
    for step in range(5):
        x, _ = _place(name, step / 4, 0)
        yield text(x, BOTTOM + 18, f"{step / 4:g}")
    for step in range(4) if name == "cross-entropy" else range(5):
        value = step if name == "cross-entropy" else step / 4
        _, y = _place(name, 0, value)
        yield _line(name, [0, 1], [value, value], f"stroke:{INK};stroke-opacity:{0.6 if step == 0 else 0.15}")
        yield text(left - 8, y + 4, f"{value:g}", "end")
    dashed = "; dashed: the floor of every target" if name == "cross-entropy" else ""
    yield text(left + PANEL / 2, BOTTOM + 40, f"output; dotted: the target{dashed}")


def _line(name, xs, ys, style):
    return path(*_place(name, np.asarray(xs), np.asarray(ys)), f"fill:none;{style}")


def _place(name, output, loss):
    """Where in the drawing an output and its loss are; what is higher than the axes is at their end."""
    share = np.minimum(loss / HIGHEST[name], 1.03)
    return LEFT[name] + PANEL * output, BOTTOM - (BOTTOM - TOP) * share
