"""Figures that show images: samples, pixels, reconstructions."""

import math

import numpy as np
from matplotlib.patches import ConnectionPatch, Rectangle

from labutils.figures.canvas import (
    BLUE,
    CODES,
    DIFFERENCES,
    GREY,
    SERIES,
    WIDTH,
    Figure,
    board,
    code_rows,
    counted,
    listed,
    pictures,
    scale,
    styled,
    tile,
    titled,
)


@styled
def sample_grid(images, labels=None, title="", columns=12):
    """Images in a grid, each with its label above it.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
    labels : sequence of n, optional
    title : str
    columns : int
    """
    shown = pictures(images)
    columns = min(columns, len(shown))
    rows = math.ceil(len(shown) / columns)
    step = 1 if labels is None else 1.32
    size = min(WIDTH / columns, 1)
    figure = Figure(rows * step * size + (0.35 if title else 0.05), columns * size)
    axes = board(figure, columns, rows * step, title)
    for i, picture in enumerate(shown):
        row = i // columns * step + step - 1
        tile(axes, picture, i % columns, row)
        if labels is not None:
            axes.text(i % columns + 0.5, row - 0.02, labels[i], ha="center", va="bottom")
    named = "" if labels is None else f", labelled {listed(labels)}"
    figure.alt = (
        f"{title or 'Samples'}: {counted(len(shown), 'image')} in {counted(rows, 'row')}{named}; "
        f"mean brightness {shown.mean():.3f}."
    )
    return figure


