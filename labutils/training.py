"""Compile, train, evaluate; and the trained autoencoder that one notebook hands to the next through artifacts/."""

import functools
import json
import math
import tempfile
import time
from pathlib import Path

import keras
import tensorflow as tf

from labutils import datasets, files, metrics, models

EPOCHS = 15  # the lab's default training
SEED = 0
WEIGHTS, RECORD = "model.weights.h5", "training.json"  # in artifacts/autoencoder


def compile_autoencoder(model, steps=1):
    """Adam and binary cross-entropy.

    Parameters
    ----------
    model : keras.Model
    steps : int
        Training steps of an epoch, if they are known: many of them then run in one go (see ``fast_settings``).

    Returns
    -------
    keras.Model, the same
    """
    model.compile(optimizer="adam", loss="binary_crossentropy", **fast_settings(steps))
    return model


def steps_per_epoch(examples, batch_size):
    """Steps that one pass over ``examples`` takes, the last and smaller batch included."""
    return math.ceil(examples / batch_size)


def train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch, epochs):
    """Train, and measure the loss on the test images after every epoch.

    Parameters
    ----------
    model : compiled keras.Model
    train_dataset : tf.data.Dataset of (input, target), repeated
    test_dataset : tf.data.Dataset of (input, target), finite
    steps_per_epoch, epochs : int

    Returns
    -------
    keras.callbacks.History, with ``"loss"`` and ``"val_loss"`` of every epoch in ``.history``
    """
    return _fit(model, train_dataset, test_dataset, steps_per_epoch, epochs, verbose=2)


def _fit(model, train_dataset, test_dataset, steps_per_epoch, epochs, **shown):
    return model.fit(
        train_dataset,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        validation_data=test_dataset,
        shuffle=False,  # the dataset is shuffled already
        **shown,
    )


def evaluate(model, test_dataset):
    """float: mean cross-entropy per pixel in nats, on a finite dataset."""
    return model.evaluate(test_dataset, verbose=0)


def fast_settings(steps=1):
    """What ``model.compile`` takes to spend its time on arithmetic. The losses stay the same.

    ``jit_compile`` lets XLA, a compiler, join the operations of a step: about 1.7 times faster on a CPU. It costs a few
    seconds before the first step, and is left out where XLA does not work. ``steps_per_execution`` runs many steps
    before Python gets a word in again. It must divide ``steps``, else Keras 3.15 rounds the epoch up, without a word.
    Callbacks still see the end of every epoch.

    Parameters
    ----------
    steps : int
        Training steps of an epoch; 1 if unknown.

    Returns
    -------
    dict, keyword arguments of ``keras.Model.compile``
    """
    at_once = max(divisor for divisor in range(1, min(steps, 500) + 1) if steps % divisor == 0)
    return {"jit_compile": _xla_works(), "steps_per_execution": at_once}


@functools.cache
def _xla_works():
    try:
        tf.function(lambda x: x + 1, jit_compile=True, autograph=False)(1.0)
    except (tf.errors.OpError, ValueError, RuntimeError):
        return False
    return True


def train_default(digits, epochs=EPOCHS, code_activation="relu", seed=SEED, *, callbacks=()):
    """The lab's autoencoder, trained on these digits with the fast pipeline.

    Parameters
    ----------
    digits : sources.Digits
    epochs : int
    code_activation : str
    seed : int
        Of the initial weights and of the order of the images.
    callbacks : sequence of keras.callbacks.Callback
        Such as a ``widgets.training_dashboard``. They show the training, so that no line is printed for each epoch.

    Returns
    -------
    model : keras.Model, trained
    history : dict, ``"loss"`` and ``"val_loss"`` of every epoch
    """
    (train_images, _), (test_images, _) = digits.arrays("train"), digits.arrays("test")
    steps = steps_per_epoch(len(train_images), 128)
    model = compile_autoencoder(models.build_default(code_activation, seed), steps)
    train_dataset = datasets.fast_train_dataset(train_images, seed=seed)
    test_dataset = datasets.fast_test_dataset(test_images)
    shown = {"verbose": 0, "callbacks": list(callbacks)} if callbacks else {"verbose": 2}
    return model, _fit(model, train_dataset, test_dataset, steps, epochs, **shown).history


def trained_autoencoder(digits):
    """The autoencoder that notebook 04 left, or one trained now if there is none that fits; says which.

    Parameters
    ----------
    digits : sources.Digits

    Returns
    -------
    model : keras.Model, trained
    history : dict, ``"loss"`` and ``"val_loss"`` of every epoch
    """
    folder = _folder()
    stale = _stale(folder, digits)
    if not stale:
        record = json.loads((folder / RECORD).read_text())
        model = models.build_default(seed=record["seed"])
        model.load_weights(folder / WEIGHTS)
        compile_autoencoder(model)
        print(f"The autoencoder of notebook 04: {record['epochs']} epochs on {record['data']}, {record['when']}.")
        return model, record["history"]
    print(f"{stale} Training one now: {EPOCHS} epochs on {digits.name}.", flush=True)
    model, history = train_default(digits)
    keep(model, history, digits)
    return model, history


def keep(model, history, digits, seed=SEED):
    """Leave a trained default autoencoder for the notebooks that follow, in artifacts/autoencoder.

    Parameters
    ----------
    model : keras.Model, as ``models.build_default`` makes it
    history : dict, ``"loss"`` and ``"val_loss"`` of every epoch
    digits : sources.Digits
        What it was trained on.
    seed : int

    Returns
    -------
    dict, what was written down beside the weights: data, losses, ladder, fingerprint
    """
    ladder = metrics.loss_ladder(digits.arrays("train")[0], digits.arrays("test")[0])
    record = {
        "data": digits.name,
        "reason": digits.reason,
        "test_loss": history["val_loss"][-1],
        "ladder": ladder,
        "epochs": len(history["loss"]),
        "seed": seed,
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "history": {name: [float(value) for value in values] for name, values in history.items()},
        "fingerprint": _fingerprint(digits, seed),
    }
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as aside:  # whole files only, whoever else is writing or reading
        model.save_weights(Path(aside, WEIGHTS))
        Path(aside, RECORD).write_text(json.dumps(record, indent=1))
        (folder / RECORD).unlink(missing_ok=True)  # without it the weights count for nothing
        for name in (WEIGHTS, RECORD):
            Path(aside, name).replace(folder / name)
    return record


def _stale(folder, digits):
    """Why what lies in the folder cannot be used, as a sentence; "" if it can."""
    try:
        found = json.loads((folder / RECORD).read_text())["fingerprint"]
    except (OSError, ValueError, KeyError):
        found = None
    if not found or not (folder / WEIGHTS).exists():
        return "No trained autoencoder here yet."
    wanted = _fingerprint(digits, SEED)
    changed = [f"{name} {found.get(name)}, now {wanted[name]}" for name in wanted if found.get(name) != wanted[name]]
    return f"The autoencoder of notebook 04 is stale ({'; '.join(changed)})." if changed else ""


def _fingerprint(digits, seed):
    return {
        "data": digits.fingerprint,
        "seed": seed,
        "shape": "784-128-32-128-784 relu",
        "versions": f"keras {keras.__version__}, tensorflow {tf.__version__}",
    }


def _folder():
    return files.artifacts() / "autoencoder"
