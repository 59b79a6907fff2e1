"""How a judge says what is wrong: by raising ``Wrong``, and by comparing a value with what the usual mistakes give."""

from dataclasses import dataclass
from typing import Any

import numpy as np


class Wrong(Exception):
    """What a judge found: a stable code, a message with the numbers seen, and hints in steps."""

    def __init__(self, code, message, *hints):
        super().__init__(message)
        self.code, self.message, self.hints = code, message, hints


class Raised(Wrong):
    """The student's code raised; ``error`` is what it raised, in case a judge knows the mistake behind it."""

    def __init__(self, error, *args):
        super().__init__(*args)
        self.error = error


READ_THE_ERROR = (
    "The last line of an error says what was wrong; the numbers in it are shapes or kinds of number.",
    "Call your function yourself in a new cell, with one example, and print shape and dtype after each step.",
)


@dataclass
class Suspect:
    """A usual mistake: ``value`` is what one gets by making it."""

    value: Any
    code: str
    message: str
    hints: tuple = ()


def accuse(seen, suspects, tolerance=1e-4):
    """Raise ``Wrong`` for the first suspect whose value is what was seen, up to a relative and absolute tolerance."""
    for suspect in suspects:
        if same(seen, suspect.value, tolerance):
            raise Wrong(suspect.code, suspect.message, *suspect.hints)


def same(seen, expected, tolerance=1e-4):
    """Whether two arrays have one shape and finite, nearly equal values."""
    try:
        seen, expected = np.asarray(seen).astype(np.float64), np.asarray(expected).astype(np.float64)
    except (TypeError, ValueError):
        return False
    return seen.shape == expected.shape and np.allclose(seen, expected, rtol=tolerance, atol=tolerance)


def span(values):
    """The range of an array in words: ``"0 to 255"``."""
    return f"{np.min(values):.4g} to {np.max(values):.4g}"
