"""All reconstructions, sorted by error and filtered by digit: pages of small ones, and one of them enlarged."""

import base64

import ipywidgets
import numpy as np

from labutils import figures
from labutils.figures.canvas import pictures
from labutils.widgets.base import DIFFERENCE_PIXELS, Interactive, picture
from labutils.widgets.pieces import CodePane, Pane, Words

ALL = -1  # digits
PAGE = 24  # images on a page
ACROSS = 12  # of them side by side
SIDE = 56  # screen pixels along each side of a small picture
ORDERS = {"highest error first": -1, "lowest error first": 1}
PLACES = "\n".join(
    f".labutils-thumbnails > :nth-child({place + 1}) {{ background-position: {-SIDE * place}px 0; }}"
    for place in range(PAGE)
)
STYLE = f"""<style>
.labutils-thumbnails {{ display: grid; grid-template-columns: repeat({ACROSS}, {SIDE + 4}px); gap: 4px; }}
.labutils-thumbnails > .jupyter-button {{
  width: {SIDE}px; height: {2 * SIDE + 20}px; margin: 2px; padding: {2 * SIDE}px 0 0;
  line-height: 20px; font-size: 11px;
  color: var(--jp-ui-font-color1, #1f1f1f); background: var(--sheet) no-repeat transparent;
  background-size: {SIDE * PAGE}px {2 * SIDE}px; image-rendering: pixelated; box-shadow: none; overflow: hidden;
}}
.labutils-thumbnails > .labutils-chosen {{ outline: 3px solid var(--jp-ui-font-color1, #1f1f1f); font-weight: bold; }}
{PLACES}
</style>"""


def gallery(images, labels, reconstructions, codes, errors):
    """Leaf through reconstructions sorted by error, and enlarge one.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
    labels : int array (n,), 0..9
    reconstructions : float array (n, 28, 28), values 0..1
    codes : float array (n, code_size)
    errors : float array (n,)

    Returns
    -------
    Gallery

    Raises
    ------
    ValueError
        If images or reconstructions have another shape, there are none, or the lengths differ.
    """
    lengths = {
        "images": len(images),
        "labels": len(labels),
        "reconstructions": len(reconstructions),
        "codes": len(codes),
        "errors": len(errors),
    }
    if len(set(lengths.values())) > 1:
        given = ", ".join(f"{length} {name}" for name, length in lengths.items())
        raise ValueError(f"gallery takes a label, a reconstruction, a code and an error for each image, got {given}.")
    for one in (images[:1], reconstructions[:1]):
        pictures(one)
    return Gallery(*map(np.asarray, (images, labels, reconstructions, codes, errors)))


