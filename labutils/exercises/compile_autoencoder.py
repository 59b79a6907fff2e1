"""Exercise 3.2: a model is given an optimiser and a loss."""

import numpy as np

from labutils.asking import rng
from labutils.asking.values import seen
from labutils.exercises import Exercise
from labutils.judging import Raised, Wrong, accuse, kind_of, mistakes, require_returned, same
from labutils.judging.cross_entropy import (
    EDGE_HINTS,
    absolute_error,
    classifier_loss,
    cross_entropy,
    from_logits,
    smoothed,
    squared_error,
)
from labutils.judging.optimisers import HIGHEST_RATE, LOWEST_RATE, adam

EXERCISE = Exercise(
    number="3.2", signature="compile_autoencoder(model)", check="compiled", reference="labutils.training"
)

SECONDS = 4  # code that asks TensorFlow whether XLA works waits for the answer
CODE = 8
IMAGES = 4, 784
STEPS = (0, 1, 10, 100, 500, 1000, 2000, 5000, 10_000)  # of training, at which a schedule is asked for its rate

OPTIONS = "clipnorm", "clipvalue", "global_clipnorm", "gradient_accumulation_steps", "loss_scale_factor", "weight_decay"


def model_questions(seed):
    """The weights of the model, encoder's and decoder's kernel and bias, and two images for it; float32."""
    random = rng(seed, "model")
    shapes = (784, CODE), (CODE,), (CODE, 784), (784,)
    weights = [(random.standard_normal(shape) / np.sqrt(shape[0])).astype(np.float32) for shape in shapes]
    return weights, random.random((2, 784), dtype=np.float32)


def loss_questions(seed):
    """Pairs of target and output, float32 (4, 784): between 0 and 1, and exactly 0 or 1, which sigmoids come to."""
    random = rng(seed, "loss")
    inside = [random.uniform(0.02, highest, IMAGES) for highest in (0.5, 0.7)]
    ends = [random.permuted(np.tile(row, (4, 196)), axis=1) for row in ([0, 0, 1, 1], [0, 1, 0, 1])]
    return {"loss": np.float32(inside), "loss at the ends": np.float32(ends)}


def slope_questions(seed):
    """Slopes for the bias of the code, float32 (9, 8), one for each of ``STEPS``; some far larger than others."""
    sizes = np.logspace(-6, 0, CODE)
    return np.float32(sizes * rng(seed, "slopes").standard_normal((len(STEPS), CODE)))


def ask(student, seed):
    import keras

    model = _small_autoencoder()
    weights, images = model_questions(seed)
    model.set_weights(weights)
    result = student.call("returned", model, seconds=SECONDS)
    student.note("returned", seen(result))
    is_model = isinstance(result, keras.Model)
    student.note("what is returned", "the model" if result is model else "another model" if is_model else "something")
    student.note("is compiled", bool(model.compiled))
    if result is not model or not model.compiled:
        return
    now = model.get_weights()
    student.note("has its weights", len(now) == len(weights) and all(map(np.array_equal, now, weights)))
    student.note("output", np.asarray(student.attempt("output", model, images)))
    student.note("is frozen", len(model.trainable_weights) < len(model.weights))
    _ask_loss(student, model, seed)
    if not student.answers["is frozen"]:
        _ask_adam(student, model, seed)
        student.attempt("metrics", model.compute_metrics, images, images, images)  # Keras looks at their names only now
        student.note("metrics", "as Keras wants them")


def _small_autoencoder():
    from keras import Input, Model, Sequential
    from keras.layers import Dense

    encoder = Sequential([Input((784,)), Dense(CODE)], name="encoder")
    decoder = Sequential([Input((CODE,)), Dense(784, "sigmoid")], name="decoder")
    inputs = Input((784,))
    return Model(inputs, decoder(encoder(inputs)), name="autoencoder")


