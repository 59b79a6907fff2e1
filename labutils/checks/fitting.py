"""Judges exercises 4.1 and 4.2: how many steps make an epoch, and the training itself."""

import keras
import numpy as np

from labutils.checks import tell_tale
from labutils.checks.compilation import HIGHEST_RATE, LOWEST_RATE
from labutils.checks.running import TimeUp
from labutils.checks.student import kind_of, returned
from labutils.checks.tell_tale import EPOCHS, STEPS
from labutils.checks.validation import VALIDATION_HINTS, require_validation
from labutils.checks.verdict import Raised, Wrong, same

COUNT_HINTS = (
    "A step takes one batch. After how many steps has every image been seen?",
    "Try it with small numbers on paper: 10 images in batches of 4. How many batches, and how full is the last one?",
)
EXCHANGED_HINTS = (
    "Both are whole numbers, and Python cannot see which is which: it goes by places, or by the names you give.",
    "Compare the `def` line with the one the exercise came with, and follow each of the two to where it is used.",
)
TRAINING_SECONDS = 6

FIT_HINTS = (
    "Your function is told everything that training needs; each argument has to arrive somewhere.",
    "Go through your arguments one by one: where does each go in the call of `fit`?",
)
IMAGE_HINTS = (
    "In one epoch every training image should be seen once, and nothing else.",
    "What exactly does `fit` get as its first argument, and how does it differ from what your function was given?",
)
SHAPE_HINTS = (
    "The datasets come ready made: each element is a batch, one row of pixels for each image.",
    "Print `element_spec` of what you hand to `fit` and of what your function was given: how do they differ, and why?",
)
COMPILED_HINTS = (
    "The model comes ready to learn.",
    "Each exercise has one job: what did 3.2 do, and what is left to do here?",
)
HISTORY_HINTS = (
    "`fit` gives back a record of the losses, epoch by epoch; the next cells draw it.",
    "What does `fit` give back, and what happens to it in your function?",
)


