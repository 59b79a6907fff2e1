"""The numbers of a code to hold and move: what each of them changes, and what lies between two codes."""

import ipywidgets
import numpy as np

from labutils import figures, metrics
from labutils.datasets import flatten
from labutils.figures.canvas import BLUE
from labutils.widgets.base import Interactive
from labutils.widgets.pieces import Pane, Words, at_once, parts_of

STEPS = 100  # of a slider, from its unit's lowest to its highest number; whole numbers, which the browser cannot round
COLUMNS = 16  # sliders in a row
CELL = 38  # their width, in pixels
STYLE = f"""<style>
.labutils-code-explorer .labutils-unit {{ width: {CELL}px; height: 176px; min-width: 0; margin: 0; }}
.labutils-code-explorer .labutils-unit .widget-label {{
  flex: 0 0 28px; width: {CELL}px; margin: 0;
  white-space: normal; font-size: 11px; line-height: 1.2; text-align: center;
}}
.labutils-code-explorer .labutils-unit .widget-label i {{ position: absolute; clip-path: inset(50%); }}
.labutils-code-explorer .labutils-unit .noUi-target {{ clip-path: inset(-9px -12px -8px -12px); }}
.labutils-code-explorer .labutils-unit .noUi-handle::after {{
  content: ""; position: absolute; z-index: -1; top: 50%; left: 50%; width: 12px; height: 200px; margin-left: -6px;
  background: {BLUE};
}}
.labutils-code-explorer .labutils-numbers {{
  display: grid; grid-template-columns: repeat({COLUMNS}, {CELL}px); text-align: center; font-size: 11px;
  color: var(--jp-content-font-color1, #1f1f1f);
}}
</style>"""


def code_explorer(model, images, labels=None, training_images=None, seed=0):
    """Move each number of a code, and see what the decoder draws.

    Each number has a slider that goes from the lowest to the highest that its unit gives to the training images and to
    ``images``, 0 included. One can go back to the image's own code, take a random one, each of whose numbers the unit
    gave to some training image, and walk in a straight line to the code of another image.

    Parameters
    ----------
    model : keras.Model, (n, 784) -> (n, 784)
        An autoencoder with parts named "encoder" and "decoder".
    images : uint8 array (n, 28, 28, 1), values 0..255
        To pick from.
    labels : int array (n,), optional
    training_images : uint8 array (m, 28, 28, 1), optional
        What the units are scaled on, and dead on; ``images`` if there are none.
    seed : int
        Of the random codes.

    Returns
    -------
    CodeExplorer

    Raises
    ------
    ValueError
        If the model has no such parts, or the images are of another shape or dtype, or fewer than one.
    """
    if not len(images) or (labels is not None and len(labels) != len(images)):
        raise ValueError(
            "code_explorer takes at least one image, and a label for each if there are labels, got "
            f"{len(images)} images and {'no' if labels is None else len(labels)} labels."
        )
    return CodeExplorer(model, images, labels, images if training_images is None else training_images, seed)


