"""Draw a digit and see what goes through the bottleneck: the drawing as MNIST would hold it, its code, what is left."""

import time

import ipywidgets
import numpy as np
import traitlets

from labutils import figures, metrics, models
from labutils.datasets import flatten
from labutils.widgets.base import Interactive
from labutils.widgets.ink import DRAWINGS, PEN, SIZE, Page, inked, mnist_from_drawing
from labutils.widgets.pieces import CodePane, Pane, Words, at_once, parts_of

SMALLEST = 30  # pixels of the canvas; what is less high and wide than this is a dot
NOTHING = ""
PAUSE = 0.04  # seconds between two looks at a drawing while the pen moves; drawing the line itself never waits


def draw_digit(model, images, labels=None, errors=None):
    """Draw on a canvas by mouse or finger, and see what the autoencoder makes of it while drawing.

    The drawing is brought into MNIST's form by ``mnist_from_drawing``. What cannot be drawn can be chosen: a test image
    or a ready drawing is put on the canvas, to be drawn on.

    Parameters
    ----------
    model : keras.Model, (n, 784) -> (n, 784)
        An autoencoder with parts named "encoder" and "decoder".
    images : uint8 array (n, 28, 28, 1), values 0..255
        The test images.
    labels : int array (n,), optional
    errors : float array (n,), optional
        Squared errors of the test images, to compare the drawing's with; computed if they are not given.

    Returns
    -------
    DrawDigit

    Raises
    ------
    ValueError
        If the model has no such parts, the images are of another shape or dtype, or the lengths differ.
    """
    for name, values in (("labels", labels), ("errors", errors)):
        if values is not None and len(values) != len(images):
            raise ValueError(f"draw_digit takes one of {name} for each image, got {len(values)} for {len(images)}.")
    if errors is None:
        errors = metrics.reconstruction_error(images.reshape(-1, 28, 28) / 255, models.reconstruct(model, images))
    return DrawDigit(model, images, labels, np.sort(errors))


