"""What the training dashboard shows: epochs in words, curve and units as SVG, and the figure that stands in."""

from base64 import b64encode
from dataclasses import dataclass, field

import numpy as np
from matplotlib.ticker import MaxNLocator

from labutils import figures
from labutils.figures.canvas import BLUE, RED, board, counted, listed, pictures, styled, tile
from labutils.widgets.base import picture
from labutils.widgets.page import INK, PAPER, WIDTH, path, svg, text

LEFT, RIGHT = 60, 568  # dots: where the axes of a drawing begin and end; names stand beyond
TOP, BOTTOM = 26, 220
SIGNS = {"training": (BLUE, "circle"), "test": (RED, "square")}  # told apart without colour, too


@dataclass
class Moment:
    """What is known after an epoch, or before the first.

    Attributes
    ----------
    epoch : int
        0 before the first.
    outputs : float array (n, 28, 28), values 0..1
        The reconstructions.
    health : dict or None
        From ``metrics.latent_health``; None if the model has no layer named "encoder".
    losses : dict of str to float
        ``"training"``, and ``"test"`` if there was validation; none before the first epoch.
    """

    epoch: int
    outputs: np.ndarray
    health: dict = None
    losses: dict = field(default_factory=dict)

    def told(self, floor, of=""):
        """Epoch, loss, excess over the floor and dead units in words; ``of`` is written behind the epoch."""
        words = [f"epoch {self.epoch}{of}" if self.epoch else "before training"]
        if self.losses:
            name, loss = list(self.losses.items())[-1]
            words += [f"{name} loss {loss:.4f}", f"{loss - floor:.4f} above the floor"]
        if self.health:
            words.append(counted(self.health["dead"].sum(), "dead unit"))
        return ", ".join(words)


def curve(moments, ladder, epochs, shown):
    """The learning curve until now, with the rungs of the ladder, and the excess over the floor after one epoch.

    Parameters
    ----------
    moments : list of Moment
        Before the first epoch, and after each.
    ladder : dict of str to float
        From ``metrics.loss_ladder``.
    epochs : int
        That there will be.
    shown : Moment
        The one to mark.

    Returns
    -------
    str, an SVG that follows the theme's colours
    """
    losses = {name: [moment.losses[name] for moment in moments[1:]] for name in moments[-1].losses}
    values = [value for points in losses.values() for value in points]
    low, high = min([ladder["floor"], *values]), max([ladder["PCA"], *(values or [ladder["mean image"]])])
    pad = 0.06 * (high - low)
    low, high = low - pad, high + pad

    def x(epoch):
        return round(LEFT + (RIGHT - LEFT) * (epoch - 0.5) / epochs, 1)

    def y(value):
        return round(BOTTOM + (TOP - BOTTOM) * (value - low) / (high - low), 1)

    near = {rung: value for rung, value in ladder.items() if value <= high}
    far = [f"{rung} {value:.3f}" for rung, value in ladder.items() if value > high]
    higher = f"; higher up: {listed(far)}" if far else ""
    parts = [_line(LEFT, BOTTOM, RIGHT, BOTTOM), _line(LEFT, TOP, LEFT, BOTTOM)]
    parts.append(text(0, 14, "cross-entropy, nats per pixel", "start"))
    parts.append(text((LEFT + RIGHT) / 2, BOTTOM + 36, f"epoch{higher}"))
    for tick in MaxNLocator(5).tick_values(low, high):
        if low <= tick <= high:
            parts.append(_line(LEFT - 4, y(tick), LEFT, y(tick)) + text(LEFT - 7, y(tick) + 4, f"{tick:.3g}", "end"))
    for tick in MaxNLocator(12, integer=True).tick_values(1, epochs):
        if 1 <= tick <= epochs and tick == int(tick):
            parts.append(text(x(tick), BOTTOM + 17, f"{tick:.0f}"))
    for rung, value in near.items():
        parts.append(_line(LEFT, y(value), RIGHT, y(value), "" if rung == "floor" else "stroke-dasharray:6 4"))
    for name, points in losses.items():
        parts.append(_points(name, [(x(epoch), y(value)) for epoch, value in enumerate(points, 1)]))
    if shown.losses:
        loss = list(shown.losses.values())[-1]
        parts.append(
            _excess(x(shown.epoch), y(loss), y(ladder["floor"]), f"{loss - ladder['floor']:.4f} above the floor")
        )
    named = [(y(value), f"{rung} {value:.4f}", "") for rung, value in near.items()]
    named += [(y(points[-1]), f"{name} {points[-1]:.4f}", name) for name, points in losses.items() if points]
    parts += _names(named)
    told = [f"{name} loss from {points[0]:.4f} to {points[-1]:.4f}" for name, points in losses.items()]
    rungs = listed(f"{rung} {value:.4f}" for rung, value in ladder.items())
    done = f"{counted(len(moments) - 1, 'epoch')} of {epochs}"
    return svg(f"Learning curve, {'; '.join([done, *told])}. The loss ladder: {rungs}.", BOTTOM + 44, parts)


