"""Asks a function that builds a model, and looks into what it built: weights, outputs, and the way of corrections."""

import itertools

import keras
import numpy as np
import tensorflow as tf

from labutils.asking import rng
from labutils.asking.questions import FAR, PROBES, random_weights
from labutils.asking.student import Stopped
from labutils.asking.values import seen


def build(student, name, *parts):
    """The model that the student's function builds; None if it is no model.

    Writes down under ``name`` what it is, and under ``"settings"`` whether Keras was set otherwise, which is undone.
    """
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    try:
        model = student.call(name, *parts)
        student.note("settings", [[floatx, keras.config.floatx()], [policy.name, keras.config.dtype_policy().name]])
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)
    is_model = isinstance(model, keras.Model)
    if is_model:
        student.note(name, "model")
    elif isinstance(model, keras.KerasTensor):
        student.note(name, {"tensor of shape": [size if size is None else int(size) for size in model.shape]})
    elif isinstance(model, keras.Layer):
        student.note(name, {"layer": type(model).__name__})
    else:
        student.note(name, seen(model))
    return model if is_model else None


def look(student, model):
    """Write down what Keras says of a model, before it was ever called."""
    ends = {"inputs": len(getattr(model, "inputs", None) or [])}
    for end in ("input_shape", "output_shape"):
        shape = getattr(model, end, None)
        ends[end] = [*shape[1:]] if isinstance(shape, tuple) and all(type(s) is int for s in shape[1:]) else None
    classes = [layer.activation.__name__ for layer in model.layers if isinstance(getattr(layer, "activation", 0), type)]
    student.note("ends", {**ends, "activation classes": classes})


def count(student, model):
    """Write down sizes, parameters and kinds of number, once the model has been called."""
    weights = model.weights
    kinds = {*(layer.compute_dtype for layer in model.layers), *(weight.dtype for weight in weights)}
    student.note(
        "counts",
        {
            "chain": chain(model),
            "kernels": sorted([*w.shape] for w in weights if len(w.shape) == 2),
            "weights": len(weights),
            "parameters": int(model.count_params()),
            "trainable": sum(int(np.prod(w.shape)) for w in model.trainable_weights),
            "kinds": sorted(map(str, kinds)),
            "same start": any(
                w.shape[-1] > 1 and np.ptp(w.numpy(), -1).max() == 0 for w in weights if len(w.shape) == 2
            ),
        },
    )


def chain(model):
    """The sizes of the dense layers, one after the other, such as [784, 128, 32]."""
    kernels = [tuple(weight.shape) for weight in model.weights if len(weight.shape) == 2]
    return [kernels[0][0], *(kernel[1] for kernel in kernels)] if kernels else []


def output(student, name, model, inputs, **keywords):
    """The output of the model as an array, which is written down; ``Stopped`` where there is none."""
    result = student.attempt(name, lambda: model(inputs, **keywords))
    student.note(name, seen(result))
    if result is None or isinstance(result, list | tuple | dict):
        raise Stopped
    return np.asarray(result)


def ask_calm(student, model, inputs):
    """In training and in use."""
    for name, training in (("in training", True), ("in use", False)):
        output(student, name, model, inputs, training=training)


def ask_learning(student, model, size):
    """Whether Keras can train the model, and corrections reach each of its weights, and its input.

    A correction of 0, as of a dead unit, counts.
    """
    found = []

    @tf.function(autograph=False, input_signature=[tf.TensorSpec((None, size), tf.float32)])  # as `fit` does it
    def step(inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            result = model(inputs, training=True)
        corrections = tape.gradient(result, [*model.trainable_weights, inputs])
        found.extend(correction is not None for correction in corrections)

    who = "Called with numbers your model works. Keras trains it with placeholders for them, and there it stops"
    student.attempt("reached", step.get_concrete_function, who=who)
    sizes = [int(np.prod(weights.shape)) for weights in model.trainable_weights]
    student.note("reached", [*zip(sizes, found[:-1], strict=True)])
    student.note("input reached", found[-1])


def ask_part(student, seed, sizes):
    """All there is to ask of a model of two dense layers, such as (784, 128, 32)."""
    model = build(student, "model")
    if model is None:
        return
    look(student, model)
    student.note("chain at first", chain(model))
    inputs = rng(seed, "inputs").random((3, sizes[0]), dtype=np.float32)
    result = output(student, "output", model, inputs)
    student.note("kind of output", result.dtype.name)
    count(student, model)
    if result.shape != (3, sizes[2]):
        return
    ask_calm(student, model, inputs)
    again = build(student, "again")
    theirs = again.weights if again is not None else []
    student.note("shares weights", any(mine is other for mine in model.weights for other in theirs))
    probe = Probe(student, model, sizes)
    student.note("probed", probe.works)
    if probe.works:
        probe.ask(seed)
    ask_learning(student, model, sizes[0])


class Probe:
    """Watches single units of a model of two dense layers by setting its weights; always puts them back."""

    def __init__(self, student, model, sizes):
        self._student, self._model, self._sizes = student, model, sizes
        self._shapes = [sizes[:2], sizes[1:2], sizes[1:], sizes[2:]]
        both_ways = [(shape, shape[::-1]) for shape in self._shapes]  # some write (out, in), as PyTorch does
        self._weights = [[w for w in model.weights if tuple(w.shape) in shapes] for shapes in both_ways]
        self.works = [len(found) for found in self._weights] == [1, 1, 1, 1]

    def ask(self, seed):
        """Write down outputs for weights of which each shows one thing, and for random ones."""
        wide, narrow = max(self._sizes[0], self._sizes[2]), self._sizes[2] < self._sizes[0]
        base, slope = (FAR, 1) if narrow else (0, 0.1)
        probes = {size: np.resize(PROBES, size) for size in self._sizes}
        eyes = [np.eye(*shape, dtype=np.float32) for shape in itertools.pairwise(self._sizes)]
        self._note("last", last_bias=probes[self._sizes[2]])
        if narrow:
            self._note("last far", last_bias=FAR + probes[self._sizes[2]])
        self._note("hidden", hidden_bias=probes[self._sizes[1]], last=slope * eyes[1], last_bias=base)
        if narrow:
            pixels = np.linspace(0, 1, wide, dtype=np.float32)
            self._note("input", pixels, hidden=eyes[0], last=eyes[1], last_bias=base)
        self._note("whole", *random_weights(seed, self._sizes))

    def _note(self, name, inputs=0, hidden=0, hidden_bias=0, last=0, last_bias=0):
        variables = [found[0] for found in self._weights]
        before = [variable.numpy() for variable in variables]
        try:
            values = (hidden, hidden_bias, last, last_bias)
            for variable, value, shape in zip(variables, values, self._shapes, strict=True):
                value = np.broadcast_to(np.float32(value), shape)
                variable.assign(value if tuple(variable.shape) == shape else value.T)
            inputs = np.broadcast_to(np.float32(inputs), (1, self._sizes[0]))
            output(self._student, f"probe {name}", self._model, inputs)
        finally:
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)
