"""Judges exercise 3.2: a model is given an optimiser and a loss."""

import keras
import numpy as np
import tensorflow as tf

from labutils import models
from labutils.checks.loss import EDGE_HINTS
from labutils.checks.model_rules import refuse_class
from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Suspect, Wrong, accuse, same

LOWEST_RATE, HIGHEST_RATE = 1e-5, 0.03
STEPS = (0, 1, 10, 100, 500, 1000, 2000, 5000, 10_000)  # at which a schedule is asked for its rate
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
    model = models.build_autoencoder(models.build_encoder(8, 4), models.build_decoder(8, 4))
    images = np.random.default_rng(5).random((2, 784), dtype=np.float32)
    before = _state(model, images)
    try:
        result = student(model, seconds=COMPILING_SECONDS)
    except Raised as raised:
        if "interpret" in str(raised.error) and "<class" in str(raised.error):
            refuse_class(raised.message)
        raise
    _require_model_back(result, model)
    if not model.compiled:
        message = "The model comes back as it was: it has neither optimiser nor loss."
        hints = ("A model has to be told how to learn before it can.", "A Keras model has a method that takes both.")
        raise Wrong("not-compiled", message, *hints)
    _require_same_model(before, student.attempt(_state, model, images))
    _require_loss(student, model)
    _require_adam(student, model.optimizer)
    if len(model.trainable_weights) < len(model.weights):
        hints = (
            "Training changes only what it is allowed to change.",
            "Is there a `trainable` somewhere in your code?",
        )
        raise Wrong("frozen", "Some weights of the model are frozen now.", *hints)
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


def _state(model, images):
    """What must stay as it is: the weights, and what the model makes of some images."""
    return [*model.get_weights(), np.asarray(model(images))]


def _require_same_model(before, after):
    unchanged = [same(*pair) for pair in zip(before, after, strict=False)]
    if len(before) == len(after) and all(unchanged):
        return
    what = "its weights are the same, but what it makes of an image is not"
    if len(before) != len(after) or not all(unchanged[:-1]):
        what = "it has other weights now"
    raise Wrong(
        "model-changed",
        f"Your function changes the model: {what}.",
        "To compile is to say how a model shall learn. The learning comes later, and its layers stay as they are.",
        "Which of your lines does more than tell the model its optimiser and its loss?",
    )


def _require_loss(student, model):
    rng = np.random.default_rng(6)
    target, output = (
        keras.ops.convert_to_tensor(rng.uniform(0.02, highest, (4, 784)), "float32") for highest in (0.5, 0.7)
    )
    if model.loss is None:
        raise Wrong("no-loss", "The model is compiled without a loss: it has nothing to make smaller.", *LOSS_HINTS)
    if isinstance(model.loss, type):
        refuse_class(f"Your loss is the class `{_name(model.loss)}` itself.")
    if isinstance(model.loss, (list, tuple)) and len(model.loss) > 1:
        raise Wrong(
            "two-losses",
            f"You give {len(model.loss)} losses ({', '.join(map(_name, model.loss))}) to a model with one output: "
            "Keras takes the first and drops the rest.",
            "Each output has one loss, the number that training makes smaller.",
            "Which of them should training make smaller? What is only for people to read has a place of its own.",
        )
    if isinstance(model.loss, keras.metrics.Metric):
        raise Wrong(
            "metric-not-loss",
            f"Your loss, `{_name(model.loss)}`, is one of Keras's metrics, not one of its losses.",
            "A metric keeps the score for people to read; nothing can learn from it. A loss shows the way down.",
            "Two modules of Keras know this name. In which did you look?",
        )
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
        _require_finite(student, model)
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
    message = (
        f"Your loss ({_name(model.loss)}) gives {loss:.4f} for a test batch; binary cross-entropy gives {right:.4f}."
    )
    slope_of_right = (output - target) / (output * (1 - output)) / (4 * 784)
    if same(slope / slope_of_right, np.full((4, 784), loss / right), 1e-3):
        message += f" That is the same, times {loss / right:.3g}."
        hints = (
            "A factor makes no other loss, but other numbers than everybody else's, and other steps.",
            "Is there a factor in your loss, or an option such as `loss_weights` where you compile?",
        )
        raise Wrong("scaled", message, *hints)
    raise Wrong("wrong-loss", message, *LOSS_HINTS)