def units(moment):
    """How far each unit of the code moves from image to image, as bars; dead units are crosses. An SVG as str."""
    if not moment.health:
        return ""
    spread, dead = moment.health["spread"], moment.health["dead"]
    step = (RIGHT - LEFT) / len(spread)
    parts = [_line(LEFT, 40, RIGHT, 40), text(RIGHT + 9, 24, f"{dead.sum()} of {len(dead)}", "start")]
    parts += [
        text(RIGHT + 9, 39, "units dead", "start"),
        text(0, 24, "units of", "start"),
        text(0, 39, "the code", "start"),
    ]
    for unit, tall in enumerate(30 * spread / (spread.max() or 1)):
        left = LEFT + unit * step
        if dead[unit]:
            a, b = left + step / 2 - 4, left + step / 2 + 4
            parts.append(f'<path d="M{a:.1f} 30L{b:.1f} 38M{a:.1f} 38L{b:.1f} 30" stroke="{RED}" stroke-width="2.5"/>')
        else:
            parts.append(
                f'<rect x="{left + 0.12 * step:.1f}" y="{40 - tall:.1f}" '
                f'width="{0.76 * step:.1f}" height="{tall:.1f}" fill="{BLUE}"/>'
            )
    named = f" ({listed(np.flatnonzero(dead))})" if dead.any() else ""
    alive = f"; the others have standard deviations up to {spread.max():.2f}" if not dead.all() else ""
    return svg(f"Units of the code: {dead.sum()} of {len(dead)} dead{named}{alive}.", 46, parts)


def digits(images, moment):
    """Images (n, 28, 28, 1), and below them their reconstructions, with a thin line between any two. HTML as str."""
    rows = np.stack([pictures(images), moment.outputs])
    framed = np.pad(rows, ((0, 0), (0, 0), (0, 1), (0, 1)), constant_values=0.5)
    drawn = picture(framed.transpose(0, 2, 1, 3).reshape(58, -1)[:-1, :-1], zoom=1)
    error = np.mean((rows[0] - rows[1]) ** 2)
    when = f"after epoch {moment.epoch}" if moment.epoch else "before training"
    alt = f"{counted(len(images), 'test digit')} and their reconstructions {when}, mean squared error {error:.4f}."
    return (
        f'<img alt="{alt}" src="data:image/png;base64,{b64encode(drawn).decode()}" decoding="sync" '
        f'style="display:block;width:100%;max-width:{WIDTH}px;image-rendering:pixelated">'
    )


@styled
def story(images, moments, ladder, source=""):
    """The learning curve, and below it the reconstructions after the first, the middle and the last epoch.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1)
    moments : list of Moment
        Before the first epoch, and after each: at least one.
    ladder : dict of str to float
    source : str
        Name of the digits, for the title.

    Returns
    -------
    figures.Figure

    Raises
    ------
    ValueError
        If no epoch is finished yet.
    """
    last = len(moments) - 1
    if last < 1:
        raise ValueError("There is nothing to draw yet, no epoch is finished. Train with callbacks=[dashboard] first.")
    names = {"loss": "training", "val_loss": "test"}
    history = {key: [m.losses[name] for m in moments[1:]] for key, name in names.items() if name in moments[1].losses}
    figure = figures.learning_curve(history, ladder, source)
    originals = pictures(images)
    epochs = sorted({1, (1 + last) // 2, last})
    rows = {"original": originals, **{f"epoch {epoch}": moments[epoch].outputs for epoch in epochs}}
    curve_height, row_height = figure.get_figheight(), 0.72
    figure.set_figheight(curve_height + row_height * len(rows))
    grid = figure.add_gridspec(2, 1, height_ratios=(curve_height, row_height * len(rows)))
    figure.axes[0].set_subplotspec(grid[0])
    axes = board(figure.add_subfigure(grid[1]), len(originals), len(rows))
    for row, (name, shown) in enumerate(rows.items()):
        axes.text(-0.12, row + 0.5, name, ha="right", va="center")
        for column, image in enumerate(shown):
            tile(axes, image, column, row)
    told = [moments[epoch].told(ladder["floor"]) for epoch in epochs]
    figure.alt += f" {counted(len(originals), 'test digit')} and their reconstructions after {'; '.join(told)}."
    return figure


def _line(x1, y1, x2, y2, more=""):
    return path((x1, x2), (y1, y2), f"stroke:{INK};stroke-opacity:0.65;{more}")


def _points(name, places):
    """A curve, with a sign at each point where they stand apart."""
    color, _ = SIGNS[name]
    signs = [_sign(name, x, y) for x, y in places] if len(places) <= 30 else []
    line = path(*zip(*places, strict=True), f"fill:none;stroke:{color};stroke-width:2") if places else ""
    return line + "".join(signs)


def _sign(name, x, y):
    color, shape = SIGNS[name]
    if shape == "circle":
        return f'<circle cx="{x}" cy="{y}" r="3.5" fill="{color}"/>'
    return f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="{color}"/>'


def _excess(x, loss, floor, words):
    """What is left between the curve and the floor after the epoch that is shown."""
    anchor, away = ("end", -8) if x > (LEFT + RIGHT) / 2 else ("start", 8)
    halo = f"paint-order:stroke;stroke:{PAPER};stroke-width:5px;stroke-linejoin:round"
    line = path((x, x), (loss, floor), f"stroke:{INK};stroke-width:2")
    ring = f'<circle cx="{x}" cy="{loss}" r="7" style="fill:none;stroke:{INK};stroke-width:2"/>'
    height = floor - 7 if floor - loss > 24 else loss - 13  # where the curves leave room
    return line + ring + text(x + away, height, words, anchor, halo)


def _names(named):
    """Names (height, text, curve) right of the axes at their heights, moved apart where they would overlap."""
    named = sorted(named)
    places = np.array([place for place, _, _ in named])
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + 15)
    places[-1] = min(places[-1], BOTTOM + 8)
    for number in range(len(places) - 1, 0, -1):
        places[number - 1] = min(places[number - 1], places[number] - 15)
    for place, (_, words, name) in zip(places.round(1), named, strict=True):
        yield text(RIGHT + 23, place + 4, words, "start") + (_sign(name, RIGHT + 13, place) if name else "")
