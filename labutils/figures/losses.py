"""Figures that show losses: what they measure, what they stand on, how they fall, where they stay high."""

import itertools

import numpy as np
from matplotlib.ticker import MaxNLocator

from labutils.figures.canvas import (
    GREY,
    INK,
    PALE,
    RED,
    SERIES,
    SKY,
    Figure,
    counted,
    listed,
    styled,
    titled,
)

UNIT = "cross-entropy, nats per pixel"


@styled
def cross_entropy_curves(targets=(0.0, 0.25, 0.5, 1.0)):
    """Cross-entropy of one pixel against the model's output, for several target greys; squared error beside it.

    Parameters
    ----------
    targets : floats in 0..1
    """
    outputs = 1 / (1 + np.exp(-np.linspace(-14, 14, 600)))  # dense where the curves are steep
    figure = Figure(3.3)
    left, right = figure.subplots(1, 2)
    floors = []
    for target, color in zip(targets, itertools.cycle(SERIES), strict=False):
        entropy = -sum(p * np.log(p) for p in (target, 1 - target) if p > 0) + 0.0
        floors.append(entropy)
        curve = -target * np.log(outputs) - (1 - target) * np.log(1 - outputs)
        left.plot(outputs, curve, color=color, label=f"target {target:g}: lowest at {entropy:.3f}")
        left.plot(target, entropy, "o", color=color, clip_on=False, zorder=3)
        right.plot(outputs, (outputs - target) ** 2, color=color)
        right.plot(target, 0, "o", color=color, clip_on=False, zorder=3)
    lowest = -outputs * np.log(outputs) - (1 - outputs) * np.log(1 - outputs)
    left.plot(outputs, lowest, "--", color=GREY, linewidth=1, zorder=1, label="lowest for every target")
    left.set(title="Cross-entropy", ylim=(0, 3), ylabel="nats per pixel")
    right.set(title="Squared error", ylim=(0, 1), ylabel="squared error per pixel")
    for axes in (left, right):
        axes.set(xlim=(0, 1), xlabel="output of the model for a pixel, 0 to 1")
        axes.grid()
    left.legend(loc="upper center")
    lowest = [f"{floor:.3f} for target {target:g}" for target, floor in zip(targets, floors, strict=False)]
    figure.alt = (
        "Cross-entropy of a pixel against the output has its lowest point where the output is the target, and there is "
        f"still {listed(lowest)}; the squared error is 0 at each of these points."
    )
    return figure


@styled
def loss_ladder(ladder, loss=None, source=""):
    """The loss ladder as bars: in each the floor, and what is above it.

    Parameters
    ----------
    ladder : dict of str to float
        From ``metrics.loss_ladder``, with a ``"floor"``.
    loss : float, optional
        A model's cross-entropy on the test images, to stand among the rungs.
    source : str
        Name of the digits, for the title.
    """
    rungs = dict(ladder) if loss is None else {**ladder, "your model": loss}
    rungs = dict(sorted(rungs.items(), key=lambda rung: -rung[1]))
    floor = ladder["floor"]
    names, values = list(rungs), np.array(list(rungs.values()))
    colors = [RED if name == "your model" else SKY for name in names]
    figure = Figure(0.95 + 0.33 * len(rungs))
    axes = figure.subplots()
    axes.barh(names, np.minimum(values, floor), color=PALE, height=0.66)
    axes.barh(names, np.maximum(values - floor, 0), left=floor, color=colors, height=0.66)
    axes.axvline(floor, color=GREY, linewidth=1)
    for row, (name, value) in enumerate(rungs.items()):
        above = f"   {value - floor:.4f} above the floor" if name == "your model" else ""
        axes.annotate(
            f"{value:.4f}{above}",
            (max(value, floor), row),
            (4, 0),
            textcoords="offset points",
            va="center",
            weight="bold" if above else "normal",
        )
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0, labelsize=9)
    axes.spines["left"].set_visible(False)
    axes.set(title=titled("The loss ladder", source), xlabel=f"{UNIT}; grey: the floor", xlim=(0, values.max() * 1.1))
    steps = listed(f"{name} {value:.4f}" for name, value in rungs.items())
    excess = "" if loss is None else f"; your model is {loss - floor:.4f} above the floor"
    figure.alt = f"The loss ladder{' of ' + source if source else ''} in nats per pixel: {steps}{excess}."
    return figure


