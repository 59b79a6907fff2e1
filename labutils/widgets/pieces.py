"""What several interactives are made of: captioned pictures, words that are read out, models that answer at once."""

import html

import ipywidgets
import numpy as np
import tensorflow as tf
import traitlets

from labutils.figures.canvas import code_rows
from labutils.widgets.base import CODE_PIXELS, GREY_PIXELS, picture


class Image(ipywidgets.Image):
    """A picture whose ``tooltip`` is the words for it.

    The front end of ipywidgets shows no picture that has a tooltip unless it has a description as well.
    """

    description = traitlets.Unicode("").tag(sync=True)


class Pane(ipywidgets.VBox):
    """A picture under its caption.

    Parameters
    ----------
    caption : str
    colors, limits, zoom
        As ``base.picture`` takes them.
    """

    def __init__(self, caption, colors=GREY_PIXELS, limits=(0, 1), zoom=5):
        self.caption = ipywidgets.Label(caption)
        self.image = Image(format="png")
        self._style = {"colors": colors, "limits": limits, "zoom": zoom}
        super().__init__([self.caption, self.image], layout={"align_items": "flex-start", "margin": "0 14px 0 0"})

    def show(self, values, words):
        """Change the picture, an array (rows, columns), and the words that stand for it, in one go."""
        with self.image.hold_sync():
            self.image.value = picture(values, **self._style)
            self.image.tooltip = words


class CodePane(Pane):
    """The numbers of a code as a picture, such as 4 x 8 for 32."""

    def __init__(self, codes):
        """Parameters: codes : float array (n, code_size), for the limits of the colours."""
        super().__init__("code", CODE_PIXELS, (min(0, codes.min()), codes.max()), zoom=17)

    def show_code(self, code):
        """Change the numbers (code_size,)."""
        rows = code_rows(len(code))
        words = (
            f"a code of {len(code)} numbers, {code.min():.1f} to {code.max():.1f}, {np.sum(code != 0)} of them not 0"
        )
        self.show(np.reshape(code, (rows, -1)), words)


class Words(ipywidgets.HTML):
    """A paragraph that a screen reader says when it changes."""

    def say(self, text):
        """Say this plain text now."""
        self.value = (
            '<p role="status" aria-live="polite" style="margin: 4px 0; line-height: 1.5; '
            f'color: var(--jp-content-font-color1, #1f1f1f)">{html.escape(text)}</p>'
        )


def parts_of(model):
    """The encoder and the decoder of an autoencoder.

    Raises
    ------
    ValueError
        If the model has no parts of these names.
    """
    named = {layer.name: layer for layer in getattr(model, "layers", ())}
    if not {"encoder", "decoder"} <= set(named):
        raise ValueError(
            "An autoencoder with parts named 'encoder' and 'decoder' is wanted, got "
            f"{f'one with the parts {list(named)}' if named else repr(model)}. models.build_autoencoder makes one."
        )
    return named["encoder"], named["decoder"]


def at_once(part):
    """A Keras model as a function of one example that takes half a millisecond; ``predict`` takes a hundred.

    Parameters
    ----------
    part : keras.Model, (n, inputs) -> (n, outputs)

    Returns
    -------
    callable, float array (inputs,) -> float32 array (outputs,)
    """
    batch = tf.TensorSpec((1, *part.input_shape[1:]), tf.float32)
    traced = tf.function(lambda inputs: part(inputs, training=False), input_signature=[batch])

    def answer(values):
        return traced(np.asarray(values, np.float32)[None]).numpy()[0]

    answer(np.zeros(batch.shape[1:]))  # trace it now, not when something is moved for the first time
    return answer
