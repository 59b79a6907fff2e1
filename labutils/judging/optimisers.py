"""How Adam moves weights, and how long its steps may be; for the judges of compiling and of training."""

import numpy as np

LOWEST_RATE, HIGHEST_RATE = 1e-5, 0.03


def adam(slopes, steps, rates, beta_1, beta_2, epsilon):
    """Where Adam takes weights that begin at 0, as Keras has it.

    Parameters
    ----------
    slopes : array (n, ...)
        Of the loss for the weights, one after the other.
    steps : n int
        What the optimiser's ``iterations`` says before each.
    rates : n float
        The learning rate at each.
    beta_1, beta_2, epsilon : float

    Returns
    -------
    float64 (n, ...), the weights after each
    """
    weights, mean, square, after = 0, 0, 0, []
    for slope, step, rate in zip(slopes.astype(np.float64), steps, rates, strict=True):
        mean = beta_1 * mean + (1 - beta_1) * slope
        square = beta_2 * square + (1 - beta_2) * slope**2
        length = rate * np.sqrt(1 - beta_2 ** (step + 1)) / (1 - beta_1 ** (step + 1))
        weights = weights - length * mean / (np.sqrt(square) + epsilon)
        after.append(weights)
    return np.array(after)
