"""What the training dashboard is drawn with: the theme's colours, and the elements of a drawing."""

import html

# The colours of the reader's theme. Where a front end has none, both fall back together and stay readable.
INK, PAPER = "var(--jp-content-font-color1, #1f1f1f)", "var(--jp-layout-color0, #ffffff)"
WIDTH = 800  # screen pixels: what the column of a notebook shows on a laptop


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
