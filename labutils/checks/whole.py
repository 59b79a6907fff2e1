"""Judges exercise 2.3: encoder and decoder become one model that shares their weights."""

import re

import keras
import numpy as np

from labutils.checks.building import build
from labutils.checks.learning import require_learning
from labutils.checks.model_rules import KNOWN_HINTS, output_of, require_calm, require_model, require_trainable
from labutils.checks.student import returned
from labutils.checks.verdict import Raised, Wrong, same, span

CHAIN_HINTS = (
    "Follow an image: it goes into the encoder, and what comes out of there goes into the decoder.",
    "A model can be called like a function. What goes into the first one, and what do you do with its result?",
)
SHARE_HINTS = (
    "When the autoencoder is trained, encoder and decoder should be trained too: they are its parts, not its patterns.",
    "Which encoder does your model contain: the argument itself, or something newly made?",
)


def autoencoder(student):
    """Judge ``build_autoencoder(encoder, decoder)``; returns what to say when it is right."""
    encoder, decoder = _parts()
    before = [(part.weights, part.get_weights()) for part in (encoder, decoder)]
    model, note = _built(student, encoder, decoder)
    returned(model)
    for name, part, (weights, numbers) in zip(("encoder", "decoder"), (encoder, decoder), before, strict=True):
        _require_unchanged(name, part, weights, numbers, model)
        if model is part:
            raise Wrong(f"only-{name}", f"You return the {name} alone.", *CHAIN_HINTS)
    require_model(model)
    _require_ends(model)
    images = np.random.default_rng(3).random((3, 784), dtype=np.float32)
    try:
        output = output_of(student, model, images)
    except Raised as raised:
        _accuse_error(raised)
        raise
    if output.shape != (3, 784):
        message = f"For 3 images your model gives the shape {output.shape}; it should be (3, 784)."
        raise Wrong("wrong-output-shape", message, *CHAIN_HINTS)
    require_calm(student, model, images)
    _require_shared(student, model, (encoder, decoder), images)
    require_trainable(model)
    require_learning(student, model, 784)
    return "784 -> encoder -> decoder -> 784: one model, 209,968 parameters, shared with its two parts." + note


def _parts():
    """An encoder and a decoder as in exercises 2.1 and 2.2, with a linear code so that every weight counts."""

    def two_layers(name, size, units, activation):
        layers = [keras.layers.Dense(128, activation="relu"), keras.layers.Dense(units, activation=activation)]
        return keras.Sequential([keras.Input((size,)), *layers], name=name)

    return two_layers("encoder", 784, 32, "linear"), two_layers("decoder", 32, 784, "sigmoid")


def _built(student, encoder, decoder):
    """The student's model, and a note if it needs parts that have been called before."""
    try:
        return build(student, encoder, decoder), ""
    except Raised as raised:
        if "no defined" not in str(raised.error):
            _accuse_error(raised)
            raise
    for part in (encoder, decoder):
        part(part.inputs[0])
    try:
        model = build(student, encoder, decoder)
    except Raised as raised:
        _accuse_error(raised)
        raise
    return (
        model,
        " One thing: a Sequential model has no `.input` before it is called; an `Input` of your own always works.",
    )


def _accuse_error(raised):
    text = str(raised.error)
    sizes = re.search(r"(?:expected shape=\(None, |to have value )(\d+).*?\(\w+, ([\d, ]+)\)", text)
    if sizes:
        _accuse_sizes(int(sizes[1]), tuple(map(int, sizes[2].split(","))), raised)
    if "incompatible with the layer" in text:
        message = f"The sizes of the parts do not fit in this order. {raised.message}"
        raise Wrong("parts-exchanged", message, *CHAIN_HINTS)
    if "KerasTensor" in text or "Only input tensors" in text:
        message = (
            f"A model is made from tensors, an input and an output, and you give it something else. {raised.message}"
        )
        raise Wrong("not-tensors", message, *CHAIN_HINTS)


