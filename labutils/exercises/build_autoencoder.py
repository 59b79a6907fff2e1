"""Exercise 2.3: encoder and decoder become one model that shares their weights."""

import re

import numpy as np

from labutils.asking import rng
from labutils.exercises import Exercise
from labutils.judging import Raised, Wrong, require_returned, same, span
from labutils.judging.models import (
    KNOWN_HINTS,
    accuse_builder,
    output_of,
    require_calm,
    require_learning,
    require_model,
    require_trainable,
)

EXERCISE = Exercise(
    number="2.3",
    signature="build_autoencoder(encoder, decoder)",
    check="autoencoder",
    reference="labutils.models",
)

PARTS = "encoder", "decoder"
SHAPES = {"encoder": [(784, 128), (128,), (128, 32), (32,)], "decoder": [(32, 128), (128,), (128, 784), (784,)]}


def weights(seed, part):
    """Kernels and biases of a part, float32, small enough that no sigmoid is at its end."""
    random = rng(seed, part)
    return [np.float32(random.normal(0, 1.5 / np.sqrt(shape[0]), shape)) for shape in SHAPES[part]]


def changed(numbers):
    """Other weights, which change what comes out."""
    return [np.float32(0.8 * each + 0.01) for each in numbers]


def questions(seed):
    """Images as vectors, float32 (3, 784), in 0..1."""
    return rng(seed, "images").random((3, 784), dtype=np.float32)


def ask(student, seed):
    from labutils.asking import models
    from labutils.asking.student import Stopped

    parts = {name: _part(name, seed) for name in PARTS}
    kept = {name: [id(weight) for weight in part.weights] for name, part in parts.items()}
    student.note("parts called before", False)
    try:
        model = models.build(student, "model", *parts.values())
    except Stopped:
        if "no defined" not in student.answers["model"].text:
            raise
        for part in parts.values():  # a Sequential model has an output only once it has been called
            part(part.inputs[0])
        student.note("parts called before", True)
        model = models.build(student, "model", *parts.values())
    for name, part in parts.items():
        same_ones = [id(weight) for weight in part.weights] == kept[name]
        same_numbers = same_ones and all(map(np.array_equal, part.get_weights(), weights(seed, name)))
        state = {"layers": len(part.weights), "same": same_ones, "unchanged": same_numbers, "returned": model is part}
        student.note(name, state)
    if model is None:
        return
    models.look(student, model)
    images = questions(seed)
    result = models.output(student, "output", model, images)
    models.count(student, model)
    if result.shape != (3, 784):
        return
    models.ask_calm(student, model, images)
    for name, part in parts.items():
        if len(part.weights) == len(SHAPES[name]):
            part.set_weights(changed(weights(seed, name)))
        models.output(student, f"output with another {name}", model, images)
    models.ask_learning(student, model, 784)


def _part(name, seed):
    """An encoder or a decoder as in exercises 2.1 and 2.2, with a linear code so that every weight counts."""
    import keras

    size, units, activation = (784, 32, "linear") if name == "encoder" else (32, 784, "sigmoid")
    layers = [keras.layers.Dense(128, activation="relu"), keras.layers.Dense(units, activation=activation)]
    part = keras.Sequential([keras.Input((size,)), *layers], name=name)
    part.set_weights(weights(seed, name))
    return part


# ----- judging -----

CHAIN_HINTS = (
    "Follow an image: it goes into the encoder, and what comes out of there goes into the decoder.",
    "A model can be called like a function. What goes into the first one, and what do you do with its result?",
)
SHARE_HINTS = (
    "When the autoencoder is trained, encoder and decoder should be trained too: they are its parts, not its patterns.",
    "Which encoder does your model contain: the argument itself, or something newly made?",
)
PARTS_HINTS = "Putting parts together should leave the parts as they are.", "What could contain both of them?"


def judge(answers, seed):
    try:
        require_returned(answers["model"])
    except Raised as raised:
        accuse_builder(raised)
        _accuse_error(raised)
        raise
    for name in PARTS:
        _require_unchanged(name, answers[name])
    require_model(answers)
    _require_ends(answers["ends"])
    try:
        output = output_of(answers, "output", 784)
    except Raised as raised:
        _accuse_error(raised)
        raise
    if output.shape != (3, 784):
        message = f"For 3 images your model gives the shape {output.shape}; it should be (3, 784)."
        raise Wrong("wrong-output-shape", message, *CHAIN_HINTS)
    require_calm(answers)
    _require_shared(answers, output, seed)
    require_trainable(answers["counts"])
    require_learning(answers)
    told = "784 -> encoder -> decoder -> 784: one model, 209,968 parameters, shared with its two parts."
    if answers["parts called before"]:
        told += (
            " One thing: a Sequential model has no `.input` before it is called; an `Input` of your own always works."
        )
    return told


