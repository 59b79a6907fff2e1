"""What every model of the lab has to be: one Keras model, that takes and gives vectors, learns, and adds no chance."""

import keras
import numpy as np

from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Wrong, same

SIZE_HINTS = (
    "Each dense layer turns the numbers it gets into as many as it has units.",
    "Draw the chain of sizes from what comes in to what goes out; each arrow is one layer.",
)
MODEL_HINTS = (
    "A model is a whole that can be called, trained and looked at; its parts alone are not.",
    "Look at what stands behind `return`: is it the model, or one of the things it is made of?",
)
KNOWN_HINTS = (
    "A model trains the layers that it knows as its own.",
    "Where are your layers made, and where does `__init__` keep what `call` uses?",
)


def require_model(model):
    """Raise ``Wrong`` unless this is one Keras model."""
    returned(model)
    if isinstance(model, keras.Model):
        return
    if isinstance(model, keras.KerasTensor):
        message = (
            f"You return a tensor, of shape {tuple(model.shape)}: what comes out of the last layer, not the model."
        )
        raise Wrong("tensor-returned", message, *MODEL_HINTS)
    if isinstance(model, keras.Layer):
        message = f"You return a single layer ({type(model).__name__}), not a model."
        raise Wrong("layer-returned", message, *MODEL_HINTS)
    if isinstance(model, (list, tuple, dict)):
        message = f"You return {kind_of(model)} of {len(model)}, where one model is wanted."
        raise Wrong("not-one-model", message, *MODEL_HINTS)
    what = f"the class `{model.__name__}`" if isinstance(model, type) else f"{kind_of(model)}"
    raise Wrong("not-a-model", f"You return {what}; a Keras model is wanted.", *MODEL_HINTS)


def output_of(student, model, inputs, **keywords):
    """The model's output as an array; ``Wrong`` where it does not take inputs of this shape or gives several."""
    try:
        output = student.attempt(lambda: model(inputs, **keywords))
    except Raised:
        shape = getattr(model, "input_shape", None)
        if isinstance(shape, tuple) and shape[1:] != inputs.shape[1:]:
            message = f"Your model takes inputs of shape {shape[1:]}; they will have {inputs.shape[1:]}."
            hints = ("What comes in has been made ready for the model before.", SIZE_HINTS[1])
            raise Wrong("wrong-input-shape", message, *hints) from None
        _accuse(model)
        raise
    if output is None:
        message = "Your model gives nothing back when it is called."
        raise Wrong("nothing-returned", message, "A model's `call` hands on only what it returns.", MODEL_HINTS[1])
    if isinstance(output, (list, tuple, dict)):
        message = f"Your model gives {kind_of(output)} of {len(output)}; one output on its own is wanted."
        raise Wrong("several-outputs", message, *MODEL_HINTS)
    return np.asarray(output)


def _accuse(model):
    """Name what is wrong with a model that cannot be called, if it is one of the usual mistakes."""
    ends = getattr(model, "inputs", None) or []
    if len(ends) > 1:
        message = f"Your model takes {len(ends)} inputs; one is wanted."
        hints = ("One image goes in, and one thing comes out.", "How often does your code say `Input`?")
        raise Wrong("several-inputs", message, *hints) from None
    for layer in model.layers:
        if isinstance(getattr(layer, "activation", None), type):
            refuse_class(f"Your activation is the class `{layer.activation.__name__}`, not something made from it.")


def refuse_class(message):
    """Raise ``Wrong`` for a class where something made from it is wanted."""
    raise Wrong(
        "class-not-object",
        message,
        "A class is the plan of a thing, not the thing: somebody has to build it.",
        "What turns the name of a class into an object?",
    ) from None


def require_full_precision(model, output):
    """Raise ``Wrong`` if numbers of 16 bits are at work."""
    kinds = {output.dtype.name, *(layer.compute_dtype for layer in model.layers), *(w.dtype for w in model.weights)}
    for kind in kinds & {"float16", "bfloat16"}:
        raise Wrong(
            "half-precision",
            f"Your model computes with {kind}, numbers of three digits or so; float32 is wanted.",
            "The exercise says nothing about kinds of numbers: Keras has a good one by itself.",
            "Which of your lines, or of an earlier cell, names another?",
        )


def require_trainable(model):
    """Raise ``Wrong`` if some weights are frozen."""
    total, trainable = model.count_params(), sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    if trainable < total:
        raise Wrong(
            "frozen",
            f"Of {total:,} parameters only {trainable:,} can be trained: the others are frozen.",
            "Training changes only what it is allowed to change.",
            "Is there a `trainable` somewhere in your code, or a layer that keeps numbers of its own?",
        )


def require_calm(student, model, inputs):
    """Raise ``Wrong`` if the model does something else in training, such as dropout."""
    if not same(
        output_of(student, model, inputs, training=True), output_of(student, model, inputs, training=False), 1e-3
    ):
        raise Wrong(
            "random-in-training",
            "In training your model gives another output than in use: some layer adds chance or statistics of its own.",
            "The exercise names all that the model consists of, and none of it adds chance.",
            "Go through your layers one by one: which of them does the exercise not name?",
        )