def _ask_loss(student, model, seed):
    """The loss as training computes it, and its slope for the output."""
    import keras
    import tensorflow as tf

    loss = model.loss
    kind = "class" if isinstance(loss, type) else "metric" if isinstance(loss, keras.metrics.Metric) else "loss"
    is_several = isinstance(loss, list | tuple) and len(loss) > 1
    student.note("loss is", "missing" if loss is None else kind)
    student.note("losses", [*map(_name, loss)] if is_several else [_name(loss)])

    @tf.function(autograph=False)
    def loss_and_slope(target, output):
        with tf.GradientTape() as tape:
            tape.watch(output)
            loss = model.compute_loss(target, target, output)
        return loss, tape.gradient(loss, output)

    for name, pair in loss_questions(seed).items():
        loss, slope = student.attempt(name, loss_and_slope, *map(tf.constant, pair))
        student.note(name, seen(loss))
        student.note(f"slope of {name}", seen(slope))


def _ask_adam(student, model, seed):
    """Adam's settings, and how it moves a few weights."""
    import keras

    optimizer, bias = model.optimizer, model.weights[1]
    is_adam = isinstance(optimizer, keras.optimizers.Adam)
    student.note("optimiser", "Adam" if is_adam else _name(optimizer))
    if not is_adam:
        return
    student.note("settings", {name: float(getattr(optimizer, name)) for name in ("beta_1", "beta_2", "epsilon")})
    rates, moved = [], []

    def take_steps():
        bias.assign(np.zeros(CODE))
        optimizer.use_ema = False
        for option in OPTIONS:  # which may have good reasons, but what is asked for is how Adam itself moves
            setattr(optimizer, option, None)
        for step, slope in zip(STEPS, slope_questions(seed), strict=True):
            optimizer.iterations.assign(step)
            rates.append(float(optimizer.learning_rate))
            optimizer.apply([slope if weight is bias else None for weight in model.weights], model.weights)
            moved.append(bias.numpy())

    student.attempt("rates", take_steps)
    student.note("rates", rates)
    student.note("moved", np.stack(moved))


def _name(thing):
    if isinstance(thing, dict | list | tuple) and len(thing) == 1:
        return _name(*(thing.values() if isinstance(thing, dict) else thing))
    return thing if isinstance(thing, str) else str(getattr(thing, "__name__", type(thing).__name__))


# ----- judging -----

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


def judge(answers, seed):
    _require_model_back(answers)
    _require_same_model(answers, seed)
    _require_loss(answers, seed)
    if answers["is frozen"]:
        message = "Some weights of the model are frozen now."
        hints = "Training changes only what it may change.", "Is there a `trainable` somewhere in your code?"
        raise Wrong("frozen", message, *hints)
    _require_adam(answers, seed)
    answers["metrics"]  # raises what Keras says of them
    return "Adam, and the binary cross-entropy of each pixel."


def _require_model_back(answers):
    try:
        returned = answers["returned"]
    except Raised as raised:
        if "interpret" in raised.failure.text and "<class" in raised.failure.text:
            _refuse_class(raised.message)
        raise
    what = answers["what is returned"]
    if what != "the model":
        if returned is None and answers["is compiled"]:
            raise Wrong(
                "nothing-returned",
                "You compile the model, but your function returns `None`.",
                "`compile` changes the model and gives nothing back itself.",
                "What should stand behind `return`, so that the next cell can go on with it?",
            )
        require_returned(returned)
        given = "another model than the one you were given" if what == "another model" else kind_of(returned)
        raise Wrong(
            "another-model",
            f"You return {given}.",
            "The weights are in the model you were given: it should be the one that is compiled and handed back.",
            "Look at what stands behind `return`: is it the argument of your function?",
        )
    if not answers["is compiled"]:
        message = "The model comes back as it was: it has neither optimiser nor loss."
        hints = ("A model has to be told how to learn before it can.", "A Keras model has a method that takes both.")
        raise Wrong("not-compiled", message, *hints)