@styled
def learning_curve(history, ladder=None, source=""):
    """Loss on training and test images after each epoch, with the rungs of the loss ladder as lines.

    Parameters
    ----------
    history : dict of str to list of float, or keras.callbacks.History
        With ``"loss"``, and ``"val_loss"`` if there was validation.
    ladder : dict of str to float, optional
        From ``metrics.loss_ladder``. Rungs far above the curve are named in a note.
    source : str
        Name of the digits, for the title.
    """
    losses = getattr(history, "history", history)
    named = {"training": losses["loss"], "test": losses.get("val_loss")}
    curves = {name: np.asarray(values, float) for name, values in named.items() if values is not None}
    figure, axes, described = _curves(curves, ladder, titled("Learning curve", source))
    final = list(curves.values())[-1][-1]
    if ladder and final > ladder["floor"]:
        last, floor = len(losses["loss"]), ladder["floor"]
        axes.annotate("", (last, floor), (last, final), arrowprops={"arrowstyle": "<->", "color": GREY, "shrinkA": 3})
        axes.annotate(
            f"{final - floor:.4f} above the floor",
            (last, (final + floor) / 2),
            (-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
        )
        described += f" It ends {final - floor:.4f} above the floor."
    figure.alt = described
    return figure


@styled
def compare_curves(histories, ladder=None, source=""):
    """Loss on the test images after each epoch, for several trainings.

    Parameters
    ----------
    histories : dict of name to history
        Each as ``learning_curve`` takes it, with ``"val_loss"``.
    ladder : dict of str to float, optional
        As in ``learning_curve``.
    source : str
        Name of the digits, for the title.
    """
    curves = {
        name: np.asarray(getattr(history, "history", history)["val_loss"], float) for name, history in histories.items()
    }
    figure, _, figure.alt = _curves(curves, ladder, titled("Loss on the test images", source))
    return figure


@styled
def error_by_digit(errors, labels, source=""):
    """Distribution of the reconstruction error for each digit.

    Parameters
    ----------
    errors : float array (n,), squared error of each image
    labels : int array (n,), 0..9
    source : str
        Name of the digits, for the title.
    """
    errors, labels = np.asarray(errors), np.asarray(labels)
    digits = np.unique(labels)
    groups = [errors[labels == digit] for digit in digits]
    medians = np.array([np.median(group) for group in groups])
    figure = Figure(3.4)
    axes = figure.subplots()
    axes.boxplot(
        groups,
        whis=(5, 95),
        showfliers=False,
        widths=0.55,
        patch_artist=True,
        medianprops={"color": INK, "linewidth": 1.8},
        boxprops={"edgecolor": GREY, "facecolor": SKY},
        whiskerprops={"color": GREY},
        capprops={"color": GREY},
    )
    axes.set_xticks(np.arange(len(digits)) + 1, [f"{d}\n{m:.4f}" for d, m in zip(digits, medians, strict=True)])
    axes.tick_params(axis="x", length=0)
    axes.axhline(np.median(errors), color=GREY, linestyle="--", linewidth=1, zorder=0)
    axes.set(
        title=titled("Reconstruction error by digit", source),
        ylim=(0, None),
        ylabel="squared error per pixel",
        xlabel="digit, and median of its images; box: middle half, whiskers: 5 % to 95 %, dashed: median of all",
    )
    axes.grid(axis="y")
    hardest, easiest = digits[medians.argmax()], digits[medians.argmin()]
    figure.alt = (
        f"Squared error by digit{' of ' + source if source else ''}: median of all {np.median(errors):.4f}; the "
        f"hardest digit is {hardest} with {medians.max():.4f}, the easiest {easiest} with {medians.min():.4f}."
    )
    return figure


def _curves(curves, ladder, title):
    """Curves over epochs, each named at its right end, and the ladder's rungs; returns figure, axes, alt text."""
    ladder = ladder or {}
    values = np.concatenate(list(curves.values()))
    if not np.isfinite(values).all():
        raise ValueError(f"These losses are not all finite numbers: {values}. Are the pixels scaled to 0..1?")
    figure = Figure(3.6)
    axes = figure.subplots()
    epochs = max(len(points) for points in curves.values())
    top = max(values.max(), ladder.get("PCA", 0))
    bottom = min([values.min(), *ladder.values()])
    pad = 0.06 * (top - bottom or top)
    side = 0.025 * (epochs - 1) or 0.5
    axes.set(title=title, ylabel=UNIT, xlim=(1 - side, epochs + side), ylim=(bottom - pad, top + pad))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12, min_n_ticks=1))
    labels = []
    for (name, points), color in zip(curves.items(), itertools.cycle(SERIES), strict=False):
        axes.plot(np.arange(len(points)) + 1, points, "o-" if epochs <= 15 else "-", markersize=3.5, color=color)
        labels.append((points[-1], f"{name} {points[-1]:.4f}", color))
    off = []
    for name, value in ladder.items():
        if value > top + pad:
            off.append(f"{name} {value:.3f}")
        else:
            axes.axhline(value, color=GREY, linewidth=1, linestyle="-" if name == "floor" else "--", zorder=1)
            labels.append((value, f"{name} {value:.4f}", GREY))
    axes.set_xlabel(f"epoch\nhigher up: {listed(off)}" if off else "epoch")
    _name_at_the_right(axes, labels)
    falls = [f"{name} loss goes from {v[0]:.4f} to {v[-1]:.4f}" for name, v in curves.items()]
    rungs = f"; the ladder: {listed(f'{name} {value:.4f}' for name, value in ladder.items())}" if ladder else ""
    return figure, axes, f"{title}; {counted(epochs, 'epoch')}, in nats per pixel: {listed(falls)}{rungs}."


def _name_at_the_right(axes, labels):
    """Write (value, text, color) beside the axes at their heights, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    gap = 0.065 * (high - low)
    labels = sorted(labels)
    places = np.array([value for value, _, _ in labels])
    for _ in range(200):  # push neighbours apart by halves until all stand clear
        for i in range(len(places) - 1):
            overlap = gap - (places[i + 1] - places[i])
            if overlap > 0:
                places[i : i + 2] += (-overlap / 2, overlap / 2)
    for (value, text, color), place in zip(labels, places, strict=True):
        axes.annotate(
            text,
            (1, value),
            (1.03, place),
            xycoords=axes.get_yaxis_transform(),
            color=color,
            va="center",
            textcoords=axes.get_yaxis_transform(),
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": color, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 0},
        )