def steps_per_epoch(student):
    """Judge ``steps_per_epoch(examples, batch_size)``; returns what to say when it is right."""
    questions = [(60_000, 128), (640, 64), (70, 64), (2_970, 128), (5, 128), (7, 1), (129, 128), (100_001, 100_000)]
    answers = [_count(student, *question) for question in questions]
    for (examples, batch), answer in zip(questions, answers, strict=True):
        if answer != -(-examples // batch):
            _refuse_count(student, questions, list(map(int, answers)), examples, batch, int(answer))
    for (examples, batch), answer in zip(questions, answers, strict=True):
        if not isinstance(answer, float):
            continue
        message = (
            f"You return {answer!r} for {examples:,} images in batches of {batch}. Keras counts steps with whole "
            "numbers (int) only."
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
        if number.dtype.kind not in "fiu":
            raise TypeError
        whole = float(number) == int(number)
    except (TypeError, ValueError, OverflowError):
        what = " (the answer to a comparison)" if isinstance(answer, (bool, np.bool_)) else ""
        message = f"You return {answer!r:.60}{what}; a whole number is wanted."
        raise Wrong("not-a-number", message, *COUNT_HINTS) from None
    if not whole:
        asked = f"for {examples:,} images in batches of {batch}"
        message = f"You return {float(number):.6g} {asked}: there is no such thing as part of a step."
        raise Wrong("not-whole", message, *COUNT_HINTS)
    return int(number) if number.dtype.kind in "iu" else float(number)


def _refuse_count(student, questions, answers, examples, batch, answer):
    right = -(-examples // batch)
    message = f"For {examples:,} images in batches of {batch:,} you say {answer:,}; {right:,} are needed."
    room = f" There is room for {answer * batch:,} images only." if 0 < answer < right else ""
    inverted = "inverted", " The division is the wrong way round."
    if "batch" in "".join(student.parameters()[:1]):
        inverted = "arguments-exchanged", " Your `def` line takes the batch size first, where the lab puts the images."
    formulas = [
        ("rounded-down", room, lambda n, b: max(n // b, min(answers))),
        ("one-too-many", " Where the batches come out even, you count one more.", lambda n, b: n // b + 1),
        ("one-too-many", " You count one more.", lambda n, b: -(-n // b) + 1),
        ("rounded-to-nearest", " You round to the nearest number, up or down.", lambda n, b: round(n / b)),
        ("remainder", " That is how many images are left over for the last batch.", lambda n, b: n % b),
        (*inverted, lambda n, b: -(-b // n)),
        (*inverted, lambda n, b: b // n),
        ("multiplied", " You multiply.", lambda n, b: n * b),
        ("batch-size-ignored", " That is the number of images, not of batches.", lambda n, b: n),
        ("examples-ignored", " That is the size of a batch.", lambda n, b: b),
    ]
    if len(set(answers)) == 1:
        raise Wrong("fixed-number", f"{message} You always say the same.", "Both arguments matter.", COUNT_HINTS[1])
    for code, reason, formula in formulas:
        if all(formula(n, b) == said for (n, b), said in zip(questions, answers, strict=True)):
            raise Wrong(code, message + reason, *(EXCHANGED_HINTS if code == "arguments-exchanged" else COUNT_HINTS))
    raise Wrong("wrong-count", message + room, *COUNT_HINTS)


def training(student):
    """Judge ``train_autoencoder(...)`` on a tiny model and data; returns what to say when it is right."""
    model = tell_tale.build()
    data, optimizer, untrained = tell_tale.Data(model), model.optimizer, model.get_weights()

    def is_untrained():
        return all(np.array_equal(a, b) for a, b in zip(untrained, model.get_weights(), strict=True))

    try:
        history = student(model, data.train, data.test, STEPS, EPOCHS, seconds=TRAINING_SECONDS)
    except (Raised, TimeUp) as error:
        _refuse_endless(error, model, is_untrained())
        if "Invalid input shape" in str(getattr(error, "error", "")):
            raise Wrong("wrong-input-shape", error.message, *SHAPE_HINTS) from None
        raise
    if is_untrained():
        returned(history)
        _refuse_untrained(model, history)
    _require_history(model, history)
    _require_compiled_as_before(student, model, optimizer, data)
    _require_images(model, history, data)
    require_validation(history, model, data)
    losses = history.history["val_loss"]
    return (
        f"{EPOCHS} epochs of {STEPS} steps, measured on the test images after each: {losses[0]:.2f} to "
        f"{losses[-1]:.2f}."
    )


def _refuse_endless(error, model, is_untrained):
    """Name what has no end: the training, or the validation."""
    if isinstance(error, Raised) and tell_tale.WITHOUT_END not in str(error.error):
        return
    steps = int(model.optimizer.iterations)
    if isinstance(error, Raised) and is_untrained:
        message = (
            f"Before the first step of training your function has drawn {tell_tale.ENDLESS:,} batches from the "
            "training dataset and wants more; it is repeated, and going through it has no end."
        )
        hints = (
            "`fit` takes a dataset as it is and draws from it what it needs.",
            "Which of your lines wants all of the training dataset at once: is there a loop, a `list` or a `len`?",
        )
        raise Wrong("train-gone-through", message, *hints) from None
    if steps == 0 and not is_untrained:
        _refuse_unused_optimiser()
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


def _refuse_untrained(model, history):
    reason, hints = "it has not been trained", ("One method of a Keras model does the learning.", FIT_HINTS[1])
    if not model.trainable_weights:
        reason = "they are frozen"
        hints = ("Training changes only what it is allowed to change.", "Is there a `trainable` in your code?")
    elif isinstance(history, keras.callbacks.History) and history.history:
        reason = "the History you return is of another model"
        hints = (
            "The next cells go on with the model that your function was given.",
            "Whose `fit` do you call, and where does that model come from?",
        )
        if history.model is model:
            reason = f"`fit` went through {len(history.history.get('loss', []))} epochs, but nothing is left of that"
            hints = (
                "A step moves the weights, if it has a length, and they stay where it left them.",
                "What do you do to the model besides calling `fit`: to its weights, or to its optimiser?",
            )
    message = f"After your function the model has the same weights as before: {reason}."
    raise Wrong("not-trained", message, *hints)


def _require_history(model, history):
    returned(history)
    if not isinstance(history, keras.callbacks.History):
        if isinstance(history, keras.Model):
            raise Wrong("model-returned", "You return the model; its record of losses is wanted.", *HISTORY_HINTS)
        what = "a dictionary" if isinstance(history, dict) else kind_of(history)
        if history is getattr(getattr(model, "history", None), "history", None):
            what = "the dictionary inside the History"
        raise Wrong("not-a-history", f"You return {what}; the History that `fit` gives is wanted.", *HISTORY_HINTS)
    if history.history and "loss" not in history.history:
        message = f"Your History knows {', '.join(history.history)}; the next cells look for loss and val_loss in it."
        raise Wrong("history-renamed", message, *HISTORY_HINTS)


def _require_compiled_as_before(student, model, optimizer, data):
    """Behaviour counts: compiled again the same way, or with steps of another sensible length, does no harm."""

    def refuse(what):
        message = f"Your function compiles the model again, with {what}; it was compiled already."
        raise Wrong("compiled-again", message, *COMPILED_HINTS)

    target, output = (keras.ops.convert_to_tensor(images[:10]) for images in data.images)
    right = float(keras.losses.BinaryCrossentropy()(target, output))
    if not same(student.attempt(model.compute_loss, target, target, output), right, 1e-3):
        refuse("another loss")
    if model.optimizer is optimizer:
        return
    if not isinstance(model.optimizer, keras.optimizers.Adam):
        refuse(f"another optimiser ({type(model.optimizer).__name__})")
    rate = float(model.optimizer.learning_rate)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        refuse(f"an Adam that takes steps of {rate:g}")


def _require_images(model, history, data):
    """Every training image has been learnt from, as often as it should, and no test image."""
    steps, (train, test) = int(model.optimizer.iterations), tell_tale.learnt_from(model) or (tell_tale.TRAIN, 0)
    if test:
        others = f"besides {train} of the {tell_tale.TRAIN}" if train else "and from none of those"
        message = f"Your model has learnt from {test} of the {tell_tale.TEST} test images, {others} for training."
        raise Wrong("trained-on-test", message, *VALIDATION_HINTS)
    if steps == 0:
        _refuse_unused_optimiser()
    if train <= tell_tale.TRAIN // 2 and steps >= STEPS:  # who shuffles again may miss a few
        message = f"In {steps} steps your model has learnt from only {train} of the {tell_tale.TRAIN} training images."
        raise Wrong("few-images", message, *IMAGE_HINTS)
    _require_length(history, steps)
    before, after = (tell_tale.losses_of(m, data.images[0]).mean() for m in (tell_tale.build(), model))
    if after > before - 1e-4:
        seen = f"its loss on the training images goes from {before:.3f} to {after:.3f}"
        message = f"Training has not made your model better: {seen}."
        hints = (
            "An autoencoder learns to give back the images it is shown, as the datasets hold them.",
            IMAGE_HINTS[1],
        )
        raise Wrong("not-improved", message, *hints)


def _refuse_unused_optimiser():
    message = "The weights have changed, but the model's own optimiser has not taken a single step."
    raise Wrong("optimiser-unused", message, *COMPILED_HINTS) from None


def _require_length(history, steps):
    epochs, total = np.size(history.history.get("loss", [])), EPOCHS * STEPS
    asked, told = f"Asked for {EPOCHS} epochs of {STEPS} steps", history.params or {}
    recorded = epochs * (told.get("steps") or 0)
    if (told.get("epochs"), told.get("steps")) == (EPOCHS, STEPS) and steps < total:
        message = f"`fit` was told {EPOCHS} epochs of {STEPS} steps, {total} in all, but it stopped after {steps}."
        hints = (
            "`fit` goes on to the end, unless somebody stops it or nothing is left to draw.",
            "What ended it? Does something that you hand to `fit` watch the loss, and with how much patience?",
        )
        raise Wrong("stopped-early", message, *hints)
    if (epochs, steps) == (STEPS, total):
        message = f"{asked}, you train for {epochs} epochs of {steps // epochs}: the two are exchanged."
        raise Wrong("steps-and-epochs-exchanged", message, *EXCHANGED_HINTS)
    if epochs < EPOCHS and recorded == steps == total:
        raise Wrong("epochs-ignored", f"{asked}, you train for {epochs} of {steps // epochs}.", *FIT_HINTS)
    if epochs < EPOCHS and steps == total:
        message = f"{steps} steps were taken, but of {EPOCHS} epochs the History you return knows only {epochs}."
        raise Wrong("history-cut", message, "Each call of `fit` starts a new record.", FIT_HINTS[1])
    if epochs != EPOCHS:
        message = f"Asked for {EPOCHS} epochs, you train for {epochs}."
        raise Wrong("epochs-ignored", message, *FIT_HINTS)
    if recorded == total < steps and steps % total == 0:
        message = f"{asked}, {total} in all, you take {steps}; the History you return knows only {total} of them."
        hints = (
            "One call of `fit` goes through all the epochs that it is told, and the next goes on from there.",
            "How often does your function call `fit`: is there a loop around it, or a second call?",
        )
        raise Wrong("fit-repeated", message, *hints)
    if steps != total:
        message = f"Asked for {STEPS} steps in each of {EPOCHS} epochs, {total} in all, you take {steps}."
        raise Wrong("steps-ignored", message, *FIT_HINTS)
