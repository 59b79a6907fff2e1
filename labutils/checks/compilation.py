"""Judges exercise 3.2: a model is given an optimiser and a loss."""

import keras
import numpy as np
import tensorflow as tf

from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Suspect, Wrong, accuse, same

LOWEST_RATE, HIGHEST_RATE = 1e-5, 0.03
COMPILING_SECONDS = 4  # who asks TensorFlow whether XLA works waits for the answer

LOSS_HINTS = (
    "Each pixel is a question of its own: how much ink, between none and full? Which loss asks that of every output?",
    "Compare the name of your loss with the one you programmed in exercise 3.1, and with what the last layer puts out.",
)
OPTIMISER_HINTS = (
    "The optimiser decides how each weight moves; the text above names the one we use.",
    "Look at the first thing you tell `compile`: what is it called, and how large are its steps?",
)
RATE_HINTS = (
    "Too long a step jumps over the valley, too short a one never arrives.",
    "What does Adam do when nobody tells it how long its steps are?",
)


def compiled(student):
    """Judge ``compile_autoencoder(model)``; returns what to say when it is right."""
    model = keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(4, activation="relu"), keras.layers.Dense(784, activation="sigmoid")]
    )
    try:
        result = student(model, seconds=COMPILING_SECONDS)
    except Raised as raised:
        if "interpret" in str(raised.error) and "<class" in str(raised.error):
            _refuse_class(raised.message)
        raise
    _require_model_back(result, model)
    if not model.compiled:
        message = "The model comes back as it was: it has neither optimiser nor loss."
        hints = ("A model has to be told how to learn before it can.", "A Keras model has a method that takes both.")
        raise Wrong("not-compiled", message, *hints)
    _require_loss(student, model)
    _require_adam(model.optimizer)
    if len(model.trainable_weights) < len(model.weights):
        hints = (
            "Training changes only what it is allowed to change.",
            "Is there a `trainable` somewhere in your code?",
        )
        raise Wrong("frozen", "Some weights of the model are frozen now.", *hints)
    images = np.random.default_rng(5).random((2, 784), dtype=np.float32)
    student.attempt(model.compute_metrics, images, images, images)  # Keras looks at their names only now
    return "Adam, and the binary cross-entropy of each pixel."


def _require_model_back(result, model):
    if result is model:
        return
    if result is None and model.compiled:
        raise Wrong(
            "nothing-returned",
            "You compile the model, but your function returns `None`.",
            "`compile` changes the model and gives nothing back itself.",
            "What should stand behind `return`, so that the next cell can go on with it?",
        )
    returned(result)
    what = "another model than the one you were given" if isinstance(result, keras.Model) else kind_of(result)
    raise Wrong(
        "another-model",
        f"You return {what}.",
        "The weights are in the model you were given: it should be the one that is compiled and handed back.",
        "Look at what stands behind `return`: is it the argument of your function?",
    )


