"""Checks of the twelve exercises: each takes what the student wrote, never raises, and says what went wrong.

In a notebook::

    result = checks.preprocess(preprocess)
    display(result)
    preprocess = checks.carry_on(preprocess)
"""

from labutils.checks.exercises import EXERCISES
from labutils.checks.record import carry_on, progress, remember, stand_in
from labutils.checks.result import CheckResult
from labutils.checks.running import Clock, run
from labutils.checks.student import Student
from labutils.checks.verdict import Wrong

__all__ = [*EXERCISES, "CheckResult", "carry_on", "progress"]


def preprocess(function):
    """1.1 ``preprocess(image, label)``: uint8 (28, 28, 1) -> float32 (784,) in 0..1, as (input, target)."""
    return _check("preprocess", function)


def train_dataset(function):
    """1.2 ``make_train_dataset(dataset, batch_size=128)``: preprocessed, shuffled, batched, repeated."""
    return _check("train_dataset", function)


def test_dataset(function):
    """1.3 ``make_test_dataset(dataset, batch_size=128)``: preprocessed, batched, neither shuffled nor repeated."""
    return _check("test_dataset", function)


def encoder(function):
    """2.1 ``build_encoder()``: 784 -> 128 ReLU -> 32."""
    return _check("encoder", function)


def decoder(function):
    """2.2 ``build_decoder()``: 32 -> 128 ReLU -> 784 sigmoid."""
    return _check("decoder", function)


def autoencoder(function):
    """2.3 ``build_autoencoder(encoder, decoder)``: one model of both, sharing their weights."""
    return _check("autoencoder", function)


def pixel_cross_entropy(function):
    """3.1 ``pixel_cross_entropy(target, output)``: mean binary cross-entropy of two arrays, finite at 0 and 1."""
    return _check("pixel_cross_entropy", function)


def compiled(function):
    """3.2 ``compile_autoencoder(model)``: Adam and binary cross-entropy; returns the model."""
    return _check("compiled", function)


def steps_per_epoch(function):
    """4.1 ``steps_per_epoch(examples, batch_size)``: steps that one pass over a repeated dataset takes."""
    return _check("steps_per_epoch", function)


def training(function):
    """4.2 ``train_autoencoder(model, train_dataset, test_dataset, steps_per_epoch, epochs)`` -> Keras History."""
    return _check("training", function)


def reconstruct(function):
    """5.1 ``reconstruct(model, images)``: uint8 (n, 28, 28, 1) -> float32 (n, 28, 28) in 0..1."""
    return _check("reconstruct", function)


def reconstruction_error(function):
    """5.2 ``reconstruction_error(images, reconstructions)``: mean squared error of each image, shape (n,)."""
    return _check("reconstruction_error", function)


def _check(name, function):
    exercise = EXERCISES[name]
    if (standing_in := stand_in(exercise, function)) is not None:
        return standing_in
    judge, clock = exercise.judge(), Clock()
    student = Student(function, exercise, clock)

    def verdict():
        student.require_attempt()
        return judge(student)

    found = run(verdict, clock)
    heading = f"{exercise.number} {exercise.name}"
    if isinstance(found, Wrong):
        result = CheckResult(False, found.code, found.message, "\n".join(found.hints), heading)
    else:
        result = CheckResult(True, "ok", found, "", heading)
    remember(exercise, function, result)
    return result
