"""What training asks of a model: that it works where Keras trains it, and that corrections reach all its weights."""

import numpy as np
import tensorflow as tf

from labutils.checks.verdict import Raised, Wrong

WAY_BACK_HINTS = (
    "Training sends corrections backwards: from the output through every step to the weights that stand before it.",
    "Go through your steps from the end: which one gives numbers forwards, but cannot say how they came about?",
)


def require_learning(student, model, size, passes_on=False):
    """Raise ``Wrong`` unless Keras can train the whole model, and what stands before it if it ``passes_on``."""
    who = "Called with numbers your model works. Keras trains it with placeholders for them, and there it stops"
    try:
        *reached, passed_on = student.attempt(lambda: _reached(model, size), who=who)
    except Raised as raised:
        raise Wrong(
            "only-on-numbers",
            raised.message,
            "Before it trains, Keras goes through your steps once, without numbers, and writes down what to do.",
            "Which step wants to see the numbers themselves? Which operation of Keras does the same without?",
        ) from None
    sizes = [int(np.prod(weights.shape)) for weights in model.trainable_weights]
    cut = sum(size for size, has_way in zip(sizes, reached, strict=True) if not has_way)
    if cut:
        message = f"Training would never change {cut:,} of your {sum(sizes):,} parameters: no correction reaches them."
        raise Wrong("no-way-back", message, *WAY_BACK_HINTS)
    if passes_on and not passed_on:
        message = "No correction gets through your model to its input: what stands before it would never learn."
        raise Wrong("no-way-back", message, *WAY_BACK_HINTS)


def _reached(model, size):
    """Whether a correction reaches each of the weights, and the input; one of 0, as of a dead unit, counts."""
    found = []

    @tf.function(autograph=False, input_signature=[tf.TensorSpec((None, size), tf.float32)])  # as `fit` does it
    def step(inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = model(inputs, training=True)
        corrections = tape.gradient(output, [*model.trainable_weights, inputs])
        found.extend(correction is not None for correction in corrections)

    step.get_concrete_function()
    return found
