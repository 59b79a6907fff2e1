"""Shows an interactive in a page of its own, as a file on a disk, and reads it as a reader does."""

import base64
import functools
import io
import re

import numpy as np
from PIL import Image

from labutils.widgets import live

# What JupyterLab's themes say to what is in them.
THEMES = {
    "light": ("white", "rgba(0, 0, 0, 0.87)", "#bdbdbd", "true"),
    "dark": ("#111111", "white", "#616161", "false"),
}
PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>An interactive</title>
<style>:root {{ --jp-layout-color0: {paper}; --jp-content-font-color1: {ink}; --jp-border-color0: {edge} }}
body {{ background: {paper} }}</style>
<body data-jp-theme-light="{light}">{shown}</body></html>"""


def page_of(*interactives, theme="light"):
    """A page with these, as HTML."""
    paper, ink, edge, light = THEMES[theme]
    return PAGE.format(paper=paper, ink=ink, edge=edge, light=light, shown="\n".join(map(html_of, interactives)))


@functools.cache  # its twin takes a second to draw
def html_of(interactive):
    return interactive._repr_mimebundle_()["text/html"]


def untrusted(html):
    """The page as JupyterLab leaves it of a notebook that is not trusted: scripts are gone, and what they would use."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)


def words(page):
    """The line that a screen reader reads out."""
    return page.get_by_role("status").inner_text()


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def greys(page, caption):
    """The picture under a caption: uint8 array (rows, columns)."""
    return colors(page.locator("figure", has_text=re.compile(f"^{caption}")).last.locator("canvas"))[..., 0]


def colors(canvas):
    """What is on a canvas: uint8 array (rows, columns, 3)."""
    png = canvas.evaluate("canvas => canvas.toDataURL()").split(",")[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))


def script(page, name):
    """The exports of a script that imports no other, such as "live.js", in a page: a handle to be evaluated with."""
    return page.evaluate_handle(
        "source => import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})))",
        (live.HERE / name).read_text("utf-8"),
    )


def memory(page):
    """(bytes of JavaScript in use, nodes of the page that are still held), after rubbish was collected."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    found = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return found["JSHeapUsedSize"], found["Nodes"]