class DrawDigit(Interactive):
    """What ``draw_digit`` returns.

    Attributes
    ----------
    canvas : ipycanvas.Canvas
    example : ipywidgets.Dropdown
        What to put on the canvas: a test image, by its number, or a drawing, by its name.
    clear : ipywidgets.Button
    seen, code, reconstruction : pieces.Pane
    words : pieces.Words
    pixels : uint8 array (280, 280)
        What is drawn.
    """

    def __init__(self, model, images, labels, errors):
        # Imported here, since the import alone speaks to the front end, which need not have ipycanvas for all the rest.
        from ipycanvas import Canvas

        encoder, decoder = parts_of(model)
        self._encode, self._decode = at_once(encoder), at_once(decoder)
        self._images, self._errors = images, errors
        self._page = Page()
        self._last, self._looked = None, 0.0
        self.canvas = Canvas(
            width=SIZE,
            height=SIZE,
            layout={"width": f"{SIZE}px", "margin": "2px 16px 2px 2px", "border": "1px solid #767676"},
        )
        self.canvas.add_traits(description=traitlets.Unicode("").tag(sync=True))  # see pieces.Image
        self.canvas.tooltip = "canvas to draw on, with mouse or finger"
        self.example = ipywidgets.Dropdown(options=self._examples(labels), description="put on the canvas")
        self.example.style.description_width = "initial"
        self.clear = ipywidgets.Button(description="Clear", tooltip="Take everything from the canvas")
        self.seen, self.reconstruction = Pane("as the network sees it"), Pane("reconstruction")
        self.code = CodePane(encoder.predict(flatten(images[:1000]), batch_size=1000, verbose=0))
        self.words = Words()
        self._listen()
        panes = ipywidgets.HBox([self.seen, self.code, self.reconstruction], layout={"flex_flow": "row wrap"})
        page = ipywidgets.VBox([self.canvas, self.clear])
        board = ipywidgets.HBox([page, panes], layout={"flex_flow": "row wrap"})
        super().__init__([self.example, board, self.words], self._drawings)
        self.add_class("labutils-draw-digit")
        self._wipe()

    def _examples(self, labels):
        """Names of what can be put on the canvas: a test image of each digit, or the first ten, and the drawings."""
        if labels is None:
            images = {f"test image {index}": index for index in range(min(10, len(self._images)))}
        else:
            first = {digit: int(np.argmax(labels == digit)) for digit in np.unique(labels)}
            images = {f"test image {index}, a {digit}": index for digit, index in first.items()}
        return {"choose": NOTHING, **images, **{name: name for name in DRAWINGS}}.items()

    def _listen(self):
        canvas = self.canvas
        canvas.on_mouse_down(self._put_down)
        canvas.on_mouse_move(self._move)
        canvas.on_mouse_up(self._lift)
        canvas.on_mouse_out(self._lift)
        canvas.on_touch_start(lambda touches: self._put_down(*touches[0]))
        canvas.on_touch_move(lambda touches: self._move(*touches[0]))
        canvas.on_touch_end(lambda touches: self._lift())
        canvas.on_touch_cancel(lambda touches: self._lift())
        canvas.on_client_ready(self._repaint)
        canvas.on_key_down(self._leave)
        self.example.observe(lambda change: self._put(change.new), "value")
        self.clear.on_click(lambda _: self._wipe())

    def _put_down(self, x, y):
        self.example.value = NOTHING
        self._last = (x, y)
        self._page.line(self._last, self._last)
        self.canvas.fill_circle(x, y, PEN / 2)
        self._look()

    def _move(self, x, y):
        if self._last is None:
            return
        self._page.line(self._last, (x, y))
        self.canvas.stroke_line(*self._last, x, y)
        self._last = (x, y)
        if time.monotonic() - self._looked > PAUSE:
            self._look()

    def _lift(self, *place):
        if self._last is not None:
            self._last = None
            self._look()

    def _put(self, example):
        """Put a test image, by its number, or a drawing, by its name, on the canvas."""
        if example == NOTHING:
            return
        if isinstance(example, str):
            self._page.cover(Page(DRAWINGS[example]).pixels)
        else:
            self._page.cover(np.kron(self._images[example].reshape(28, 28), np.ones((SIZE // 28, SIZE // 28))))
        self._repaint()
        self._look()

    def _wipe(self):
        self.example.value = NOTHING
        self._page.cover(0)
        self._repaint()
        self._look()

    def _leave(self, key, shift, *_):
        """Let those who come to the canvas by keyboard go on: ipycanvas keeps every key from the browser, Tab too."""
        if key == "Tab":
            (self.example if shift else self.clear).focus()

    def _repaint(self):
        """Bring a canvas that knows nothing, or something else, to what is drawn."""
        self.canvas.fill_style = self.canvas.stroke_style = "white"
        self.canvas.line_width, self.canvas.line_cap = PEN, "round"
        self.canvas.put_image_data(np.repeat(self.pixels[..., None], 3, axis=2))

    @property
    def pixels(self):
        return self._page.pixels

    def _look(self):
        """Show what the network makes of the drawing as it is now."""
        pixels = self.pixels
        seen = mnist_from_drawing(pixels)
        code, reconstruction, error = self._through(seen)
        large = pixels.any() and max(side.stop - side.start for side in inked(pixels)) >= SMALLEST
        if not large:
            seen, code, reconstruction = (np.zeros_like(values) for values in (seen, code, reconstruction))
        self.seen.show(seen[..., 0] / 255, "the drawing as 28 x 28 pixels" if large else "nothing")
        self.code.show_code(code)
        self.reconstruction.show(
            reconstruction, f"its reconstruction, squared error {error:.4f}" if large else "nothing"
        )
        if large:
            self.words.say(f"Squared error {error:.4f}: {self._rank(error)}.")
        elif pixels.any():
            self.words.say("That is too little ink for a digit: draw it larger, so that it fills most of the canvas.")
        else:
            self.words.say(
                "Nothing is drawn yet. Draw with mouse or finger, or put something on the canvas from the list."
            )
        self._looked = time.monotonic()

    def _through(self, image):
        """Code, reconstruction (28, 28) and squared error of a uint8 image (28, 28, 1)."""
        code = self._encode(flatten(image[None])[0])
        reconstruction = self._decode(code).reshape(28, 28)
        return code, reconstruction, np.mean((image[..., 0] / 255 - reconstruction) ** 2)

    def _rank(self, error):
        better, count = np.searchsorted(self._errors, error), len(self._errors)
        share = "all" if better == count else f"{100 * better // count} %"
        return f"worse than {share} of the {count:,} test images"

    def _drawings(self):
        """The static twin: the ready drawings, what the network sees of them, and what it gives back."""
        images = np.stack([mnist_from_drawing(Page(strokes).pixels) for strokes in DRAWINGS.values()])
        codes, reconstructions, errors = map(np.array, zip(*map(self._through, images), strict=True))
        figure = figures.reconstructions(images, codes, reconstructions, title=f"Drawn: {', '.join(DRAWINGS)}")
        each = (
            f"{name} has a squared error of {e:.4f}, {self._rank(e)}" for name, e in zip(DRAWINGS, errors, strict=True)
        )
        figure.alt = (
            f"{len(DRAWINGS)} drawings in MNIST's form, their codes and their reconstructions: {'; '.join(each)}."
        )
        return figure
