"""What interactives drawn with HTML and SVG share: the theme's colours, sliders, and the elements of a drawing."""

import html

import ipywidgets

from labutils.figures.canvas import BLUE, GREY, ORANGE, RED

# The colours of the reader's theme. Where a front end has none, both fall back together and stay readable.
INK, PAPER = "var(--jp-content-font-color1, #1f1f1f)", "var(--jp-layout-color0, #ffffff)"
WIDTH = 800  # screen pixels: what the column of a notebook shows on a laptop
__all__ = ["BLUE", "GREY", "INK", "ORANGE", "PAPER", "RED", "WIDTH", "path", "slider", "svg", "text"]


def slider(description, value, low, high, step=1):
    """A slider with its name before it, of whole numbers if the step is one.

    Parameters
    ----------
    description : str
        What it moves; also what a screen reader calls it.
    value, low, high, step : int or float

    Returns
    -------
    ipywidgets.IntSlider or ipywidgets.FloatSlider
    """
    kind = ipywidgets.IntSlider if step == 1 else ipywidgets.FloatSlider
    return kind(
        value=value,
        min=low,
        max=high,
        step=step,
        description=description,
        style={"description_width": "8em"},
        layout={"width": f"{WIDTH // 2 - 8}px", "max_width": "100%"},
    )


def svg(words, height, parts):
    """A drawing, as HTML, ``WIDTH`` wide and no wider than there is room.

    Parameters
    ----------
    words : str
        What the drawing shows, for those who cannot see it.
    height : int
    parts : iterable of str
        Its elements, as SVG.
    """
    return (
        f'<svg role="img" aria-label="{html.escape(words)}" viewBox="0 0 {WIDTH} {height}" '
        f'style="display:block;width:{WIDTH}px;max-width:100%;background:{PAPER};fill:{INK};'
        f'font:13px/1.2 system-ui,sans-serif">{"".join(parts)}</svg>'
    )


def text(x, y, words, anchor="middle", style=""):
    """Words in a drawing; their foot is at y."""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" style="{style}">{html.escape(words)}</text>'


def path(xs, ys, style, closed=False):
    """A line through points (n,), (n,) of a drawing."""
    points = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))
    return f'<path d="M{points}{"Z" if closed else ""}" style="{style}"/>'
