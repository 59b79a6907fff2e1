"""Reads the activations of a model of two dense layers from its behaviour.

The weights are set so that single units can be watched, and put back.
"""

import keras
import numpy as np

from labutils.checks.model_rules import output_of
from labutils.checks.verdict import Wrong, same, span

PROBES = np.linspace(-6, 8, 32, dtype=np.float32)
NAMED = ("linear", "relu", "sigmoid", "tanh", "softmax", "relu6", "elu", "selu", "leaky_relu", "gelu", "silu")
NAMED += ("softplus", "softsign", "exponential", "hard_sigmoid", "mish", "celu", "hard_tanh", "log_softmax")

ACTIVATION_HINTS = (
    "Without an activation two dense layers in a row can do no more than one: what bends the line between them?",
    "Go through your layers one by one: which activation does each carry, and which does the exercise give it?",
)
STEP_HINTS = (
    "The exercise names dense layers and their activations, and nothing else.",
    "Follow the numbers from the input to what you return: is there a step between or behind the layers?",
)
OUTPUT_HINTS = (
    "The output is compared with pixels: which numbers can a pixel be?",
    "Which activation turns any number, however large or small, into one that a pixel can be, each by itself?",
)


class Probe:
    """Watches single units of a model of two dense layers by setting its weights; always puts them back."""

    def __init__(self, student, model, sizes):
        self._student, self._model, self._sizes = student, model, sizes
        self._shapes = [sizes[:2], sizes[1:2], sizes[1:], sizes[2:]]
        both_ways = [(shape, shape[::-1]) for shape in self._shapes]  # some write (out, in), as PyTorch does
        self._weights = [[w for w in model.weights if tuple(w.shape) in shapes] for shapes in both_ways]
        self.works = [len(found) for found in self._weights] == [1, 1, 1, 1]

    def last_activation(self, base=0):
        """What the last layer makes of the probes above a base: its inputs cut off, the probes as biases."""
        biases = base + np.resize(PROBES, self._sizes[2])
        return self._output(last_bias=biases)[: len(PROBES)]

    def hidden_activation(self, undo, base, slope):
        """What the hidden layer makes of the probes; ``undo`` turns outputs back into what entered the last layer."""
        select = slope * np.eye(*self._sizes[1:], dtype=np.float32)
        output = self._output(hidden_bias=np.resize(PROBES, self._sizes[1]), last=select, last_bias=base)
        return undo(output.astype(np.float64))[: len(PROBES)]

    def input_seen(self, pixels):
        """What the first layer of an encoder is given when the input is ``pixels``, float (784,); the first 32."""
        select = [np.eye(*shape, dtype=np.float32) for shape in (self._sizes[:2], self._sizes[1:])]
        return self._output(pixels, hidden=select[0], last=select[1], last_bias=50) - 50

    def whole(self):
        """The output for one input and weights by chance, and what it should be before the last activation."""
        rng = np.random.default_rng(11)
        inputs, *weights = (
            np.float32(rng.normal(0, 0.1, shape))
            for shape in (self._sizes[:1], self._sizes[:2], self._sizes[1:2], self._sizes[1:], self._sizes[2:])
        )
        hidden, hidden_bias, last, last_bias = weights
        before = np.maximum(inputs @ hidden + hidden_bias, 0) @ last + last_bias
        return self._output(inputs, *weights), before

    def _output(self, inputs=0, hidden=0, hidden_bias=0, last=0, last_bias=0):
        variables = [found[0] for found in self._weights]
        before = [variable.numpy() for variable in variables]
        try:
            values = (hidden, hidden_bias, last, last_bias)
            for variable, value, shape in zip(variables, values, self._shapes, strict=True):
                value = np.broadcast_to(np.float32(value), shape)
                variable.assign(value if tuple(variable.shape) == shape else value.T)
            inputs = np.broadcast_to(np.float32(inputs), (1, self._sizes[0]))
            return output_of(self._student, self._model, inputs)[0]
        finally:
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)


def _named(seen, probes=PROBES):
    """The name of the activation that makes this of the probes, or None."""
    for name in NAMED:
        if same(seen, np.asarray(keras.activations.get(name)(probes[None]))[0], 1e-3):
            return name
    return None


def _likeness(seen, subject):
    name = _named(seen)
    if name == "linear":
        return f"{subject} carry no activation."
    return (
        f"{subject} act like `{name}`." if name else f"{subject} turn -6 into {seen[0]:.3g} and 8 into {seen[-1]:.3g}."
    )