class Gallery(Interactive):
    """What ``gallery`` returns.

    Attributes
    ----------
    digit, order : ipywidgets.Dropdown
        What is shown, and what comes first.
    rank : ipywidgets.BoundedIntText
        Place of the enlarged image in this order, from 1.
    earlier, later : ipywidgets.Button
        Turn the page.
    thumbnails : list of 24 ipywidgets.Button
        An original above its reconstruction; to enlarge it.
    original, reconstruction, difference, code : pieces.Pane
    words : pieces.Words
    """

    def __init__(self, images, labels, reconstructions, codes, errors):
        self._images, self._labels, self._reconstructions = images, labels, reconstructions
        self._codes, self._errors = codes, errors
        self._page, self._sorting = None, False
        self._build()
        controls = [self.digit, self.order, self.rank, self.earlier, self.later]
        panes = [self.original, self.reconstruction, self.difference, self.code]
        super().__init__(
            [
                self._sheet,
                ipywidgets.HBox(controls, layout={"flex_flow": "row wrap"}),
                ipywidgets.Label("Each original stands above its reconstruction."),
                self._grid,
                self.words,
                ipywidgets.HBox(panes, layout={"flex_flow": "row wrap"}),
            ],
            lambda: figures.best_and_worst(images, reconstructions, errors),
        )
        self.add_class("labutils-gallery")
        self._sort()

    def _build(self):
        digits = [(str(digit), digit) for digit in np.unique(self._labels).tolist()]
        self.digit = ipywidgets.Dropdown(options=[("all", ALL), *digits], description="digit")
        self.order = ipywidgets.Dropdown(options=ORDERS, description="order")
        self.rank = ipywidgets.BoundedIntText(1, 1, 1, description="enlarge no.")
        self.earlier = ipywidgets.Button(description="Earlier page")
        self.later = ipywidgets.Button(description="Later page")
        for control, width in ((self.digit, "130px"), (self.order, "220px"), (self.rank, "170px")):
            control.style.description_width = "initial"
            control.layout.width = width
        self.thumbnails = [ipywidgets.Button() for _ in range(PAGE)]
        self._grid = ipywidgets.Box(self.thumbnails)
        self._grid.add_class("labutils-thumbnails")
        self._name = f"labutils-sheet-{self._grid.model_id}"  # two galleries on one page keep their own pictures
        self._grid.add_class(self._name)
        self._sheet = ipywidgets.HTML()
        self.original, self.reconstruction = Pane("original"), Pane("reconstruction")
        self.difference = Pane("orange: added, purple: left out", DIFFERENCE_PIXELS, (-1, 1))
        self.code = CodePane(self._codes)
        self.words = Words()
        self.digit.observe(lambda _: self._sort(), "value")
        self.order.observe(lambda _: self._sort(), "value")
        self.rank.observe(lambda _: self._enlarge(), "value")
        self.earlier.on_click(lambda _: self._turn(-1))
        self.later.on_click(lambda _: self._turn(1))
        for place, thumbnail in enumerate(self.thumbnails):
            thumbnail.on_click(lambda _, place=place: self._take(place))

    def _sort(self):
        """Put the images of the chosen digit in order, and enlarge the first."""
        chosen = (
            np.arange(len(self._errors))
            if self.digit.value == ALL
            else np.flatnonzero(self._labels == self.digit.value)
        )
        self._ranked = chosen[np.argsort(self.order.value * self._errors[chosen], kind="stable")]
        self._page, self._sorting = None, True
        try:
            self.rank.value, self.rank.max = 1, len(chosen)
        finally:
            self._sorting = False
        self._enlarge()

    def _turn(self, pages):
        self.rank.value = (self._page + pages) * PAGE + 1

    def _take(self, place):
        self.rank.value = self._page * PAGE + place + 1

    def _enlarge(self):
        """Show the image of the chosen rank large, and the page where it is."""
        if self._sorting:
            return
        page, place = divmod(self.rank.value - 1, PAGE)
        if page != self._page:
            self._open(page)
        index = self._ranked[self.rank.value - 1]
        (original,), (reconstruction,) = (pictures(all_[[index]]) for all_ in (self._images, self._reconstructions))
        difference = reconstruction - original
        self.original.show(original, f"the original, a {self._labels[index]}")
        self.reconstruction.show(reconstruction, f"its reconstruction, squared error {self._errors[index]:.4f}")
        added, missing = difference.clip(0).mean(), -difference.clip(None, 0).mean()
        self.difference.show(difference, f"their difference, {added:.3f} added and {missing:.3f} left out per pixel")
        self.code.show_code(self._codes[index])
        self.words.say(self._described(index, added, missing))
        for other, thumbnail in enumerate(self.thumbnails):
            if other == place:
                thumbnail.add_class("labutils-chosen")
            else:
                thumbnail.remove_class("labutils-chosen")

    def _open(self, page):
        """Draw the small pictures of a page, and name them."""
        self._page = page
        shown = self._ranked[page * PAGE : (page + 1) * PAGE]
        pairs = np.concatenate([pictures(all_[shown]) for all_ in (self._images, self._reconstructions)], axis=1)
        sheet = base64.b64encode(picture(np.hstack(list(pairs)), zoom=1)).decode()  # all in one picture
        self._sheet.value = f"{STYLE}<style>.{self._name} {{ --sheet: url(data:image/png;base64,{sheet}) }}</style>"
        for place, thumbnail in enumerate(self.thumbnails):
            thumbnail.layout.visibility = "visible" if place < len(shown) else "hidden"
            if place < len(shown):
                rank, label, error = page * PAGE + place + 1, self._labels[shown[place]], self._errors[shown[place]]
                with thumbnail.hold_sync():
                    thumbnail.description = f"{rank}: a {label}"
                    thumbnail.tooltip = f"number {rank}, a {label}, squared error {error:.4f}: enlarge"
        self.earlier.disabled = page == 0
        self.later.disabled = (page + 1) * PAGE >= len(self._ranked)

    def _described(self, index, added, missing):
        total = f"{len(self._ranked):,} {'digits' if self.digit.value == ALL else f'of digit {self.digit.value}'}"
        return (
            f"Number {self.rank.value:,} of {total}, {self.order.label}: image {index:,}, a {self._labels[index]}. "
            f"Squared error {self._errors[index]:.4f}; the reconstruction adds {added:.3f} per pixel and leaves out "
            f"{missing:.3f}. {np.sum(self._codes[index] != 0)} of its {self._codes.shape[1]} numbers are not 0. "
            f"Page {self._page + 1} of {-(-len(self._ranked) // PAGE)}."
        )