class CodeExplorer(Interactive):
    """What ``code_explorer`` returns.

    Attributes
    ----------
    picked, goal : ipywidgets.BoundedIntText
        The image whose code is shown, and the one to walk to.
    way : ipywidgets.FloatSlider
        How much of the way is gone, 0..1.
    back, random : ipywidgets.Button
    units : list of ipywidgets.IntSlider
        0 at the unit's lowest number, 100 at its highest. Those of dead units are disabled.
    original, decoded, end : pieces.Pane
    code : float32 array (code_size,)
        What is decoded now.
    """

    def __init__(self, model, images, labels, training_images, seed):
        encoder, decoder = parts_of(model)
        self._encode, self._decode = at_once(encoder), at_once(decoder)
        self._images, self._labels, self._rng = images, labels, np.random.default_rng(seed)
        self._training_codes = encoder.predict(flatten(training_images), batch_size=1000, verbose=0)
        codes = [self._training_codes]
        if images is not training_images:
            codes.append(encoder.predict(flatten(images), batch_size=1000, verbose=0))
        self.low = np.minimum(0, np.min([each.min(axis=0) for each in codes], axis=0))
        self.high = np.maximum(0, np.max([each.max(axis=0) for each in codes], axis=0))
        self.dead = metrics.latent_health(self._training_codes)["dead"]
        self._moving = False  # while all sliders are set at once, they are not asked one by one
        self._build()
        super().__init__(self._rows(), self._sweep)
        self.add_class("labutils-code-explorer")
        self._aim()
        self._pick()

    def _build(self):
        last = len(self._images) - 1
        self.picked = ipywidgets.BoundedIntText(0, 0, last, description="test image")
        self.goal = ipywidgets.BoundedIntText(min(1, last), 0, last, description="walk to image")
        self.way = ipywidgets.FloatSlider(0, min=0, max=1, step=0.02, description="share of the way", readout=False)
        for control in (self.picked, self.goal, self.way):
            control.style.description_width = "initial"
        self.picked.layout.width = self.goal.layout.width = "170px"
        self.back = ipywidgets.Button(description="Back to the image's code", tooltip="Give all units the image's code")
        self.random = ipywidgets.Button(description="Random code", tooltip="Draw each number from what its unit does")
        self.back.layout.width = "200px"
        self.units = [self._unit(number) for number in range(len(self.low))]
        self._numbers = [ipywidgets.HTML(layout={"margin": "0"}) for _ in range(0, len(self.units), COLUMNS)]
        self.original, self.end = Pane("original", zoom=4), Pane("walk's end", zoom=4)
        self.decoded = Pane("decoded", zoom=9)
        self.words = Words()
        self.picked.observe(lambda _: self._pick(), "value")
        self.goal.observe(lambda _: self._aim(), "value")
        self.way.observe(lambda _: self._walk(), "value")
        self.back.on_click(lambda _: self._pick())
        self.random.on_click(lambda _: self._draw_random())
        for number, slider in enumerate(self.units):
            slider.observe(lambda change, number=number: self._turn(number, change.new), "value")

    def _unit(self, number):
        slider = ipywidgets.IntSlider(
            0,
            min=0,
            max=STEPS,
            orientation="vertical",
            readout=False,
            description=f"<i>unit</i> {number}" + (" dead" if self.dead[number] else ""),
            description_allow_html=True,
            disabled=bool(self.dead[number]),
        )
        slider.add_class("labutils-unit")
        return slider

    def _rows(self):
        board = []
        for row, numbers in enumerate(self._numbers):
            sliders = self.units[row * COLUMNS : (row + 1) * COLUMNS]
            board += [ipywidgets.HBox(sliders, layout={"overflow": "visible"}), numbers]
        pictures = ipywidgets.VBox([ipywidgets.HBox([self.original, self.end]), self.decoded])
        return [
            ipywidgets.HTML(STYLE),
            ipywidgets.HBox([self.picked, self.back, self.random], layout={"flex_flow": "row wrap"}),
            ipywidgets.HBox([self.goal, self.way], layout={"flex_flow": "row wrap"}),
            ipywidgets.Label(
                "The code, unit by unit: each from the lowest number to the highest that it gives to these digits."
            ),
            ipywidgets.HBox(
                [ipywidgets.VBox(board, layout={"margin": "0 20px 0 0"}), pictures], layout={"flex_flow": "row wrap"}
            ),
            self.words,
        ]

    def _pick(self):
        """Show the picked image's own code."""
        self._start = self._code_of(self.picked.value)
        self._portray(self.original, self.picked.value)
        self._show(self._start.copy(), f"The code of {self._name(self.picked.value)}.")

    def _aim(self):
        """Turn to another end of the walk, as far along as before."""
        self._end = self._code_of(self.goal.value)
        self._portray(self.end, self.goal.value)
        if self.way.value:
            self._walk()
        else:
            self.words.say(f"The walk would now lead to {self._name(self.goal.value)}.")

    def _walk(self):
        if self._moving:
            return
        way = self.way.value
        ends = self._name(self.picked.value), self._name(self.goal.value)
        self._show((1 - way) * self._start + way * self._end, f"{way:.0%} of the way from {ends[0]} to {ends[1]}.", way)

    def _draw_random(self):
        rows = self._rng.integers(len(self._training_codes), size=len(self.units))
        code = self._training_codes[rows, np.arange(len(self.units))]
        self._show(code, "A random code: each number is one that its unit gave to some training image.")

    def _turn(self, number, step):
        if self._moving:
            return
        low, high = self.low[number], self.high[number]
        self.code[number] = low + (high - low) * step / STEPS
        self._redraw(f"Unit {number} at {self.code[number]:.1f}, of {low:.1f} to {high:.1f}.")

    def _show(self, code, what, way=0):
        """Draw a code once, and set all sliders to it."""
        self.code = code
        self._redraw(what)  # first, since the browser takes longer over the sliders
        spans = np.where(self.high > self.low, self.high - self.low, 1)
        steps = np.rint((code - self.low) / spans * STEPS).astype(int)
        self._moving = True
        try:
            self.way.value = way
            for slider, step in zip(self.units, steps.tolist(), strict=True):
                slider.value = step
        finally:
            self._moving = False

    def _redraw(self, what):
        decoded = self._decode(self.code).reshape(28, 28)
        error = np.mean((decoded - self._images[self.picked.value].reshape(28, 28) / 255) ** 2)
        self.decoded.show(decoded, f"the picture that the decoder draws, {error:.4f} from the original")
        for row, numbers in enumerate(self._numbers):
            cells = "".join(f"<span>{number:.1f}</span>" for number in self.code[row * COLUMNS : (row + 1) * COLUMNS])
            numbers.value = f'<div class="labutils-numbers">{cells}</div>'
        self.words.say(f"{what} Squared error of the decoded picture to the original: {error:.4f}.")

    def _code_of(self, index):
        return self._encode(flatten(self._images[index][None])[0])

    def _portray(self, pane, index):
        pane.show(self._images[index].reshape(28, 28) / 255, self._name(index))

    def _name(self, index):
        return f"test image {index}" + ("" if self._labels is None else f" (a {self._labels[index]})")

    def _sweep(self):
        """The static twin: the unit that moves most, from its lowest to its highest number, on the first image."""
        unit = int(self._training_codes.std(axis=0).argmax())
        codes = np.repeat(self._code_of(0)[None], 9, axis=0)
        codes[:, unit] = np.linspace(self.low[unit], self.high[unit], 9)
        names = [f"unit {unit} at {number:.1f}" for number in (self.low[unit], self.high[unit])]
        return figures.code_walk([self._decode(code).reshape(28, 28) for code in codes], names)
