"""Right and wrong answers to every exercise, as learners write them; each wrong one with the code it must get.

A check that misses a mistake or refuses a right answer gets a new entry here first, and is mended then. Where one can
doubt what is right, the entry says how it was decided.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a student might hand in, and the code that the check must give it."""

    handed_in: Any
    code: str
    name: str


def wrong(code):
    """Mark a function, or whatever else is handed in, as an answer that must get this code."""
    return lambda handed_in: Answer(handed_in, code, getattr(handed_in, "__name__", repr(handed_in)))


right = wrong("ok")


def right_answers(name):
    """The right answers to one exercise, by the name of the function that students write."""
    return [answer for answer in _answers(name) if answer.code == "ok"]


def wrong_answers(name):
    """The wrong answers to one exercise; for ``"common"`` those that can be handed in to any."""
    return [answer for answer in _answers(name) if answer.code != "ok"]


def _answers(name):
    return [value for value in vars(import_module(f"answers.{name}")).values() if isinstance(value, Answer)]
