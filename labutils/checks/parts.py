"""Judges exercises 2.1 and 2.2: encoder and decoder, each two dense layers."""

import itertools

import numpy as np

from labutils.checks.activations import (
    Probe,
    require_free_code,
    require_nothing_else,
    require_plain_input,
    require_relu,
    require_sigmoid,
)
from labutils.checks.building import build
from labutils.checks.learning import require_learning
from labutils.checks.model_rules import (
    KNOWN_HINTS,
    SIZE_HINTS,
    output_of,
    require_calm,
    require_full_precision,
    require_model,
    require_trainable,
)
from labutils.checks.verdict import Wrong

UNSEEN = (
    " Your layers are put together in a way of their own: the check could not look at their activations. Compare them "
    "with the exercise yourself."
)


def encoder(student):
    """Judge ``build_encoder()``; returns what to say when it is right."""
    model = _judge_build(student, (784, 128, 32), "decoder")
    probe = Probe(student, model, (784, 128, 32))
    if probe.works:
        require_free_code(probe)
        require_relu(probe.hidden_activation(lambda output: output - 50, base=50, slope=1))
        require_plain_input(probe)
        require_nothing_else(probe)
    require_learning(student, model, 784)
    chain = "784 -> 128 ReLU -> 32" if probe.works else "784 -> 32"
    return f"{chain}, with 104,608 parameters, all of them trainable.{'' if probe.works else UNSEEN}"


def decoder(student):
    """Judge ``build_decoder()``; returns what to say when it is right."""
    model = _judge_build(student, (32, 128, 784), "encoder")
    probe = Probe(student, model, (32, 128, 784))
    if probe.works:
        require_sigmoid(probe.last_activation())
        require_relu(probe.hidden_activation(lambda output: 10 * np.log(output / (1 - output)), base=0, slope=0.1))
        require_nothing_else(probe)
    require_learning(student, model, 32, passes_on=True)
    chain = "32 -> 128 ReLU -> 784 sigmoid" if probe.works else "32 -> 784"
    return f"{chain}, with 105,360 parameters, all of them trainable.{'' if probe.works else UNSEEN}"


def _judge_build(student, sizes, other_part):
    """A model of the right sizes; not the right activations yet."""
    model = build(student)
    require_model(model)
    chain = _chain(model)
    if chain == [784, 128, 32, 128, 784]:
        message = f"This is the whole autoencoder, {_arrows(chain)}; only one half of it is wanted here."
        raise Wrong("whole-autoencoder", message, f"The {other_part} has an exercise of its own.", *SIZE_HINTS[1:])
    inputs = np.random.default_rng(2).random((3, sizes[0]), dtype=np.float32)
    output = output_of(student, model, inputs)
    chain = _chain(model)
    if not model.weights:
        raise Wrong("weights-unknown", "Keras sees no parameters in your model: it could not train any.", *KNOWN_HINTS)
    if output.shape != (3, sizes[2]):
        if output.shape == (3, sizes[1]) and _has_layers(model, sizes):
            message = f"Both layers are there, but you return the {sizes[1]} numbers of the hidden one."
            raise Wrong("last-layer-missing", message, *SIZE_HINTS)
        _refuse_output(output.shape, chain, sizes)
    _require_sizes(model, chain, sizes)
    require_trainable(model)
    require_full_precision(model, output)
    require_calm(student, model, inputs)
    if any(w.shape[-1] > 1 and np.ptp(w.numpy(), axis=-1).max() == 0 for w in model.weights if len(w.shape) == 2):
        raise Wrong(
            "same-start",
            "All units of a layer start with the same weights, so they will all learn the same.",
            "Units can only share the work if they begin differently.",
            "What does Keras do when you do not say how weights start?",
        )
    again = build(student)
    if any(mine is theirs for mine in again.weights for theirs in model.weights):
        raise Wrong(
            "same-model-each-time",
            "Called twice, your function gives models that share their weights.",
            "To build means to make something new each time.",
            "Where are your layers made: inside the function, or in a cell above it?",
        )
    return model


def _has_layers(model, sizes):
    kernels = sorted(tuple(w.shape) for w in model.weights if len(w.shape) == 2)
    return kernels == sorted(itertools.pairwise(sizes))


def _chain(model):
    """The sizes of the dense layers, one after the other, such as [784, 128, 32]."""
    kernels = [tuple(w.shape) for w in model.weights if len(w.shape) == 2]
    return [kernels[0][0], *(kernel[1] for kernel in kernels)] if kernels else []


def _arrows(chain):
    return " -> ".join(map(str, chain))


def _refuse_output(shape, chain, sizes):
    if len(shape) != 2:
        message = f"For 3 inputs your output has the shape {shape}; it should be (3, {sizes[2]})."
        code = "output-reshaped" if np.prod(shape[1:]) == sizes[2] else "wrong-output-shape"
        raise Wrong(
            code, message, "Vectors come in and vectors go out; pictures are made of them later.", SIZE_HINTS[1]
        )
    if sorted(chain[1:]) == sorted(sizes[1:]):
        raise Wrong("layers-exchanged", f"Your layers stand the wrong way round: {_arrows(chain)}.", *SIZE_HINTS)
    if chain == [*sizes[:2]]:
        raise Wrong("last-layer-missing", f"A layer is missing: {_arrows(chain)}, and then?", *SIZE_HINTS)
    raise Wrong(
        "wrong-output-size",
        f"Your model gives {shape[1]} numbers; {sizes[2]} are wanted. It is {_arrows(chain)}.",
        *SIZE_HINTS,
    )


def _require_sizes(model, chain, sizes):
    wanted = sum(a * b + b for a, b in itertools.pairwise(sizes))
    if model.count_params() == wanted:
        return
    unlike = not chain or chain[0] != sizes[0]
    if len(chain) == 2 and not unlike and chain[1] == sizes[2]:
        raise Wrong("hidden-layer-missing", f"There is only one layer: {_arrows(chain)}.", *SIZE_HINTS)
    if len(chain) > 3 and not unlike:
        raise Wrong("too-many-layers", f"Your chain is {_arrows(chain)}: one layer too many.", *SIZE_HINTS)
    if len(chain) == 3 and not unlike and chain[1] != sizes[1]:
        message = f"Your hidden layer has {chain[1]} units; {sizes[1]} are wanted."
        raise Wrong("wrong-hidden-size", message, *SIZE_HINTS)
    missing = wanted - model.count_params()
    if missing in (sizes[1], sizes[2], sizes[1] + sizes[2]):
        message = f"{missing} parameters are missing: the biases, one for each unit."
        raise Wrong("no-bias", message, "A unit weighs its inputs and adds a number of its own.", SIZE_HINTS[0])
    message = f"Your model has {model.count_params():,} parameters; {wanted:,} are wanted."
    raise Wrong("wrong-parameters", message, *SIZE_HINTS)
