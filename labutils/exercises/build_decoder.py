"""Exercise 2.2: the decoder, from a code to an image."""

import numpy as np

from labutils.exercises import Exercise
from labutils.judging import models

EXERCISE = Exercise(number="2.2", signature="build_decoder()", check="decoder", reference="labutils.models")

SIZES = (32, 128, 784)


def ask(student, seed):
    from labutils.asking.models import ask_part

    ask_part(student, seed, SIZES)


# ----- judging -----


def judge(answers, seed):
    models.judge_part(answers, seed, SIZES, "encoder", _require_activations)
    models.require_learning(answers, passes_on=True)
    return models.passed_part(answers, "32 -> 128 ReLU -> 784 sigmoid", 105_360)


def _require_activations(answers):
    models.require_sigmoid(models.probed(answers, "last"))
    output = models.probed(answers, "hidden")
    models.require_relu(10 * np.log(output / (1 - output)))  # what went into the sigmoid, and that was a tenth
