"""Exercise 2.1: the encoder, from an image to its code."""

from labutils.asking.questions import FAR
from labutils.exercises import Exercise
from labutils.judging import models

EXERCISE = Exercise(number="2.1", signature="build_encoder()", check="encoder", reference="labutils.models")

SIZES = (784, 128, 32)


def ask(student, seed):
    from labutils.asking.models import ask_part

    ask_part(student, seed, SIZES)


# ----- judging -----


def judge(answers, seed):
    models.judge_part(answers, seed, SIZES, "decoder", _require_activations)
    models.require_learning(answers)
    return models.passed_part(answers, "784 -> 128 ReLU -> 32", 104_608)


def _require_activations(answers):
    models.require_free_code(answers)
    models.require_relu(models.probed(answers, "hidden") - FAR)
    models.require_plain_input(answers)
