"""Checks of the exercises: each takes what the student wrote, never raises, and says what went wrong.

In a notebook::

    result = checks.preprocess(preprocess)
    display(result)
    preprocess = checks.carry_on(preprocess)

There is one for each file in ``labutils/exercises``, and in a folder ``exercises`` beside the notebook.
"""

import functools
from pathlib import Path

from labutils import exercises
from labutils.asking import student
from labutils.checks.record import carry_on, progress, remember, stand_in
from labutils.checks.result import CheckResult
from labutils.judging import Wrong, judge

SEED = 0  # of the questions: a check always finds the same


def check(exercise, function):
    """Ask a function, judge its answers, and keep the result for ``carry_on`` and ``progress``.

    Parameters
    ----------
    exercise : exercises.Exercise
    function : whatever the student has under the exercise's name

    Returns
    -------
    CheckResult
    """
    if (standing_in := stand_in(exercise, function)) is not None:
        return standing_in
    record = student.ask(function, exercise.signature, exercise.ask, SEED)
    result = result_of(exercise, judge(exercise, record, SEED))
    remember(exercise, function, result)
    return result


def result_of(exercise, verdict):
    """What a student is told of a verdict, Passed or Wrong: a CheckResult."""
    if isinstance(verdict, Wrong):
        return CheckResult(False, verdict.code, verdict.message, "\n".join(verdict.hints), exercise.heading)
    return CheckResult(True, "ok", verdict.message, "", exercise.heading)


def _by_check():
    return {exercise.check: exercise for exercise in exercises.found(Path.cwd()).values()}


def __getattr__(name):
    exercise = None if name.startswith("_") else _by_check().get(name)
    if exercise is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    function = functools.partial(check, exercise)
    function.__doc__ = f"{exercise.heading}: {exercise.module.__doc__}"
    return function


def __dir__():
    return [*_by_check(), "CheckResult", "carry_on", "progress"]


__all__ = ["CheckResult", "carry_on", "progress"]  # and the checks themselves, see above
