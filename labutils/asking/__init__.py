"""Everything that runs beside a student's code: it asks, and writes down what it sees. It never judges.

In a notebook that is the kernel, in grading the sandbox, and there nothing that comes out of it is believed. It does
not have to be: what comes out are answers, plain values such as arrays, numbers and text, to questions that nobody
knew before (``questions`` by a fresh seed). A student's code that takes this folder over can change the answers as it
likes. But the judging half of an exercise sees the answers alone, in a process in which no student's code ever ran,
and the lab's own solution of the exercise is not there to be asked; so what passes is a right answer, whoever gave it.
"""

import numpy as np


def rng(seed, name=""):
    """The random numbers behind a question: the same for the half that asks and for the half that judges.

    Parameters
    ----------
    seed : int
    name : str
        Different names give different numbers.

    Returns
    -------
    numpy.random.Generator
    """
    return np.random.default_rng([seed, *name.encode()])