def _require_finite(student, model):
    """Outputs of exactly 0 and 1, where they are right and where they are wrong: sigmoids come to that."""
    target, output = (
        keras.ops.convert_to_tensor(np.tile(ends, (1, 196)), "float32") for ends in ([0, 0, 1, 1], [0, 1, 0, 1])
    )
    loss, slope = student.attempt(_loss_and_slope, model, target, output)
    if not np.isfinite(loss):
        message = f"For outputs of exactly 0 and 1 your loss ({_name(model.loss)}) is {loss}."
        raise Wrong("not-finite", message, *EDGE_HINTS)
    if not np.isfinite(slope).all():
        message = (
            f"For outputs of exactly 0 and 1 your loss ({_name(model.loss)}) is {loss:.4g}, but its slope is not a "
            "number: a single such pixel would make all weights nan."
        )
        raise Wrong("not-finite", message, *EDGE_HINTS)


def _loss_and_slope(model, target, output):
    """The loss as training computes it, and its gradient for the output, None if it has none."""

    @tf.function(autograph=False)
    def compute(target, output):
        with tf.GradientTape() as tape:
            tape.watch(output)
            loss = model.compute_loss(target, target, output)
        return loss, tape.gradient(loss, output)

    loss, slope = compute(target, output)
    if loss.shape == (len(output),):
        raise Wrong(
            "one-per-image",
            f"Your loss ({_name(model.loss)}) gives {len(output)} numbers for {len(output)} images, one for each; one "
            "for all is wanted.",
            "Training makes one number smaller: what an image costs on average.",
            "Is there an option in your loss that keeps it from taking the mean, or an axis over which none is taken?",
        )
    return float(loss), slope


def _refuse_unlearnable(message):
    raise Wrong(
        "loss-without-slope",
        message,
        "To learn, TensorFlow has to see every step from the output to the loss, and NumPy hides them.",
        "Keras has this loss already: under which name?",
    )


def _require_adam(student, optimizer):
    if not isinstance(optimizer, keras.optimizers.Adam):
        message = f"Your optimiser is {_name(optimizer)}; Adam is wanted."
        raise Wrong("wrong-optimiser", message, *OPTIMISER_HINTS)
    rates = student.attempt(_rates, optimizer)
    rate = max(rates)  # a schedule may begin and end at 0
    if rate < 0:
        message = f"Adam is told to take steps of {rate:g}: it would walk uphill, to a larger loss."
        raise Wrong("learning-rate-negative", message, "Adam looks for the way down by itself.", RATE_HINTS[1])
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        code = "learning-rate-too-high" if rate > HIGHEST_RATE else "learning-rate-too-low"
        effect = "the weights would jump about" if rate > HIGHEST_RATE else "nothing would be learnt in a day"
        steps = f"up to {rate:g}" if min(rates) < rate else f"{rate:g}"
        message = f"Adam is told to take steps of {steps}: {effect}. Its own default is 0.001."
        raise Wrong(code, message, *RATE_HINTS)
    for setting, highest in (("beta_1", 0.9999), ("beta_2", 0.999999), ("epsilon", 0.01)):
        if (value := getattr(optimizer, setting)) > highest:
            message = f"Adam is told {setting}={value:g}: its steps would be next to nothing, or not numbers."
            hints = (
                "Adam divides the slopes it remembers by their usual size, so that no weight lags behind.",
                "What do you tell Adam besides the length of its steps, and what does it do when nobody tells it that?",
            )
            raise Wrong("stands-still", message, *hints)


def _rates(optimizer):
    """The learning rate at several steps, as a schedule may change it."""
    now, rates = int(optimizer.iterations), []
    for step in STEPS:
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    optimizer.iterations.assign(now)
    return rates


def _name(thing):
    if isinstance(thing, (dict, list, tuple)) and len(thing) == 1:
        return _name(*(thing.values() if isinstance(thing, dict) else thing))
    return thing if isinstance(thing, str) else getattr(thing, "__name__", type(thing).__name__)
