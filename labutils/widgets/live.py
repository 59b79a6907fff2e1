"""An interactive as one output that lives by itself: the static twin, the data, and the script that uses them."""

import base64
import hashlib
import html
import json
import re
import zlib
from pathlib import Path

import matplotlib
import numpy as np

from labutils.figures.canvas import CODES, DIFFERENCES, pictures

HERE = Path(__file__).parent
CODE_COLORS, DIFFERENCE_COLORS = (
    (matplotlib.colormaps[name](np.arange(256))[:, :3] * 255).round().astype(np.uint8) for name in (CODES, DIFFERENCES)
)  # (256, 3) each, from the lowest number to the highest; greys need none
ACTIVATIONS = ("linear", "relu", "sigmoid")  # those that live.js knows

PAGE = """\
<div data-labutils="{id}" class="{kind}">
<img class="twin" alt="{alt}" width="{width}" src="data:image/png;base64,{png}">
<style>
{css}
</style>
<script type="module">
const ID = "{id}", DATA = "{data}"
{script}
</script>
</div>"""


class Interactive:
    """Something to hold and move, as the value of a cell: HTML with everything in it, that asks no kernel.

    Where scripts do not run, on a code host or in a notebook that is not trusted, the static twin is what remains.

    Parameters
    ----------
    kind : str
        The name of its script beside this file; the class of its element is ``labutils-KIND``.
    twin : callable
        Takes nothing and returns the ``figures.Figure`` that stands in, with its ``alt``. Called when it is shown.
    data : dict
        For the script, as ``pack`` takes it.
    """

    def __init__(self, kind, twin, data):
        self.kind, self.twin, self.data = kind, twin, data

    def _repr_mimebundle_(self, **kwargs):
        pictured, metadata = self.twin()._repr_mimebundle_()
        data, script = pack(self.data), script_of(self.kind)
        page = PAGE.format(
            id=hashlib.sha256((data + script).encode()).hexdigest()[:16],
            kind=f"labutils-{self.kind}",
            alt=html.escape(pictured["text/plain"], quote=True),
            width=metadata["image/png"]["width"],
            png=pictured["image/png"],
            css=style_of(self.kind),
            script=script,
            data=data,
        )
        return {"text/html": page, "text/plain": pictured["text/plain"]}


def script_of(kind):
    """The script of an interactive as one module: each file that it imports becomes an object before it."""
    parts = {}

    def take(name):
        source = (HERE / name).read_text("utf-8")
        for _, other in IMPORT.findall(source):
            if other not in parts:
                take(other)
        source = IMPORT.sub(lambda found: f"const {found[1]} = {_object(found[2])}", source)
        exported = ", ".join(EXPORT.findall(source))
        parts[name] = f"const {_object(name)} = (() => {{\n{EXPORT_WORD.sub('', source)}\nreturn {{{exported}}}\n}})()"

    take(f"{_file(kind)}.js")
    start = f"live_js.live(ID, DATA, {_object(_file(kind) + '.js')}.start)"
    return "\n".join([*parts.values(), start])


IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([^"]+)"$', re.MULTILINE)
EXPORT = re.compile(r"^export (?:async )?(?:function|class|const) (\w+)", re.MULTILINE)
EXPORT_WORD = re.compile(r"^export ", re.MULTILINE)


def _object(name):
    return name.replace(".", "_")


def _file(kind):
    return kind.replace("-", "_")


def style_of(kind):
    """The style of an interactive: what all share, and its own if it has some."""
    own = HERE / f"{_file(kind)}.css"
    return "".join(path.read_text("utf-8") for path in (HERE / "live.css", own) if path.exists())


def pack(data):
    """Data for a script, as text.

    Parameters
    ----------
    data : dict, of numbers, text, lists, dicts, and arrays
        Arrays of bytes and booleans stay bytes; all others become float16, which is exact to a thousandth.

    Returns
    -------
    str, base64: compressed JSON, and behind it the arrays; ``unpack`` in live.js reads it
    """
    blob = bytearray()

    def plain(value):
        if isinstance(value, np.ndarray):
            kind = "uint8" if value.dtype in (np.uint8, bool) else "float16"
            start = len(blob)
            blob.extend(np.ascontiguousarray(value, kind).tobytes())
            return {"$": [kind, list(value.shape), start]}
        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, dict):
            return {name: plain(item) for name, item in value.items()}
        return [*map(plain, value)] if isinstance(value, list | tuple) else value

    head = json.dumps(plain(data)).encode()
    return base64.b64encode(zlib.compress(len(head).to_bytes(4, "little") + head + bytes(blob), 9)).decode()


def bytes_of(images):
    """Images as ``figures.canvas.pictures`` takes them, as bytes: uint8 array (n, 28, 28). What is no number is 0."""
    return np.rint(255 * pictures(np.nan_to_num(images))).astype(np.uint8)


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


def layers_of(part):
    """The dense layers of a model as ``through`` in live.js takes them.

    Parameters
    ----------
    part : keras.Model
        Of Dense layers one after the other, such as an encoder or a decoder.

    Raises
    ------
    ValueError
        If it has other layers, or activations that the page does not know.
    """
    import keras

    layers = [layer for layer in part.layers if not isinstance(layer, keras.layers.InputLayer)]
    for layer in layers:
        if not isinstance(layer, keras.layers.Dense):
            raise ValueError(
                f"The page computes dense layers only, and {part.name} has a {type(layer).__name__}: pass an "
                "autoencoder whose parts are made of Dense layers."
            )
        if layer.activation.__name__ not in ACTIVATIONS:
            raise ValueError(
                f"The page computes the activations {', '.join(ACTIVATIONS)}, and one in {part.name} has "
                f"{layer.activation.__name__}: pass an autoencoder with these."
            )
    return [
        {
            "kernel": layer.kernel.numpy(),
            "bias": layer.bias.numpy() if layer.use_bias else np.zeros(layer.units),
            "activation": layer.activation.__name__,
        }
        for layer in layers
    ]