def require_free_code(probe):
    """Raise ``Wrong`` if the code cannot grow as its input does. ReLU, a linear code and their relatives all can."""
    code = probe.last_activation()
    if not code.max() > 5:
        raise Wrong(
            "code-activation",
            f"{_likeness(code, 'The 32 units of the code').rstrip('.')}: the code cannot leave {span(code)}.",
            "The code is not a picture: nothing says that its numbers have to stay in a narrow range.",
            ACTIVATION_HINTS[1],
        )
    large, code = 50 + PROBES, probe.last_activation(base=50)
    if not same(code, large, 1e-3):
        worst = np.argmax(np.abs(code - large))
        raise Wrong(
            "code-activation",
            f"The 32 units of the code change large numbers: {large[worst]:.4g} becomes {code[worst]:.4g}.",
            "The code is not a picture: its numbers may become as large as the layer before makes them.",
            ACTIVATION_HINTS[1],
        )


def require_plain_input(probe):
    """Raise ``Wrong`` if the input is scaled on its way to the first layer."""
    pixels = np.linspace(0, 1, 784, dtype=np.float32)
    seen = probe.input_seen(pixels)
    if not same(seen, pixels[: len(seen)], 1e-3):
        raise Wrong(
            "input-changed",
            f"Something happens to the input before the first layer: {pixels[31]:.4f} becomes {seen[31]:.4f}.",
            "The images arrive preprocessed: everything a pixel needs was done in exercise 1.1.",
            "Which of your layers stands before the first dense one, and what does it do to a pixel?",
        )


def require_nothing_else(probe):
    """Raise ``Wrong`` if the model does more than its two layers, where the last activation is one of the usual."""
    name = _named(probe.last_activation())
    output, before = probe.whole()
    if name in ("linear", "relu", "sigmoid") and not same(
        output, np.asarray(keras.activations.get(name)(before)), 1e-3
    ):
        raise Wrong(
            "something-else",
            "Your layers are right, but your model does something else to the numbers as well.",
            *STEP_HINTS,
        )


def require_relu(hidden):
    """Raise ``Wrong`` unless the hidden units are ReLU."""
    relu = np.maximum(PROBES, 0)
    if same(hidden, relu, 1e-3):
        return
    scale = (hidden[-1] - hidden[0]) / relu[-1]
    if scale > 0 and same(hidden, hidden[0] + scale * relu, 1e-3):
        message = f"Your hidden units are ReLU, but something changes what they give: {relu[-1]:.3g} becomes"
        raise Wrong("something-else", f"{message} {hidden[-1]:.3g} before the last layer.", *STEP_HINTS)
    message = f"{_likeness(hidden, 'The 128 hidden units')} They should be ReLU."
    if same(hidden, PROBES, 1e-3):
        raise Wrong("no-activation", message, *ACTIVATION_HINTS)
    bend = "Every activation bends in its own way; this one lets through what is positive and nothing else."
    raise Wrong("hidden-activation", message, bend, ACTIVATION_HINTS[1])


def require_sigmoid(output):
    """Raise ``Wrong`` unless the output units are sigmoid."""
    sigmoid = 1 / (1 + np.exp(-PROBES))
    if same(output, sigmoid, 1e-3):
        return
    if same(output, 255 * sigmoid, 1e-3):
        raise Wrong(
            "output-scaled", "Your output goes up to 255; the images it is compared with go up to 1.", *OUTPUT_HINTS
        )
    if same(output, 1 / (1 + np.exp(-sigmoid)), 1e-3):
        message = f"The sigmoid is applied twice: your output stays within {span(output)}."
        raise Wrong("sigmoid-twice", message, "One step has been done once too often.", *OUTPUT_HINTS[:1])
    name = "softmax" if 0 < output.sum() < 0.1 else _named(output)  # 784 outputs share a sum of 1; these are 32
    code = f"output-{name}" if name in ("linear", "relu", "softmax", "tanh") else "output-activation"
    if code == "output-activation" and output.min() >= 0 and output.max() <= 1:
        _refuse_way_of_pixels(output, sigmoid)
    message = (
        "The 784 output units share a sum of 1" if name == "softmax" else _likeness(output, "The 784 output units")
    )
    raise Wrong(code, f"{message.rstrip('.')}, so an output can be {span(output)}.", *OUTPUT_HINTS)


def _refuse_way_of_pixels(output, sigmoid):
    worst = np.argmax(np.abs(output - sigmoid))
    raise Wrong(
        "output-activation",
        f"The 784 output units stay between 0 and 1, but turn {PROBES[worst]:.3g} into {output[worst]:.3g}; the usual "
        f"activation for pixels turns it into {sigmoid[worst]:.3g}.",
        "The range is right; what a number becomes within it matters as well: the loss is made for the usual way.",
        "Is another activation at work than the usual one, or is there a step before or behind it?",
    )
