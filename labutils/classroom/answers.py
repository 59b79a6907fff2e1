"""Asks a student's function the questions, and packs what it answers; runs where the student's code runs.

So nothing here is to be trusted, nor needs to be: who wants to pass has to answer right, and `proof` judges elsewhere.
"""

import base64
import io
import itertools
import math
import zlib

import keras
import numpy as np
import tensorflow as tf

from labutils.classroom import questions
from labutils.tuning import untuned


class Unaskable(Exception):
    """A model keeps its weights in a way that the questions cannot set, which is no mistake; the message says which."""


def ask(check, function, seed):
    """What a function answers, as text.

    Parameters
    ----------
    check : str
        As in ``labutils.checks.EXERCISES``.
    function : callable
    seed : int

    Returns
    -------
    str or None
        For ``proof.confirm``; None if there are no questions for this exercise.

    Raises
    ------
    Unaskable
        And whatever the function raises.
    """
    if check not in QUESTIONERS:
        return None
    answers = {name: np.asarray(answer) for name, answer in QUESTIONERS[check](function, seed).items()}
    packed = io.BytesIO()
    np.savez(packed, **answers)
    return base64.b64encode(zlib.compress(packed.getvalue(), 1)).decode()


def _preprocess(function, seed):
    images = questions.images(seed, "preprocess", 20)
    dataset = untuned(tf.data.Dataset.from_tensor_slices((images, questions.labels(20)))).map(function)
    inputs, targets = zip(*dataset.as_numpy_iterator(), strict=True)
    return {"inputs": np.stack(inputs), "targets": np.stack(targets)}


def _train_dataset(function, seed):
    return _batches(function, seed, "train_dataset", questions.TRAIN_IMAGES, questions.PASSES * questions.TRAIN_IMAGES)


def _test_dataset(function, seed):
    return _batches(function, seed, "test_dataset", questions.TEST_IMAGES, 2 * questions.TEST_IMAGES)


def _batches(function, seed, exercise, count, enough):
    images, labels = questions.images(seed, exercise, count), questions.labels(count)
    source = untuned(tf.data.Dataset.from_tensor_slices((images, labels)))
    answers = {}
    for number, size in enumerate(questions.BATCHES):
        inputs, targets, sizes = [], [], []
        for batch in function(source, size).as_numpy_iterator():
            inputs.append(batch[0])
            targets.append(batch[1])
            sizes.append(len(batch[0]))
            if sum(sizes) >= enough or (number and len(sizes) == 4):  # the second size is asked for a few batches only
                break
        answers |= {f"inputs{number}": np.concatenate(inputs), f"targets{number}": np.concatenate(targets)}
        answers[f"sizes{number}"] = sizes
    return answers


def _encoder(function, seed):
    return _part(function(), seed, "encoder", (784, 128, 32))


def _decoder(function, seed):
    return _part(function(), seed, "decoder", (32, 128, 784))


def _part(model, seed, exercise, sizes):
    vectors = questions.vectors(seed, exercise, (8, sizes[0]))
    model(vectors)  # some models have no weights before
    shapes = [tuple(weight.shape) for weight in model.weights]
    usual = [shape for size, units in itertools.pairwise(sizes) for shape in ((size, units), (units,))]
    if sorted(shapes) != sorted(usual) and sum(map(math.prod, shapes)) == sum(map(math.prod, usual)):
        raise Unaskable(f"its weights have the shapes {', '.join(map(str, shapes))}")
    _give_weights(model, seed, exercise)
    return {"outputs": model(vectors), "parameters": model.count_params()}


def _give_weights(model, seed, exercise):
    shapes = sorted(tuple(weight.shape) for weight in model.weights)
    wanted = dict(zip(shapes, questions.weights(seed, exercise, shapes), strict=True))
    for weight in model.weights:
        weight.assign(wanted[tuple(weight.shape)])


def _autoencoder(function, seed):
    encoder, decoder = _halves()
    model = function(encoder, decoder)
    vectors, answers = questions.vectors(seed, "autoencoder", (6, 784)), {}
    model(vectors)
    for time in ("first", "second"):  # a model that shares its parts' weights changes with them
        for part in (encoder, decoder):
            _give_weights(part, seed, f"{part.name} {time}")
        answers[time] = model(vectors)
    return {**answers, "parameters": model.count_params()}


def _halves():
    layers = keras.layers
    encoder = keras.Sequential(
        [keras.Input((784,)), layers.Dense(128, activation="relu"), layers.Dense(32)], name="encoder"
    )
    decoder = keras.Sequential(
        [keras.Input((32,)), layers.Dense(128, activation="relu"), layers.Dense(784, activation="sigmoid")],
        name="decoder",
    )
    for part in (encoder, decoder):
        part(part.inputs[0])  # a Sequential model has no `.input` before
    return encoder, decoder


def _pixel_cross_entropy(function, seed):
    return {"losses": [float(function(target, output)) for target, output in questions.pixel_pairs(seed)]}


def _compiled(function, seed):
    model = _one_layer()
    model.set_weights(questions.weights(seed, "compiled", [(16, 16), (16,)]))
    images = questions.steep(seed)
    model = function(model)
    # `train_on_batch` would take longer, as it prepares for many
    losses = [model.train_step((images, images))["loss"] for _ in range(questions.ADAM_STEPS)]
    return {"loss": losses[0], "kernel": model.get_weights()[0]}


def _one_layer():
    inputs = keras.Input((16,))
    outputs = keras.layers.Dense(16, activation="sigmoid", name="decoder")(inputs)  # a loss may go by the lab's name
    return keras.Model(inputs, outputs)


def _steps_per_epoch(function, seed):
    return {"steps": [float(function(int(n), int(batch))) for n, batch in questions.counts(seed)]}


def _training(function, seed):
    model = _one_layer()
    model.set_weights([np.zeros((16, 16)), np.zeros(16)])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", run_eagerly=True)  # tracing would take longer
    train, test = (untuned(tf.data.Dataset.from_tensor_slices((x, x))).batch(10) for x in questions.lessons(seed))
    endless = train.repeat(50)  # as good as: who does not say how long an epoch is would have no end
    history = function(model, endless, test, questions.STEPS, questions.EPOCHS).history
    kernel, bias = model.get_weights()
    return {"kernel": kernel, "bias": bias, "losses": history["loss"], "test_losses": history["val_loss"]}


def _reconstruct(function, seed):
    model = keras.Sequential([keras.Input((784,)), *_halves()])
    for part in model.layers:
        _give_weights(part, seed, f"{part.name} reconstruct")
    return {"pictures": function(model, questions.images(seed, "reconstruct", 40))}


def _reconstruction_error(function, seed):
    return {"errors": function(*questions.pictures(seed))}


QUESTIONERS = {
    "preprocess": _preprocess,
    "train_dataset": _train_dataset,
    "test_dataset": _test_dataset,
    "encoder": _encoder,
    "decoder": _decoder,
    "autoencoder": _autoencoder,
    "pixel_cross_entropy": _pixel_cross_entropy,
    "compiled": _compiled,
    "steps_per_epoch": _steps_per_epoch,
    "training": _training,
    "reconstruct": _reconstruct,
    "reconstruction_error": _reconstruction_error,
}