def _refuse_class(message):
    raise Wrong(
        "class-not-object",
        message,
        "A class is the plan of a thing, not the thing: somebody has to build it.",
        "What turns the name of a class into an object?",
    ) from None


def _require_same_model(answers, seed):
    (kernel, bias, last_kernel, last_bias), images = model_questions(seed)
    expected = 1 / (1 + np.exp(-(images @ kernel + bias) @ last_kernel - last_bias))
    has_its_weights = answers["has its weights"]
    if not has_its_weights or not same(answers["output"], expected, 1e-3):
        change = "its weights are the same, but what it makes of an image is not"
        raise Wrong(
            "model-changed",
            f"Your function changes the model: {change if has_its_weights else 'it has other weights now'}.",
            "To compile is to say how a model shall learn. The learning comes later, and its layers stay as they are.",
            "Which of your lines does more than tell the model its optimiser and its loss?",
        )


def _require_loss(answers, seed):
    losses, kind = [*map(str, answers["losses"])], answers["loss is"]
    if kind == "missing":
        raise Wrong("no-loss", "The model is compiled without a loss: it has nothing to make smaller.", *LOSS_HINTS)
    if kind == "class":
        _refuse_class(f"Your loss is the class `{losses[0]}` itself.")
    name = ", ".join(losses)
    if len(losses) > 1:
        raise Wrong(
            "two-losses",
            f"You give {len(losses)} losses ({name}) to a model with one output: Keras takes the first and drops the "
            "rest.",
            "Each output has one loss, the number that training makes smaller.",
            "Which of them should training make smaller? What is only for people to read has a place of its own.",
        )
    if kind == "metric":
        raise Wrong(
            "metric-not-loss",
            f"Your loss, `{name}`, is one of Keras's metrics, not one of its losses.",
            "A metric keeps the score for people to read; nothing can learn from it. A loss shows the way down.",
            "Two modules of Keras know this name. In which did you look?",
        )
    target, output = loss_questions(seed)["loss"].astype(np.float64)
    loss, slope = _loss_and_slope(answers, "loss", name)
    right, right_slope = cross_entropy(target, output), (output - target) / (output * (1 - output)) / target.size
    if not same(loss, right, 1e-3):
        accuse(loss, MISTAKES, target, output)
        message = f"Your loss ({name}) gives {loss:.4f} for a test batch; binary cross-entropy gives {right:.4f}."
        if same(slope / right_slope, np.full(IMAGES, loss / right), 1e-3):
            raise Wrong(
                "scaled",
                f"{message} That is the same, times {loss / right:.3g}.",
                "A factor makes no other loss, but other numbers than everybody else's, and other steps.",
                "Is there a factor in your loss, or an option such as `loss_weights` where you compile?",
            )
        raise Wrong("wrong-loss", message, *LOSS_HINTS)
    if not same(slope / right_slope, np.ones(IMAGES), 0.02):
        _refuse_unlearnable(f"Your loss ({name}) gives the right number, but not the right way to a smaller one.")
    loss, slope = _loss_and_slope(answers, "loss at the ends", name)
    if not np.isfinite(loss):
        raise Wrong("not-finite", f"For outputs of exactly 0 and 1 your loss ({name}) is {loss}.", *EDGE_HINTS)
    if not np.isfinite(slope).all():
        message = f"For outputs of exactly 0 and 1 your loss ({name}) is {loss:.4g}, but its slope is not a number: "
        raise Wrong("not-finite", f"{message}a single such pixel would make all weights nan.", *EDGE_HINTS)


