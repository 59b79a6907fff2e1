"""Figures that show codes: how far each unit moves, what it adds, and where the digits lie."""

import itertools
import math

import numpy as np
from matplotlib import patheffects

from labutils.figures.canvas import (
    BLUE,
    DIFFERENCES,
    GREY,
    INK,
    RED,
    SKY,
    TEN,
    WIDTH,
    Figure,
    board,
    counted,
    listed,
    pictures,
    scale,
    styled,
    tile,
)


@styled
def code_spread(health, codes=None):
    """How far each unit of the code moves from image to image; dead units are marked.

    Parameters
    ----------
    health : dict
        From ``metrics.latent_health``.
    codes : float array (n, code_size), optional
        The codes themselves: the range of their middle 90 % and the medians are drawn below.
    """
    spread, dead = np.asarray(health["spread"]), np.asarray(health["dead"])
    units = np.arange(len(spread))
    figure = Figure(2.5 if codes is None else 4.2)
    panels = np.atleast_1d(figure.subplots(1 if codes is None else 2, 1, sharex=True))
    panels[0].bar(units, spread, color=BLUE, width=0.75)
    panels[0].set(title=f"Units of the code: {dead.sum()} of {len(dead)} dead", ylabel="standard deviation")
    if codes is not None:
        low, middle, high = np.percentile(codes, (5, 50, 95), axis=0)
        panels[1].bar(units, high - low, bottom=low, color=SKY, width=0.75)
        panels[1].hlines(middle, units - 0.37, units + 0.37, color=BLUE)
        panels[1].set(ylabel="number, 5 % to 95 %")
    for axes in panels:
        axes.plot(units[dead], np.zeros(dead.sum()), "x", color=RED, markersize=7, clip_on=False, zorder=3)
        axes.set(xlim=(-0.7, len(units) - 0.3))
        axes.grid(axis="y")
    if dead.any():
        panels[0].plot([], [], "x", color=RED, label="dead: the same number for every image")
        panels[0].legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0.1)
    panels[-1].set_xlabel("unit")
    panels[-1].set_xticks(units[:: math.ceil(len(units) / 32)])
    alive = spread[~dead]
    figure.alt = f"Spread of the {len(units)} units of the code: {dead.sum()} dead"
    figure.alt += f" ({listed(units[dead])})" if dead.any() else ""
    figure.alt += (
        f"; the others have standard deviations of {alive.min():.2f} to {alive.max():.2f}." if alive.size else "."
    )
    return figure


@styled
def code_walk(images, names=("start", "end")):
    """Decoded pictures on the way from one code to another.

    Parameters
    ----------
    images : float array (n, 28, 28), values 0..1
    names : pair of str
        Captions of the first and the last.
    """
    shown = pictures(images)
    size = min(0.95, WIDTH / len(shown))
    figure = Figure(size + 0.3, size * len(shown))
    axes = board(figure, len(shown), 1)
    for column, picture in enumerate(shown):
        tile(axes, picture, column, 0)
    axes.text(0.04, 1.03, names[0], ha="left", va="top")
    axes.text(len(shown) - 0.04, 1.03, names[1], ha="right", va="top")
    axes.annotate(
        "", (len(shown) - 1, 1.12), (1, 1.12), arrowprops={"arrowstyle": "->", "color": GREY}, annotation_clip=False
    )
    changes = np.abs(np.diff(shown, axis=0)).mean(axis=(1, 2)) if len(shown) > 1 else np.zeros(1)
    figure.alt = (
        f"{counted(len(shown), 'decoded picture')} on the way from {names[0]} to {names[1]}; from one to the next a "
        f"pixel changes by {changes.min():.3f} to {changes.max():.3f} on average."
    )
    return figure


@styled
def code_atoms(decoder_images, title=""):
    """Small pictures of changes, all on one diverging scale: such as what each unit of the code adds.

    Parameters
    ----------
    decoder_images : float array (n, 28, 28), may be negative
    title : str
    """
    changes = np.asarray(decoder_images, float).reshape(-1, 28, 28)
    columns = min(8, len(changes))
    rows = math.ceil(len(changes) / columns)
    strongest = np.abs(changes).max()
    limit = strongest or 1
    figure = Figure(0.92 * rows + (0.35 if title else 0.1), 0.75 * columns + 1)
    axes = board(figure, columns, rows * 1.26, title)
    for i, change in enumerate(changes):
        row = i // columns * 1.26 + 0.26
        drawn = tile(axes, change, i % columns, row, DIFFERENCES, (-limit, limit))
        axes.text(i % columns + 0.5, row, i, ha="center", va="bottom")
    scale(axes, drawn, "change of a pixel", shrink=0.6)
    flat = np.flatnonzero(np.abs(changes).max(axis=(1, 2)) < 0.01 * limit)
    figure.alt = (
        f"{title or 'What each unit adds'}: {len(changes)} pictures of changes up to {strongest:.2g}, the strongest in "
        f"number {np.abs(changes).sum(axis=(1, 2)).argmax()}, next to nothing in {listed(flat) or 'none'}."
    )
    return figure


@styled
def code_map(points, labels, title=""):
    """A map of codes in two dimensions, coloured by digit, each digit written at its centre, the median, or close by.

    Parameters
    ----------
    points : float array (n, 2), projected codes
    labels : int array (n,), 0..9
    title : str
    """
    points, labels = np.asarray(points), np.asarray(labels)
    figure = Figure(6.5, 6.5)
    axes = figure.subplots()
    axes.scatter(*points.T, c=np.take(TEN, labels), s=4, linewidths=0)
    centres = {digit: np.median(points[labels == digit], axis=0) for digit in np.unique(labels)}
    for digit, place in zip(
        centres, _apart(list(centres.values()), gap=0.07 * np.ptp(points, axis=0).max()), strict=True
    ):
        text = axes.text(*place, str(digit), fontsize=19, weight="bold", color=TEN[digit], ha="center", va="center")
        text.set_path_effects([patheffects.withStroke(linewidth=w, foreground=c) for w, c in ((4, "white"), (1, INK))])
    axes.set(title=title, xlabel="first direction of the projection", ylabel="second direction of the projection")
    axes.set_aspect("equal")
    figure.alt = f"{title or 'Map of codes'}: {len(points):,} codes of {counted(len(centres), 'digit')}."
    if len(centres) > 1:
        distances = {pair: math.dist(centres[pair[0]], centres[pair[1]]) for pair in itertools.combinations(centres, 2)}
        near, far = min(distances, key=distances.get), max(distances, key=distances.get)
        figure.alt += (
            f" The centres of {listed(near)} are nearest to each other, those of {listed(far)} farthest apart."
        )
    return figure


def _apart(places, gap):
    """Places (n, 2), moved where two are nearer to each other than the gap, so that both can be read."""
    places = np.array(places)
    for _ in range(100):
        for a, b in itertools.combinations(range(len(places)), 2):
            way = places[b] - places[a]
            distance = np.hypot(*way)
            if distance < gap:
                push = way / distance if distance else np.array([0, 1])
                places[a] -= push * (gap - distance) / 2
                places[b] += push * (gap - distance) / 2
    return places