@styled
def compare_sources(sources):
    """Samples of one or more sources of digits, one below the other.

    Parameters
    ----------
    sources : dict of name to images: uint8 (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
        The first 24 images of each are shown.
    """
    sources = {name: pictures(images[:24]) for name, images in sources.items()}
    step = 0.5 + math.ceil(max(map(len, sources.values())) / 12)
    figure = Figure(len(sources) * step * 0.66)
    axes = board(figure, 12, len(sources) * step)
    for number, (name, shown) in enumerate(sources.items()):
        top = number * step + 0.5
        axes.text(0.04, top - 0.06, name, ha="left", va="bottom", fontsize=9, weight="bold")
        for i, picture in enumerate(shown):
            tile(axes, picture, i % 12, top + i // 12)
    described = [f"{name}, {len(shown)} of mean brightness {shown.mean():.3f}" for name, shown in sources.items()]
    figure.alt = f"Rows of digits: {'; '.join(described)}."
    return figure


@styled
def pixel_grid(image, rows=(6, 13, 20)):
    """An image with the value of every pixel, beside the same pixels as the vector of 784 that flattening makes.

    Parameters
    ----------
    image : uint8 array (28, 28, 1), values 0..255
    rows : up to six int
        Rows of pixels to follow from the image into the vector.
    """
    image = np.rint(255 * pictures(np.asarray(image)[None])[0]).astype(int)
    figure = Figure(7.1)
    grid, strip = figure.subplots(1, 2, width_ratios=(28, 1.6))
    grid.imshow(image, cmap="gray", vmin=0, vmax=255)
    for (row, column), value in np.ndenumerate(image):
        color = "#8c8c8c" if value < 40 else "white" if value < 118 else "black"
        grid.text(column, row, value, ha="center", va="center_baseline", color=color, in_layout=False)
    grid.set(title="28 x 28 pixels, 0 to 255", xlabel="column", ylabel="row")
    strip.imshow(image.reshape(784, 1), cmap="gray", vmin=0, vmax=255, aspect="auto", interpolation="nearest")
    strip.set(title="784 values", xticks=[], yticks=[28 * row for row in rows] + [0, 783])
    strip.yaxis.tick_right()
    for row, color in zip(rows, SERIES, strict=False):
        frame = {"fill": False, "edgecolor": color, "linewidth": 2, "clip_on": False}
        grid.add_patch(Rectangle((-0.5, row - 0.5), 28, 1, **frame))
        strip.add_patch(Rectangle((-0.5, 28 * row - 0.5), 1, 28, **frame))
        for edge in (0, 1):
            ends = (27.5, row + edge - 0.5), (-0.5, 28 * (row + edge) - 0.5)
            figure.add_artist(ConnectionPatch(*ends, "data", "data", axesA=grid, axesB=strip, color=color))
    places = [f"row {row} becomes numbers {28 * row} to {28 * row + 27}" for row in rows]
    figure.alt = (
        f"A digit as 28 by 28 pixel values from {image.min()} to {image.max()}, {np.mean(image == 0):.0%} of them 0, "
        f"and the same values as a vector of 784: {listed(places)}."
    )
    return figure


@styled
def pixel_histogram(images, source=""):
    """How often each pixel value occurs, before and after scaling to 0..1; counts on a log scale.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), values 0..255
    source : str
        Name of the digits, for the title.
    """
    counts = np.zeros(256, np.int64)
    for start in range(0, len(images), 1000):  # bincount takes 8 bytes a pixel
        counts += np.bincount(np.ravel(images[start : start + 1000]), minlength=256)
    shares = counts / counts.sum()
    figure = Figure(2.9)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, top, kind in zip(panels, (255, 1), ("As they come", "Scaled: divided by 255"), strict=True):
        edges = np.arange(-0.5, 256) * top / 255
        axes.stairs(shares, edges, fill=True, color=BLUE)
        axes.set(title=titled(kind, source), xlabel=f"pixel value, 0 to {top}", yscale="log", ylim=(1e-4, 3))
        for level, align, x in ((0, "left", 0.02), (255, "right", 0.98)):
            text = f"exactly {level * top // 255}: {100 * shares[level]:.1f} %"
            axes.annotate(text, (x, 1), xycoords="axes fraction", ha=align, va="top")
        axes.grid(axis="y")
    panels[0].set_ylabel("share of all pixels")
    panels[0].yaxis.set_major_formatter(lambda share, _: f"{100 * share:g} %")
    figure.alt = (
        f"Histograms of {counts.sum():,} pixel values{' of ' + source if source else ''} before and after scaling from "
        f"0..255 to 0..1: the same shape, {shares[0]:.1%} exactly 0, {shares[255]:.1%} at the top, "
        f"{1 - shares[0] - shares[255]:.1%} between."
    )
    return figure


@styled
def reconstructions(images, codes, reconstructions, title=""):
    """Originals, their codes, and what the decoder makes of them, in three rows.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
        The first 10 are shown.
    codes : float array (n, code_size)
    reconstructions : float array (n, 28, 28), values 0..1
    title : str
    """
    originals, outputs = pictures(images[:10]), pictures(reconstructions[:10])
    codes = np.asarray(codes[: len(originals)])
    height = code_rows(codes.shape[1])
    limits = (min(0, codes.min()), codes.max())
    columns = len(originals)
    figure = Figure(2.15 + (0.25 if title else 0), 1.75 + 0.62 * columns)
    axes = board(figure, columns, 2.62, title)
    for column in range(columns):
        tile(axes, originals[column], column, 0)
        code = tile(axes, codes[column].reshape(height, -1), column, 0.81, CODES, limits)
        tile(axes, outputs[column], column, 1.62)
    names = ("original\n784 pixels", f"code\n{codes.shape[1]} numbers", "reconstruction\n784 pixels")
    for name, y in zip(names, (0.5, 1.31, 2.12), strict=True):
        axes.text(-0.12, y, name, ha="right", va="center")
    scale(axes, code, "number in the code", shrink=0.8)
    error = np.mean((originals - outputs) ** 2)
    figure.alt = (
        f"{title or 'Reconstructions'}: {columns} digits, their codes of {codes.shape[1]} numbers from "
        f"{codes.min():.2g} to {codes.max():.2g}, and their reconstructions; mean squared error {error:.4f}."
    )
    return figure


@styled
def best_and_worst(images, reconstructions, errors, count=8):
    """The images that are reconstructed best and worst, with the difference in every pixel.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
    reconstructions : float array (n, 28, 28), values 0..1
    errors : float array (n,), one for each image
    count : int
        How many of the best, and of the worst.
    """
    order = np.argsort(errors, kind="stable")
    count = min(count, len(order))
    groups = {"Lowest errors": order[:count], "Highest errors": order[::-1][:count]}
    figure = Figure(5.9, 1.9 + 0.72 * count)
    axes = board(figure, count, 7.6)
    for (name, chosen), top in zip(groups.items(), (0.4, 4.2), strict=True):
        axes.text(0.04, top - 0.07, name, ha="left", va="bottom", fontsize=9, weight="bold")
        originals, outputs = pictures(np.asarray(images)[chosen]), pictures(np.asarray(reconstructions)[chosen])
        for column, index in enumerate(chosen):
            tile(axes, originals[column], column, top)
            tile(axes, outputs[column], column, top + 1)
            difference = tile(axes, outputs[column] - originals[column], column, top + 2, DIFFERENCES, (-1, 1))
            axes.text(column + 0.5, top + 3.03, f"{errors[index]:.4f}", ha="center", va="top")
        for row, text in enumerate(("original", "reconstruction", "difference")):
            axes.text(-0.1, top + row + 0.5, text, ha="right", va="center")
        axes.text(-0.1, top + 3.03, "squared error", ha="right", va="top", color=GREY)
    scale(axes, difference, "reconstruction minus original", shrink=0.4, ticks=(-1, -0.5, 0, 0.5, 1))
    figure.alt = (
        f"The {count} images with the lowest errors, {errors[order[0]]:.4f} to {errors[order[count - 1]]:.4f}, and the "
        f"{count} with the highest, {errors[order[-count]]:.4f} to {errors[order[-1]]:.4f}: original, reconstruction "
        "and their difference."
    )
    return figure


@styled
def error_examples(images, titles):
    """A row of pictures, each with a caption below it.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
    titles : sequence of n str
        Can have several lines; such as "shifted by one pixel\\nerror 0.05".
    """
    shown = pictures(images)
    size = min(1.6, WIDTH / len(shown))
    lines = max(title.count("\n") + 1 for title in titles)
    figure = Figure(size + 0.17 * lines + 0.1, size * len(shown))
    axes = board(figure, len(shown), 1)
    for column, (picture, caption) in enumerate(zip(shown, titles, strict=True)):
        tile(axes, picture, column, 0)
        axes.text(column + 0.5, 1, caption, ha="center", va="top")
    captions = "; ".join(title.replace("\n", ", ") for title in titles)
    figure.alt = f"{len(shown)} pictures, mean brightness {shown.mean():.3f}: {captions}."
    return figure
