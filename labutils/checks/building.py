"""Calls a function that builds a model, and knows the usual mistakes behind what Keras says about it."""

import keras

from labutils.checks.verdict import Raised, Wrong


def build(student, *parts):
    """What the student's function returns; ``Wrong`` where Keras was set otherwise, which is undone."""
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    try:
        model = student(*parts)
        settings = [(floatx, keras.config.floatx()), (policy.name, keras.config.dtype_policy().name)]
    except Raised as raised:
        _accuse(raised)
        raise
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)
    for before, after in settings:
        if after != before:
            raise Wrong(
                "floatx-changed",
                f"Your function sets Keras from {before} to {after}, for everything that is made after it.",
                "A function that builds a model should leave everything else as it was.",
                "Which of your lines does not speak of your model, but of Keras as a whole?",
            )
    return model


def _accuse(raised):
    text = str(raised.error)
    if "to a shape" in text:
        hints = ("A shape is a tuple, even when it has one number.", "What makes a tuple in Python: the brackets?")
        raise Wrong("shape-not-a-tuple", raised.message, *hints) from None
    if "onnected" in text:  # Keras: "not connected to", older versions: "graph disconnected"
        raise Wrong(
            "disconnected",
            f"Keras finds no way from your input to your output. {raised.message}",
            "Every `Input` begins a way of its own, also one that looks just like another; so does every model.",
            "Follow the input you name through each call to the output you name: how many inputs does your code make? "
            "And which of the two does a `Model` want first?",
        ) from None
    if "to be a boolean" in text or "`name` must be" in text:  # for which Sequential takes all but its first argument
        message = "You give what belongs in the model one by one; Keras takes all but the first for settings."
        hints = (
            "A chain is one thing, however many links it has.",
            "Which brackets make several things one in Python?",
        )
        raise Wrong("list-missing", f"{message} {raised.message}", *hints) from None
