"""Judges exercises 4.1 and 4.2: how many steps make an epoch, and the training itself."""

import keras
import numpy as np
import tensorflow as tf

from labutils.checks.running import TimeUp
from labutils.checks.student import kind_of, returned
from labutils.checks.verdict import Raised, Wrong, same

COUNT_HINTS = (
    "A step takes one batch. After how many steps has every image been seen?",
    "Try it with small numbers on paper: 10 images in batches of 4. How many batches, and how full is the last one?",
)
EPOCHS, STEPS = 3, 4
ENDLESS = 150  # no right answer draws so many batches
TRAINING_SECONDS = 4

FIT_HINTS = (
    "Your function is told everything that training needs; each argument has to arrive somewhere.",
    "Go through your arguments one by one: where does each go in the call of `fit`?",
)
VALIDATION_HINTS = (
    "How well the model does on images it does not learn from is measured after each epoch.",
    "Which of your datasets is for learning, which for measuring, and does `fit` know about both?",
)
HISTORY_HINTS = (
    "`fit` gives back a record of the losses, epoch by epoch; the next cells draw it.",
    "What does `fit` give back, and what happens to it in your function?",
)


def steps_per_epoch(student):
    """Judge ``steps_per_epoch(examples, batch_size)``; returns what to say when it is right."""
    questions = [(60_000, 128), (640, 64), (70, 64), (2_970, 128), (5, 128), (7, 1)]
    answers = [_count(student, *question) for question in questions]
    for (examples, batch), answer in zip(questions, answers, strict=True):
        if answer != -(-examples // batch):
            _refuse_count(questions, list(map(int, answers)), examples, batch, int(answer))
    if any(isinstance(answer, float) for answer in answers):
        message = (
            f"You return {answers[0]!r} for 60,000 images in batches of 128. Keras counts steps with whole numbers "
            "(int) only."
        )
        hints = (
            "A number can be whole and still be stored as a fraction.",
            "Which kind of number does your last step give?",
        )
        raise Wrong("float-returned", message, *hints)
    return "60,000 images in batches of 128 make 469 steps, the last of them smaller."


def _count(student, examples, batch):
    """The student's answer as int, or as float if they gave one."""
    answer = student(examples, batch)
    returned(answer)
    try:
        number = np.asarray(answer)[()]
        if number.dtype.kind not in "fiub":
            raise TypeError
        whole = float(number) == int(number)
    except (TypeError, ValueError, OverflowError):
        message = f"You return {answer!r:.60}; a whole number is wanted."
        raise Wrong("not-a-number", message, *COUNT_HINTS) from None
    if not whole:
        asked = f"for {examples:,} images in batches of {batch}"
        message = f"You return {float(number):.6g} {asked}: there is no such thing as part of a step."
        raise Wrong("not-whole", message, *COUNT_HINTS)
    return int(number) if number.dtype.kind in "iu" else float(number)


def _refuse_count(questions, answers, examples, batch, answer):
    right = -(-examples // batch)
    message = f"For {examples:,} images in batches of {batch} you say {answer:,}; {right:,} are needed."
    formulas = {
        "rounded-down": (
            lambda n, b: max(n // b, min(answers)),
            f" In {answer:,} batches there is room for {answer * batch:,} images only.",
        ),
        "one-too-many": (lambda n, b: n // b + 1, " Where the batches come out even, you count one more."),
        "rounded-to-nearest": (lambda n, b: round(n / b), " You round to the nearest number, up or down."),
        "remainder": (lambda n, b: n % b, " That is how many images are left over for the last batch."),
        "inverted": (lambda n, b: -(-b // n), " The division is the wrong way round."),
        "multiplied": (lambda n, b: n * b, " You multiply."),
        "batch-size-ignored": (lambda n, b: n, " That is the number of images, not of batches."),
        "examples-ignored": (lambda n, b: b, " That is the size of a batch."),
    }
    if len(set(answers)) == 1:
        raise Wrong("fixed-number", f"{message} You always say the same.", "Both arguments matter.", COUNT_HINTS[1])
    for code, (formula, reason) in formulas.items():
        if all(formula(n, b) == said for (n, b), said in zip(questions, answers, strict=True)):
            raise Wrong(code, message + reason, *COUNT_HINTS)
    if all(said == -(-n // b) + 1 for (n, b), said in zip(questions, answers, strict=True)):
        raise Wrong("one-too-many", f"{message} You count one more.", *COUNT_HINTS)
    raise Wrong("wrong-count", message, *COUNT_HINTS)


def training(student):
    """Judge ``train_autoencoder(...)`` on a tiny model and data; returns what to say when it is right."""
    model, data = _model(), _Data()
    untrained = model.get_weights()
    try:
        history = student(model, data.train, data.test, STEPS, EPOCHS, seconds=TRAINING_SECONDS)
    except (Raised, TimeUp) as error:
        _refuse_endless(error, model)
        raise
    steps = int(model.optimizer.iterations)
    if all(np.array_equal(a, b) for a, b in zip(untrained, model.get_weights(), strict=True)):
        returned(history)
        message = "After your function the model has the same weights as before: it has not been trained."
        raise Wrong("not-trained", message, "One method of a Keras model does the learning.", FIT_HINTS[1])
    _require_history(history)
    _require_trained_on_train(untrained, model, data)
    _require_length(history, steps)
    _require_validation(history, model, data)
    losses = history.history["val_loss"]
    return (
        f"{EPOCHS} epochs of {STEPS} steps, measured on the test images after each: {losses[0]:.2f} to "
        f"{losses[-1]:.2f}."
    )


def _model():
    layer = keras.layers.Dense(16, activation="sigmoid", kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((16,)), layer])
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", run_eagerly=True)  # no time goes into tracing
    return model


class _Data:
    """Images of 16 pixels, for training without end and for the test.

    Twelve pixels are alike in both, so that training helps on the test images as well; two are bright in the one and
    two in the other, so that it shows which were learnt from.
    """

    def __init__(self):
        rng = np.random.default_rng(7)
        alike = [0.35] * 6 + [-0.35] * 6
        contrast = np.repeat([1, 1, 0.8], 10)[:, None]  # so that some of the test images do not stand for all
        train = 0.5 + np.array([*alike, 0.4, 0.4, 0, 0]) + rng.uniform(-0.05, 0.05, (40, 16))
        test = 0.5 + contrast * np.array([*alike, 0, 0, 0.4, 0.4]) + rng.uniform(-0.05, 0.05, (30, 16))
        self.images = np.float32(train), np.float32(test)
        train, test = (tf.data.Dataset.from_tensor_slices((images, images)).batch(10) for images in self.images)
        self.train = train.repeat().enumerate().map(_refuse_to_go_on)
        self.test = test


def _refuse_to_go_on(index, pair):
    """Fails after many batches, so that training without end is found at once and not by the clock."""
    with tf.control_dependencies([tf.debugging.assert_less(index, np.int64(ENDLESS), "labutils: drawn without end")]):
        return tf.identity(pair[0]), tf.identity(pair[1])


def _refuse_endless(error, model):
    """Name what has no end: the training, or the validation."""
    if isinstance(error, Raised) and "labutils: drawn without end" not in str(error.error):
        return
    steps = int(model.optimizer.iterations)
    if isinstance(error, Raised) and steps <= STEPS:
        message = "The measuring has no end: your validation goes over the training images, which are repeated."
        raise Wrong("validation-on-train", message, *VALIDATION_HINTS) from None
    if steps == STEPS:
        message = f"After the first epoch of {STEPS} steps the measuring begins, and has no end."
        hints = ("Each test image should be measured once.", "Is something repeated that should not be?")
        raise Wrong("validation-endless", message, *hints) from None
    if steps > EPOCHS * STEPS:
        message = (
            f"Asked for {EPOCHS} epochs of {STEPS} steps, training went on after {steps}: the training images are "
            "repeated without end, so an epoch ends only where you say so."
        )
        raise Wrong("steps-ignored", message, *FIT_HINTS) from None


def _require_history(history):
    returned(history)
    if not isinstance(history, keras.callbacks.History):
        if isinstance(history, keras.Model):
            raise Wrong("model-returned", "You return the model; its record of losses is wanted.", *HISTORY_HINTS)
        what = "the dictionary inside the History" if isinstance(history, dict) else kind_of(history)
        raise Wrong("not-a-history", f"You return {what}; the History that `fit` gives is wanted.", *HISTORY_HINTS)


def _require_trained_on_train(untrained, model, data):
    start = _model()
    start.set_weights(untrained)
    before, after = ([_loss(m, images) for images in data.images] for m in (start, model))
    if before[1] - after[1] > before[0] - after[0]:
        message = (
            f"Your model has improved more on the test images ({before[1]:.3f} to {after[1]:.3f}) than on those for "
            f"training ({before[0]:.3f} to {after[0]:.3f}): it has learnt from them."
        )
        raise Wrong("trained-on-test", message, *VALIDATION_HINTS)


def _require_length(history, steps):
    epochs = len(history.history.get("loss", []))
    if epochs < EPOCHS and steps == EPOCHS * STEPS:
        message = f"{steps} steps were taken, but of {EPOCHS} epochs the History you return knows only {epochs}."
        raise Wrong("history-cut", message, "Each call of `fit` starts a new record.", FIT_HINTS[1])
    if epochs != EPOCHS:
        message = f"Asked for {EPOCHS} epochs, you train for {epochs}."
        raise Wrong("epochs-ignored", message, *FIT_HINTS)
    if steps != EPOCHS * STEPS:
        message = f"Asked for {STEPS} steps in each of {EPOCHS} epochs, {EPOCHS * STEPS} in all, you take {steps}."
        raise Wrong("steps-ignored", message, *FIT_HINTS)


def _require_validation(history, model, data):
    if "val_loss" not in history.history:
        message = (
            f"The History knows {', '.join(history.history)}, but no val_loss: nothing was measured on the test images."
        )
        raise Wrong("no-validation", message, *VALIDATION_HINTS)
    if model.loss != "binary_crossentropy":
        message = "Your function compiles the model again, with another loss; it was compiled already."
        hints = (
            "The model comes ready to learn.",
            "Each exercise has one job: what did 3.2 do, and what is left to do here?",
        )
        raise Wrong("compiled-again", message, *hints)
    measured = history.history["val_loss"][-1]
    train, test = (_loss(model, images) for images in data.images)
    if same(measured, test, 2e-3):
        return
    if abs(measured - train) < abs(measured - test):
        message = (
            f"The validation loss is {measured:.3f}: that of the training images ({train:.3f}), not of the test "
            f"images ({test:.3f})."
        )
        raise Wrong("validation-on-train", message, *VALIDATION_HINTS)
    message = (
        f"The validation loss is {measured:.3f}; over all test images it is {test:.3f}. Only some of them were used."
    )
    raise Wrong("validation-cut", message, *VALIDATION_HINTS)


def _loss(model, images):
    output = np.clip(np.asarray(model(images)), 1e-7, 1 - 1e-7)
    return float(-np.mean(images * np.log(output) + (1 - images) * np.log(1 - output)))
