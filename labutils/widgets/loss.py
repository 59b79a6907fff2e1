"""The loss of a pixel, to hold: a target grey, an output, and what cross-entropy and squared error make of them."""

from dataclasses import dataclass
from numbers import Real

import ipywidgets
import numpy as np

from labutils import figures
from labutils.widgets.base import Interactive
from labutils.widgets.page import BLUE, GREY, INK, RED, path, slider, svg, text
from labutils.widgets.pieces import Words

OUTPUTS = 1 / (1 + np.exp(-np.linspace(-14, 14, 169)))  # dense where the curves are steep
SURPRISES = -np.log([OUTPUTS, 1 - OUTPUTS])
FLOORS = np.sum([OUTPUTS, 1 - OUTPUTS] * SURPRISES, axis=0)  # of a target equal to each output
NEAREST = 1e-7  # as near as Keras lets an output come to 0 and 1

PANEL, TOP, BOTTOM, HEIGHT = 290, 44, 274, 324


@dataclass(frozen=True)
class Panel:
    """Axes in the drawing: where their left end is, and the losses that are marked along them, up to their top."""

    left: int
    marks: tuple

    def place(self, output, loss):
        """Where an output and its loss are; what is higher than the axes is just beyond their end."""
        return self.left + PANEL * output, BOTTOM - (BOTTOM - TOP) * np.minimum(loss / self.marks[-1], 1.03)

    def line(self, outputs, curve, style):
        """A curve, as far as the axes reach."""
        seen = np.convolve(curve <= self.marks[-1], [1, 1, 1], "same") > 0  # and the first point beyond
        return self.path(outputs[seen], np.minimum(curve[seen], self.marks[-1]), style)

    def path(self, outputs, curve, style):
        return path(*self.place(np.asarray(outputs), np.asarray(curve)), f"fill:none;{style}")

    def axes(self, title, target, dashed=""):
        yield text(self.left, TOP - 22, title, "start", "font-weight:bold;font-size:15px")
        for output in (0, 0.25, 0.5, 0.75, 1):
            yield text(self.place(output, 0)[0], BOTTOM + 18, f"{output:g}")
        for loss in self.marks:
            yield self.path([0, 1], [loss, loss], f"stroke:{INK};stroke-opacity:{0.15 if loss else 0.6}")
            yield text(self.left - 8, self.place(0, loss)[1] + 4, f"{loss:g}", "end")
        yield self.path([target, target], [0, self.marks[-1]], f"stroke:{GREY};stroke-dasharray:1 4")
        yield text(self.left + PANEL / 2, BOTTOM + 40, f"output; dotted: the target{dashed}")

    def point(self, output, loss):
        x, y = self.place(output, loss)
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" style="fill:{RED};stroke:white;stroke-width:1.5"/>'


CROSS_ENTROPY, SQUARED_ERROR = Panel(52, (0, 1, 2, 3)), Panel(496, (0, 0.25, 0.5, 0.75, 1))
CURVE = f"stroke:{BLUE};stroke-width:2.5"


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
    drawing, words = ipywidgets.HTML(), Words()

    def redraw(change=None):
        drawing.value = _drawing(targets.value, outputs.value)
        words.say(_words(targets.value, outputs.value))

    for moved in (targets, outputs):
        moved.observe(redraw, "value")
    redraw()
    made = Interactive(
        [ipywidgets.HBox([targets, outputs], layout={"flex_flow": "row wrap"}), words, drawing],
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
    floor_x, floor_y = CROSS_ENTROPY.place(1, floor)
    parts = [
        *CROSS_ENTROPY.axes(f"Cross-entropy: {cross_entropy:.3f} nats", target, "; dashed: the floor of each target"),
        CROSS_ENTROPY.line(OUTPUTS, FLOORS, f"stroke:{GREY};stroke-dasharray:6 4"),
        CROSS_ENTROPY.path([0, 1], [floor, floor], f"stroke:{GREY};stroke-width:2"),
        text(floor_x + 4, floor_y + 4, f"floor {floor:.3f}", "start"),
        CROSS_ENTROPY.path([output, output], [floor, cross_entropy], f"stroke:{RED};stroke-width:4"),
        CROSS_ENTROPY.line(OUTPUTS, target * SURPRISES[0] + (1 - target) * SURPRISES[1], CURVE),
        CROSS_ENTROPY.point(output, cross_entropy),
        *SQUARED_ERROR.axes(f"Squared error: {squared_error:.4f}", target),
        SQUARED_ERROR.line(OUTPUTS, (OUTPUTS - target) ** 2, CURVE),
        SQUARED_ERROR.point(output, squared_error),
    ]
    return svg(f"Two curves over the output for a pixel. {_words(target, output)}", HEIGHT, parts)