def _accuse_sizes(wanted, found, raised):
    """The mistake behind a part or layer that wants this many numbers and is given this shape."""
    if wanted == 784 and found not in [(32,), (128,)]:
        message = f"Your input has the shape {found}; a preprocessed image has (784,). {raised.message}"
        hints = ("The parts are made for what comes out of exercise 1.1: a vector.", "How many numbers has an image?")
        raise Wrong("wrong-input-shape", message, *hints)
    if 128 in (wanted, found[-1]):
        message = f"A layer that takes {wanted} numbers is given {found[-1]}: you leave out the one before it."
        hints = ("Inside a part each layer takes what the one before it gives.", CHAIN_HINTS[0])
        raise Wrong("layer-skipped", f"{message} {raised.message}", *hints)
    what = {784: "an image of 784 numbers", 32: "a code of 32 numbers"}
    part = "encoder" if wanted == 784 else "decoder"
    message = f"Your {part} is given {what.get(found[-1], f'the shape {found}')}; it takes {what.get(wanted, wanted)}."
    raise Wrong("parts-exchanged", f"{message} {raised.message}", *CHAIN_HINTS)


def _require_unchanged(name, part, weights, numbers, model):
    hints = ("Putting parts together should leave the parts as they are.", "What could contain both of them?")
    if model is part and len(part.weights) > 4:
        message = f"You turn the {name} you were given into the whole autoencoder; afterwards there is no {name} left."
        raise Wrong("parts-changed", message, *hints)
    if [id(weight) for weight in part.weights] != [id(weight) for weight in weights]:
        message = f"Your function changes the {name} it was given: afterwards it consists of other layers than before."
        raise Wrong("parts-changed", message, *hints)
    if not all(map(np.array_equal, part.get_weights(), numbers)):
        message = f"Your function changes the weights of the {name} it was given: what it has learnt would be lost."
        raise Wrong("parts-changed", message, hints[0], "Which line of yours sets or trains weights?")


def _require_ends(model):
    """Catch a model that is only one of the halves, built from their tensors."""
    ends = tuple(shape[-1] for shape in (getattr(model, end, None) for end in ("input_shape", "output_shape")) if shape)
    if ends == (784, 32):
        raise Wrong("only-encoder", "Your model ends at the code, with 32 numbers.", *CHAIN_HINTS)
    if ends == (32, 32):
        raise Wrong("parts-exchanged", "Your model begins with the decoder and ends with the encoder.", *CHAIN_HINTS)
    if ends == (32, 784):
        raise Wrong("only-decoder", "Your model begins at the code, with 32 numbers.", *CHAIN_HINTS)


def _require_shared(student, model, parts, images):
    """The model has to do what its parts do, also after their weights have changed."""
    encoder, decoder = parts

    output, chained = output_of(student, model, images), np.asarray(decoder(encoder(images)))
    separate = []
    for name, part in (("encoder", encoder), ("decoder", decoder)):
        before = output_of(student, model, images)
        for weight in part.weights:
            weight.assign(weight * 0.8 + 0.01)
        if same(output_of(student, model, images), before, 1e-5):
            separate.append(name)
    if separate:
        raise Wrong(
            "copies",
            f"Your model does not contain the {' and the '.join(separate)} it was given: when their weights change, "
            "its output stays the same.",
            *SHARE_HINTS,
        )
    extra = model.count_params() - encoder.count_params() - decoder.count_params()
    if extra < 0:
        message = f"Keras sees only {model.count_params():,} parameters in your model: it could not train the others."
        raise Wrong("weights-unknown", message, *KNOWN_HINTS)
    if extra > 0:
        message = (
            f"Your model has {extra:,} parameters more than encoder and decoder together: there is something else in "
            "it."
        )
        raise Wrong("extra-layers", message, *CHAIN_HINTS)
    if not same(output, chained, 1e-3):
        raise Wrong(
            "different-output",
            "Your model does not do what encoder and decoder do one after the other: its output goes from "
            f"{span(output)}, theirs from {span(chained)}.",
            *CHAIN_HINTS,
        )
