"""Holds an interactive for the tests as a reader does: finds its controls by name, reads its words, looks for leaks."""

import gc
import html
import re

import ipywidgets
import matplotlib.figure


def parts(interactive):
    """All widgets of an interactive, in reading order."""
    yield interactive
    for child in getattr(interactive, "children", ()):
        yield from parts(child)


def controls(interactive):
    """{what stands beside it: what can be moved}, in reading order."""
    return {part.description: part for part in parts(interactive) if getattr(part, "description", "")}


def pages(interactive):
    """What the interactive shows, as one piece of HTML."""
    return "\n".join(part.value for part in parts(interactive) if isinstance(part, ipywidgets.HTML))


def words(interactive):
    """The line that a screen reader reads out."""
    return html.unescape(re.search(r'aria-live="polite"[^>]*>([^<]*)<', pages(interactive))[1])


def described(interactive):
    """What a screen reader says of the picture."""
    return html.unescape(re.search(r'role="img" aria-label="([^"]*)"', pages(interactive))[1])


def changes(interactive, move):
    """How often each page of the interactive changes when ``move()`` is called; those that do not are left out."""
    counts = {}

    def count(change):
        counts[change["owner"]] = counts.get(change["owner"], 0) + 1

    shown = [part for part in parts(interactive) if isinstance(part, ipywidgets.HTML)]
    for part in shown:
        part.observe(count, "value")
    move()
    for part in shown:
        part.unobserve(count, "value")
    return list(counts.values())


def leaked(move, times=1000):
    """How many widgets and figures there are more after ``move(0)``, ``move(1)``, ... were called."""
    move(0)
    before = _living()
    for number in range(1, times):
        move(number)
    return _living() - before


def _living():
    gc.collect()
    kinds = (ipywidgets.Widget, matplotlib.figure.Figure)
    return sum(issubclass(type(thing), kinds) for thing in gc.get_objects())