def _require_loss(student, model):
    rng = np.random.default_rng(6)
    target, output = (
        keras.ops.convert_to_tensor(rng.uniform(0.02, highest, (4, 784)), "float32") for highest in (0.5, 0.7)
    )
    if model.loss is None:
        raise Wrong("no-loss", "The model is compiled without a loss: it has nothing to make smaller.", *LOSS_HINTS)
    if isinstance(model.loss, type):
        _refuse_class(f"Your loss is the class `{_name(model.loss)}` itself.")
    try:
        loss, slope = student.attempt(_loss_and_slope, model, target, output)
    except Raised as raised:
        if any(sign in str(raised.error).lower() for sign in ("numpy", "symbolic", "unknown rank")):
            _refuse_unlearnable(f"Your loss ({_name(model.loss)}) cannot be used in training. {raised.message}")
        message = f"Keras cannot use your loss ({_name(model.loss)}) here. {raised.message}"
        raise Wrong("wrong-loss", message, *LOSS_HINTS) from None
    if slope is None:
        _refuse_unlearnable(f"Your loss ({_name(model.loss)}) gives a number, but not the way to a smaller one.")
    losses = keras.losses
    right = float(losses.BinaryCrossentropy()(target, output))
    if same(loss, right, 1e-3):
        return

    def suspect(function, code, message, hints=LOSS_HINTS):
        return Suspect(float(function(target, output)), code, message, hints)

    logits = "Your loss takes the outputs for raw scores (logits) and puts them through a sigmoid once more."
    logits_hints = ("What has the last layer of the decoder done to its numbers already?", LOSS_HINTS[1])
    squeezed = "Your loss is that of a classifier, where all outputs compete for a sum of 1; pixels do not."
    accuse(
        loss,
        [
            suspect(losses.BinaryCrossentropy(from_logits=True), "from-logits", logits, logits_hints),
            suspect(
                losses.MeanSquaredError(), "squared-error", "Your loss is the squared error, not the cross-entropy."
            ),
            suspect(
                losses.MeanAbsoluteError(), "absolute-error", "Your loss is the absolute error, not the cross-entropy."
            ),
            suspect(losses.CategoricalCrossentropy(), "categorical", squeezed),
            suspect(losses.CategoricalCrossentropy(from_logits=True), "categorical", squeezed),
            suspect(
                losses.BinaryCrossentropy(reduction="sum"),
                "summed",
                "Your loss adds up the images of a batch: it grows with the batch size.",
            ),
            suspect(lambda t, o: right * 784, "summed", "Your loss adds up all pixels of an image."),
            suspect(lambda t, o: right * 784 * 4, "summed", "Your loss adds up all pixels of all images."),
            suspect(lambda t, o: -right, "negative", "Your loss has the wrong sign: better pictures would cost more."),
            suspect(
                lambda t, o: losses.BinaryCrossentropy()(o, t),
                "arguments-exchanged",
                "Target and output are exchanged in your loss.",
            ),
            *(
                suspect(
                    losses.BinaryCrossentropy(label_smoothing=s),
                    "label-smoothing",
                    "Your loss smooths the targets: pure black and white would count as mistakes.",
                )
                for s in (0.05, 0.1, 0.2)
            ),
        ],
    )
    name = _name(model.loss)
    message = f"Your loss ({name}) gives {loss:.4f} for a test batch; binary cross-entropy gives {right:.4f}."
    raise Wrong("wrong-loss", message, *LOSS_HINTS)


def _loss_and_slope(model, target, output):
    """The loss as training computes it, and its gradient for the output, None if it has none."""

    @tf.function(autograph=False)
    def compute(target, output):
        with tf.GradientTape() as tape:
            tape.watch(output)
            loss = model.compute_loss(target, target, output)
        return loss, tape.gradient(loss, output)

    loss, slope = compute(target, output)
    return float(loss), slope


def _refuse_unlearnable(message):
    raise Wrong(
        "loss-without-slope",
        message,
        "To learn, TensorFlow has to see every step from the output to the loss, and NumPy hides them.",
        "Keras has this loss already: under which name?",
    )


def _refuse_class(message):
    raise Wrong(
        "class-not-object",
        message,
        "A class is the plan of a thing, not the thing: somebody has to build it.",
        "What turns the name of a class into an object?",
    )


def _require_adam(optimizer):
    if not isinstance(optimizer, keras.optimizers.Adam):
        message = f"Your optimiser is {_name(optimizer)}; Adam is wanted."
        raise Wrong("wrong-optimiser", message, *OPTIMISER_HINTS)
    if isinstance(optimizer.get_config()["learning_rate"], dict):  # a schedule
        return
    rate = float(optimizer.learning_rate)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        code = "learning-rate-too-high" if rate > HIGHEST_RATE else "learning-rate-too-low"
        effect = "the weights would jump about" if rate > HIGHEST_RATE else "nothing would be learnt in a day"
        message = f"Adam is told to take steps of {rate:g}: {effect}. Its own default is 0.001."
        raise Wrong(code, message, *RATE_HINTS)


def _name(thing):
    return thing if isinstance(thing, str) else getattr(thing, "__name__", type(thing).__name__)
