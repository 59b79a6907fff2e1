"""Take the README's moving pictures anew: the training dashboard and the code explorer, in a real browser.

They show the digits that `data` names. Each notebook is run for it in JupyterLab, which takes a minute or two.
"""

import itertools
import sys
import tempfile
import time
from pathlib import Path

from labutils import files
from labutils.bootstrap import ROOT
from labutils.commands import folder_to_fill

FRAME, LAST = 500, 3000  # milliseconds that a picture stays, and that the last one does
LONGEST = 600  # seconds that a notebook may take
MOST = 1_500_000  # bytes of a file


def add_arguments(parser):
    parser.add_argument("--out", type=Path, default=ROOT / ".github", help="default: .github")


def main(options):
    from labutils.browser.chromium import LAPTOP, NoBrowser, chromium
    from labutils.browser.jupyterlab import copy_notebooks, jupyterlab
    from labutils.browser.notebook import opened

    out = folder_to_fill(options.out)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder, "lab")
        folder.mkdir()
        copy_notebooks((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"), folder)
        try:
            with chromium() as browser, jupyterlab(folder, LABUTILS_ARTIFACTS=folder.parent) as server:
                for name, (notebook, taken) in PICTURES.items():
                    with opened(browser, server, f"{notebook}.ipynb", LAPTOP) as shown:
                        write(taken(shown), out / f"{name}.gif")
        except NoBrowser as none:
            print(none, file=sys.stderr)
            return 1
    return 0


def dashboard(notebook):
    """Yield the dashboard after each epoch, as PNG."""
    root = notebook.interactive("labutils-dashboard")
    notebook.start_all()
    state, play = root.get_by_role("status"), root.get_by_role("button", name="Play")
    state.wait_for(timeout=LONGEST * 1000)
    told, end = "", time.monotonic() + LONGEST
    while not play.count() and time.monotonic() < end:  # which is there when the training is over
        if state.inner_text() != told:
            told = state.inner_text()
            yield root.screenshot()
        notebook.page.wait_for_timeout(50)
    notebook.wait_until_run(LONGEST)
    yield root.screenshot()


def code_explorer(notebook):
    """Yield the code explorer while units are moved, and on the walk to another digit, as PNG."""
    notebook.run_all(LONGEST)
    root = notebook.interactive("labutils-code-explorer")
    units = root.get_by_role("slider", name="unit", disabled=False)
    yield root.screenshot()
    for unit, key in itertools.product((0, 3, 6), ["PageUp"] * 3 + ["PageDown"] * 6):
        yield _pressed(notebook, root, units.nth(unit), key)
    root.get_by_role("button", name="Back").click()
    for _ in range(10):
        yield _pressed(notebook, root, root.get_by_role("slider", name="share of the way"), "PageUp")


def _pressed(notebook, root, handle, key):
    handle.focus()
    notebook.milliseconds_to_picture(root, lambda: notebook.page.keyboard.press(key))
    notebook.ask("None")
    return root.screenshot()


PICTURES = {"dashboard": ("04_training", dashboard), "code_explorer": ("05_reconstruction", code_explorer)}


def write(pictures, path):
    """Write PNGs as one moving GIF, which ends on its last picture for a while and begins again.

    Parameters
    ----------
    pictures : iterable of bytes
    path : Path

    Raises
    ------
    ValueError
        If the file would be larger than a README should load.
    """
    import io

    from PIL import Image

    frames = [Image.open(io.BytesIO(png)).convert("RGB") for png in pictures]
    size = max(frame.width for frame in frames), max(frame.height for frame in frames)
    few_colors = {"colors": 128, "method": Image.Quantize.MAXCOVERAGE, "dither": Image.Dither.NONE}  # the rare ones too
    frames = [_padded(frame, size).quantize(**few_colors) for frame in frames]
    moving = io.BytesIO()
    frames[0].save(
        moving,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[FRAME] * (len(frames) - 1) + [LAST],
        loop=0,
        optimize=True,
    )
    if moving.tell() > MOST:
        raise ValueError(f"{path.name} has {len(frames)} pictures and {moving.tell():,} bytes, more than {MOST:,}.")
    files.write(path, moving.getvalue())
    print(f"{path}: {len(frames)} pictures, {moving.tell() / 1e3:.0f} kB")


def _padded(frame, size):
    """The frame, with white below and right of it where others are larger."""
    from PIL import Image

    page = Image.new("RGB", size, "white")
    page.paste(frame)
    return page
