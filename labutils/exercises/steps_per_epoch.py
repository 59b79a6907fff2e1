"""Exercise 4.1: how many steps does one pass over the images take?"""

import numpy as np

from labutils.asking import rng
from labutils.exercises import Exercise
from labutils.judging import Thing, Wrong, kind_of, mistakes, require_returned

EXERCISE = Exercise(
    number="4.1",
    signature="steps_per_epoch(examples, batch_size)",
    check="steps_per_epoch",
    reference="labutils.training",
)


def questions(seed):
    """Pairs (examples, batch size), some of them even; the first is the lab's own, which every message can name."""
    random = rng(seed)
    batch = random.integers(2, 300, 8)
    rest = np.where(np.arange(8) % 3, random.integers(1, batch), 0)
    examples = batch * random.integers(2, 400, 8) + rest
    fixed = [(60_000, 128), (640, 64), (70, 64), (2_970, 128), (5, 128), (7, 1), (129, 128), (100_001, 100_000)]
    return fixed + list(zip(examples.tolist(), batch.tolist(), strict=True))


def ask(student, seed):
    for number, question in enumerate(questions(seed)):
        student.answer(f"answer {number}", *question)


# ----- judging -----

COUNT_HINTS = (
    "A step takes one batch. After how many steps has every image been seen?",
    "Try it with small numbers on paper: 10 images in batches of 4. How many batches, and how full is the last one?",
)
EXCHANGED_HINTS = (
    "Both are whole numbers, and Python cannot see which is which: it goes by places, or by the names you give.",
    "Compare the `def` line with the one the exercise came with, and follow each of the two to where it is used.",
)


def judge(answers, seed):
    asked = questions(seed)
    given = [_count(answers[f"answer {number}"], *question) for number, question in enumerate(asked)]
    right = [-(-examples // batch) for examples, batch in asked]
    for (examples, batch), answer, wanted in zip(asked, given, right, strict=True):
        if answer != wanted:
            _refuse_count(answers, asked, [int(each) for each in given], examples, batch, int(answer))
    for (examples, batch), answer in zip(asked, given, strict=True):
        if isinstance(answer, float):
            raise Wrong(
                "float-returned",
                f"You return {answer!r} for {examples:,} images in batches of {batch}. Keras counts steps with whole "
                "numbers (int) only.",
                "A number can be whole and still be stored as a fraction.",
                "Which kind of number does your last step give?",
            )
    return "60,000 images in batches of 128 make 469 steps, the last of them smaller."


def _count(answer, examples, batch):
    """The student's answer as int, or as float if they gave one."""
    require_returned(answer)
    number = answer.item() if isinstance(answer, np.ndarray) and answer.shape == () else answer
    if isinstance(number, bool) or not isinstance(number, int | float) or not np.isfinite(number):
        what = kind_of(answer) if isinstance(answer, Thing | np.ndarray) else f"{number!r:.60}"
        what += " (the answer to a comparison)" if isinstance(number, bool) else ""
        raise Wrong("not-a-number", f"You return {what}; a whole number is wanted.", *COUNT_HINTS)
    if number != int(number):
        message = f"You return {number:.6g} for {examples:,} images in batches of {batch}: there is no part of a step."
        raise Wrong("not-whole", message, *COUNT_HINTS)
    return number


def _refuse_count(answers, asked, given, examples, batch, answer):
    right = -(-examples // batch)
    message = f"For {examples:,} images in batches of {batch:,} you say {answer:,}; {right:,} are needed."
    room = f" There is room for {answer * batch:,} images only." if 0 < answer < right else ""
    if len(set(given)) == 1:
        raise Wrong("fixed-number", f"{message} You always say the same.", "Both arguments matter.", COUNT_HINTS[1])
    suspects = MISTAKES
    if "batch" in "".join(map(str, answers["parameters"][:1])):
        suspects = [*EXCHANGED, *MISTAKES]
    for mistake in suspects:
        if all(mistake.wrong(n, b) == said for (n, b), said in zip(asked, given, strict=True)):
            raise Wrong(mistake.code, f"{message} {mistake.message}".strip() + room, *mistake.hints)
    if all(said == max(n // b, min(given)) for (n, b), said in zip(asked, given, strict=True)):
        raise Wrong("rounded-down", message + room, *COUNT_HINTS)
    raise Wrong("wrong-count", message + room, *COUNT_HINTS)


_DEF = "Your `def` line takes the batch size first, where the lab puts the images."

EXCHANGED = mistakes(
    EXCHANGED_HINTS,
    ("arguments-exchanged", _DEF, lambda n, b: -(-b // n)),
    ("arguments-exchanged", _DEF, lambda n, b: b // n),
)
MISTAKES = mistakes(
    COUNT_HINTS,
    ("rounded-down", "", lambda n, b: n // b),
    ("one-too-many", "Where the batches come out even, you count one more.", lambda n, b: n // b + 1),
    ("one-too-many", "You count one more.", lambda n, b: -(-n // b) + 1),
    ("rounded-to-nearest", "You round to the nearest number, up or down.", lambda n, b: round(n / b)),
    ("remainder", "That is how many images are left over for the last batch.", lambda n, b: n % b),
    ("inverted", "The division is the wrong way round.", lambda n, b: -(-b // n)),
    ("inverted", "The division is the wrong way round.", lambda n, b: b // n),
    ("multiplied", "You multiply.", lambda n, b: n * b),
    ("batch-size-ignored", "That is the number of images, not of batches.", lambda n, b: n),
    ("examples-ignored", "That is the size of a batch.", lambda n, b: b),
)