def _loss_and_slope(answers, asked, name):
    """A loss as one number, and its slope for each pixel."""
    try:
        loss, slope = answers[asked], answers[f"slope of {asked}"]
    except Raised as raised:
        if any(sign in raised.failure.text.lower() for sign in ("numpy", "symbolic", "unknown rank")):
            _refuse_unlearnable(f"Your loss ({name}) cannot be used in training. {raised.message}")
        raise Wrong("wrong-loss", f"Keras cannot use your loss ({name}) here. {raised.message}", *LOSS_HINTS) from None
    if np.shape(loss) != ():
        raise Wrong(
            "one-per-image" if np.shape(loss) == IMAGES[:1] else "wrong-loss",
            f"For {IMAGES[0]} images your loss ({name}) gives numbers of shape {np.shape(loss)}; one number for all is "
            "wanted.",
            "Training makes one number smaller: what an image costs on average.",
            "Is there an option in your loss that keeps it from taking the mean, or an axis over which none is taken?",
        )
    if np.shape(slope) != IMAGES:
        _refuse_unlearnable(f"Your loss ({name}) gives a number, but not the way to a smaller one.")
    return float(loss), slope


def _refuse_unlearnable(message):
    raise Wrong(
        "loss-without-slope",
        message,
        "To learn, TensorFlow has to see every step from the output to the loss, and NumPy hides them.",
        "Keras has this loss already: under which name?",
    )


def _require_adam(answers, seed):
    if answers["optimiser"] != "Adam":
        message = f"Your optimiser is {answers['optimiser']}; Adam is wanted."
        raise Wrong("wrong-optimiser", message, *OPTIMISER_HINTS)
    rates, settings = answers["rates"], answers["settings"]
    _require_rate(rates)
    for setting, highest in (("beta_1", 0.9999), ("beta_2", 0.999999), ("epsilon", 0.01)):
        if settings[setting] > highest:
            raise Wrong(
                "stands-still",
                f"Adam is told {setting}={settings[setting]:g}: its steps would be next to nothing, or not numbers.",
                "Adam divides the slopes it remembers by their usual size, so that no weight lags behind.",
                "What do you tell Adam besides the length of its steps, and what does it do when nobody tells it that?",
            )
    expected = adam(slope_questions(seed), STEPS, rates, **settings)
    moved, unit = answers["moved"], np.abs(expected).max()
    if np.shape(moved) != expected.shape or not same(moved / unit, expected / unit, 0.02):
        message = "Your optimiser calls itself Adam, but does not move weights as Adam does."
        raise Wrong("wrong-optimiser", message, *OPTIMISER_HINTS)


def _require_rate(rates):
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


# ----- the usual mistakes, for targets t and outputs o, float64 (4, 784), both between 0 and 1 -----

_CLASSIFIER = "Your loss is that of a classifier, where all outputs compete for a sum of 1; pixels do not."
_SMOOTHED = "Your loss smooths the targets: pure black and white would count as mistakes."
_BATCH = "Your loss adds up the images of a batch: it grows with the batch size."
_SIGN = "Your loss has the wrong sign: better pictures would cost more."
_LOGITS = "Your loss takes the outputs for raw scores (logits) and puts them through a sigmoid once more."

MISTAKES = [
    *mistakes(
        ("What has the last layer of the decoder done to its numbers already?", LOSS_HINTS[1]),
        ("from-logits", _LOGITS, from_logits),
    ),
    *mistakes(
        LOSS_HINTS,
        ("squared-error", "Your loss is the squared error, not the cross-entropy.", squared_error),
        ("absolute-error", "Your loss is the absolute error, not the cross-entropy.", absolute_error),
        ("categorical", _CLASSIFIER, classifier_loss),
        ("categorical", _CLASSIFIER, lambda t, o: classifier_loss(t, np.exp(o))),
        ("summed", _BATCH, lambda t, o: cross_entropy(t, o) * 4),
        ("summed", "Your loss adds up all pixels of an image.", lambda t, o: cross_entropy(t, o) * 784),
        ("summed", "Your loss adds up all pixels of all images.", lambda t, o: cross_entropy(t, o) * t.size),
        ("negative", _SIGN, lambda t, o: -cross_entropy(t, o)),
        ("arguments-exchanged", "Target and output are exchanged in your loss.", lambda t, o: cross_entropy(o, t)),
        *(("label-smoothing", _SMOOTHED, smoothed(share)) for share in (0.05, 0.1, 0.2)),
    ),
]