def _accuse_error(raised):
    text = raised.failure.text
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


def _accuse_sizes(wanted, given, raised):
    """The mistake behind a part or layer that wants this many numbers and is given this shape."""
    if wanted == 784 and given not in [(32,), (128,)]:
        message = f"Your input has the shape {given}; a preprocessed image has (784,). {raised.message}"
        hints = ("The parts are made for what comes out of exercise 1.1: a vector.", "How many numbers has an image?")
        raise Wrong("wrong-input-shape", message, *hints)
    if 128 in (wanted, given[-1]):
        message = f"A layer that takes {wanted} numbers is given {given[-1]}: you leave out the one before it."
        hints = ("Inside a part each layer takes what the one before it gives.", CHAIN_HINTS[0])
        raise Wrong("layer-skipped", f"{message} {raised.message}", *hints)
    what = {784: "an image of 784 numbers", 32: "a code of 32 numbers"}
    part = "encoder" if wanted == 784 else "decoder"
    message = f"Your {part} is given {what.get(given[-1], f'the shape {given}')}; it takes {what.get(wanted, wanted)}."
    raise Wrong("parts-exchanged", f"{message} {raised.message}", *CHAIN_HINTS)


def _require_unchanged(name, part):
    if part["returned"] and part["layers"] > len(SHAPES[name]):
        message = f"You turn the {name} you were given into the whole autoencoder; afterwards there is no {name} left."
        raise Wrong("parts-changed", message, *PARTS_HINTS)
    if not part["same"]:
        message = f"Your function changes the {name} it was given: afterwards it consists of other layers than before."
        raise Wrong("parts-changed", message, *PARTS_HINTS)
    if not part["unchanged"]:
        message = f"Your function changes the weights of the {name} it was given: what it has learnt would be lost."
        raise Wrong("parts-changed", message, PARTS_HINTS[0], "Which line of yours sets or trains weights?")
    if part["returned"]:
        raise Wrong(f"only-{name}", f"You return the {name} alone.", *CHAIN_HINTS)


def _require_ends(ends):
    """Catch a model that is only one of the halves, built from their tensors."""
    sizes = tuple(ends[end][-1] for end in ("input_shape", "output_shape") if ends[end])
    if sizes == (784, 32):
        raise Wrong("only-encoder", "Your model ends at the code, with 32 numbers.", *CHAIN_HINTS)
    if sizes == (32, 32):
        raise Wrong("parts-exchanged", "Your model begins with the decoder and ends with the encoder.", *CHAIN_HINTS)
    if sizes == (32, 784):
        raise Wrong("only-decoder", "Your model begins at the code, with 32 numbers.", *CHAIN_HINTS)


def _require_shared(answers, output, seed):
    """The model has to do what its parts do, also after their weights have changed."""
    outputs = [output, *(output_of(answers, f"output with another {name}") for name in PARTS)]
    separate = [
        name for name, before, after in zip(PARTS, outputs, outputs[1:], strict=False) if same(before, after, 1e-5)
    ]
    if separate:
        raise Wrong(
            "copies",
            f"Your model does not contain the {' and the '.join(separate)} it was given: when their weights change, "
            "its output stays the same.",
            *SHARE_HINTS,
        )
    extra = answers["counts"]["parameters"] - 209_968
    if extra < 0:
        message = f"Keras sees only {extra + 209_968:,} parameters in your model: it could not train the others."
        raise Wrong("weights-unknown", message, *KNOWN_HINTS)
    if extra > 0:
        message = (
            f"Your model has {extra:,} parameters more than encoder and decoder together: there is something else."
        )
        raise Wrong("extra-layers", message, *CHAIN_HINTS)
    encoders, decoders = ([weights(seed, name), changed(weights(seed, name))] for name in PARTS)
    chained = [_chained(questions(seed), encoders[e], decoders[d]) for e, d in ((0, 0), (1, 0), (1, 1))]
    if not all(same(*pair, 1e-3) for pair in zip(outputs, chained, strict=True)):
        raise Wrong(
            "different-output",
            "Your model does not do what encoder and decoder do one after the other: its output goes from "
            f"{span(output)}, theirs from {span(chained[0])}.",
            *CHAIN_HINTS,
        )


def _chained(images, encoder, decoder):
    """What encoder and decoder with these weights do one after the other."""
    codes = np.maximum(images @ encoder[0] + encoder[1], 0) @ encoder[2] + encoder[3]
    return 1 / (1 + np.exp(-(np.maximum(codes @ decoder[0] + decoder[1], 0) @ decoder[2] + decoder[3])))
