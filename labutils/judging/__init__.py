"""How an exercise judges answers: it raises ``Wrong``, and compares what was seen with what the usual mistakes give.

Nothing here, nor in the judging half of an exercise, ever meets an object of the student's: answers are plain values.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labutils.asking.values import Failure, Thing, Unreadable

READ_THE_ERROR = (
    "The last line of an error says what was wrong; the numbers in it are shapes or kinds of number.",
    "Call your function yourself in a new cell, with one example, and print shape and dtype after each step.",
)


class Wrong(Exception):
    """A mistake: a stable code, a message with the numbers seen, and hints in steps."""

    def __init__(self, code, message, *hints):
        super().__init__(message)
        self.code, self.message, self.hints = code, message, hints


class Raised(Wrong):
    """The student's code raised; ``failure`` says what, in case a judge knows the mistake behind it."""

    def __init__(self, failure, *args):
        super().__init__(*args)
        self.failure = failure


class NeverEnds(Wrong):
    """The student's code had not come to an end when its time was up."""


@dataclass(frozen=True)
class Passed:
    """What to say of a right answer.

    Attributes
    ----------
    message : str
    unsure : str
        Why a person should look at it before it is graded, if there is a part that nothing was asked about.
    """

    message: str
    unsure: str = ""


def judge(exercise, record, seed):
    """What the answers of a student are worth.

    Parameters
    ----------
    exercise : exercises.Exercise
    record : dict
        As from ``asking.student.ask``; in grading anybody may have written it.
    seed : int
        Of the questions.

    Returns
    -------
    Passed or Wrong

    Raises
    ------
    asking.values.Unreadable
        The exercise's asking half cannot have written this.
    """
    answers = Answers(record)
    try:
        with np.errstate(all="ignore"):
            _require_attempt(answers, exercise)
            passed = exercise.judge(answers, seed)
    except Wrong as wrong:
        return wrong
    except Unreadable:
        raise
    except Exception as error:  # answers of other kinds or shapes than were asked for
        raise Unreadable(f"answers that do not belong to the questions ({type(error).__name__}: {error})") from error
    return passed if isinstance(passed, Passed) else Passed(passed)


class Answers:
    """What was seen, by name; ``answers["name"]`` raises ``Raised`` or ``NeverEnds`` if the student's code did."""

    def __init__(self, record):
        self._record = record

    def __contains__(self, name):
        return name in self._record

    def __getitem__(self, name):
        value = self._record.get(name)
        if name not in self._record:  # then the asking has ended before, at a failure
            value = next((each for each in self._record.values() if isinstance(each, Failure)), None)
            if value is None:
                raise Unreadable(f"no answer to {name!r}")
        if isinstance(value, Failure):
            raise _explained(value)
        return value

    def get(self, name, default=None):
        """The answer; ``default`` if there is none, or the student's code failed."""
        value = self._record.get(name, default)
        return default if isinstance(value, Failure) else value


def _explained(failure):
    """The finding behind a failure of the student's code."""
    if not failure.error:
        message = "Your function did not come to an end: the check stopped waiting for it."
        if failure.is_stuck:
            message += " It could not be stopped: restart the kernel when you have found the reason."
        return NeverEnds(
            "never-ends",
            message,
            "Something in it goes on for ever: a loop, or something that is repeated without end.",
            "Which condition ends your loop, and which line makes that condition come true? A `for` over a repeated "
            "dataset has no end either.",
        )
    if "NotImplementedError" in failure.bases and failure.is_own:
        return Raised(
            failure,
            "raise-left",
            f"Your function still runs into `raise NotImplementedError`{failure.where}.",
            "That line came with the exercise and says: nothing here yet.",
            "Python goes through your lines in order. What does it do when it comes to this one?",
        )
    if "NameError" in failure.bases and "UnboundLocalError" not in failure.bases:
        return Raised(
            failure,
            "name-missing",
            f"A name is not known when your function runs{failure.where}: {failure.words}.",
            "Either the name is spelt differently elsewhere, or the cell that defines it has not been run.",
            "After a restart the kernel knows nothing: run the cells above, imports first, and then yours.",
        )
    if "RecursionError" in failure.bases:
        return Raised(
            failure,
            "calls-itself",
            f"Your function calls itself again and again until Python stops it{failure.where}.",
            "Something inside carries the same name as your function.",
            "Which function did you mean to call there, and has your `def` line taken its name?",
        )
    return Raised(
        failure,
        "raises",
        f"{failure.who} with {failure.error}{failure.where}" + (f": {failure.words}" if failure.words else "."),
        *READ_THE_ERROR,
    )


def _require_attempt(answers, exercise):
    """Raise ``Wrong`` unless this is a function with something in it that takes the exercise's arguments."""
    attempt = answers["attempt"]
    if isinstance(attempt, Thing):
        given = f"The check was given {kind_of(attempt)} where it wants the function `{exercise.name}`."
        raise Wrong(
            "not-a-function",
            f"`{exercise.name}` is `None` here, not a function." if attempt.type == "NoneType" else given,
            "A check wants the recipe, not the dish: the function itself, which it then calls with its own examples.",
            "Look at the cell that calls the check: is there a pair of brackets after the name? And was the cell "
            "with `def` run?",
        )
    if attempt == "stub":
        raise Wrong(
            "not-attempted",
            f"`{exercise.name}` is still empty. Nothing is lost: the lab goes on with its own version "
            "until you write yours.",
            "Read the text above the exercise once more: it says what comes in and what goes out.",
            "Write down the shape and the kind of number before and after; then look for one line for each change.",
        )
    if attempt == "generator":
        raise Wrong(
            "yields",
            "Your function contains `yield` or is `async`: calling it gives a generator, and none of its lines run.",
            "A function that gives its results bit by bit is another thing than one that gives a result.",
            "Which word hands a result back to the caller once and for all?",
        )
    if attempt == "other arguments":
        raise Wrong(
            "wrong-signature",
            f"The lab calls `{exercise.signature}`, but yours is `{exercise.name}{answers['signature']}`.",
            "Other cells call your function too: what they hand over has to find a place.",
            "Compare the `def` line with the one the exercise came with, argument by argument.",
        )


def require_returned(value):
    """Raise ``Wrong`` for what is never a result: None, or a ``...`` left in it."""
    if value is None:
        raise Wrong(
            "nothing-returned",
            "Your function returns nothing: whoever calls it gets `None`.",
            "A function hands on only what it is told to hand on; printing or assigning a value is not enough.",
            "Look at the last line of your function: does every way through it end with `return` and a value?",
        )
    if isinstance(value, Thing) and "ellipsis" in (value.type, *(getattr(item, "type", "") for item in value.items)):
        raise Wrong(
            "placeholder-left",
            "What your function returns still contains the placeholder `...`.",
            "Every `...` stands for something you have to write.",
            "What should stand in its place? The text above the exercise names what goes out, in this order.",
        )


def refuse_class(message):
    """Raise ``Wrong`` for a class where something made from it is wanted."""
    raise Wrong(
        "class-not-object",
        message,
        "A class is the plan of a thing, not the thing: somebody has to build it.",
        "What turns the name of a class into an object?",
    )


def require_array(value, shape=None):
    """The answer as an array of numbers, if it is one, of this shape if one is given; raises ``Wrong`` if not."""
    require_returned(value)
    wanted = f" of shape {shape}" if shape else ""
    if isinstance(value, Thing | str):
        of = f" of {value.length}" if isinstance(value, Thing) and value.length is not None else ""
        raise Wrong(
            "not-an-array",
            f"You return {kind_of(value)}{of}; an array{wanted} is wanted.",
            "The cells that follow calculate with what you return, as NumPy does it.",
            "Which of your steps gives an array, and what happens to it after that?",
        )
    value = np.asarray(value)
    if shape and value.shape != shape:
        raise Wrong(
            "wrong-shape",
            f"You return an array of shape {value.shape}; {shape} is wanted.",
            "Read the text above the exercise once more: it says which shape comes out.",
            "Print the shape after each of your steps: where does it become another one?",
        )
    return value


def kind_of(value):
    """The type of an answer in words: ``"an `int`"``."""
    if isinstance(value, Thing) and value.is_class:
        return f"the class `{value.type}`"
    name = value.type if isinstance(value, Thing) else type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} `{name}`"


# ----- usual mistakes -----


@dataclass(frozen=True)
class Mistake:
    """A usual mistake: ``wrong`` is a small wrong version of what the student should write.

    ``message`` may name ``{seen}``, the first number of what came out.
    """

    code: str
    message: str
    wrong: Callable
    hints: tuple = ()


def mistakes(hints, *rows):
    """A list of ``Mistake``, from rows of code, message and wrong version, which share their hints."""
    return [Mistake(*row, hints) for row in rows]


def accuse(seen, suspects, *question, tolerance=1e-4):
    """Raise ``Wrong`` for the first mistake that makes of the question what was seen.

    Parameters
    ----------
    seen : array
    suspects : iterable of Mistake
    *question
        What each wrong version is called with.
    tolerance : float
        Relative and absolute.
    """
    for suspect in suspects:
        if same(seen, suspect.wrong(*question), tolerance):
            raise Wrong(suspect.code, suspect.message.replace("{seen}", _first(seen)), *suspect.hints)


def accuse_of_all(seen, suspects, questions, tolerance=1e-4):
    """As ``accuse``, with several questions: a mistake has to explain all of the answers, which chance rarely does.

    Parameters
    ----------
    seen : sequence of numbers or arrays
        The answers.
    suspects : iterable of Mistake
    questions : sequence of tuples
        What each wrong version is called with, as many as there are answers.
    tolerance : float
    """
    for suspect in suspects:
        given = (suspect.wrong(*question) for question in questions)
        if all(same(answer, wrong, tolerance) for answer, wrong in zip(seen, given, strict=True)):
            raise Wrong(suspect.code, suspect.message.replace("{seen}", _first(seen[0])), *suspect.hints)


def _first(seen):
    return f"{np.ravel(seen)[0]:.4f}" if np.size(seen) else ""


def same(seen, expected, tolerance=1e-4):
    """Whether two arrays have one shape and finite, nearly equal values."""
    try:
        seen, expected = np.asarray(seen), np.asarray(expected)
        if seen.shape != expected.shape:  # before anything is computed: what was seen may be huge
            return False
        seen, expected = seen.astype(np.float64), expected.astype(np.float64)
    except (TypeError, ValueError):
        return False
    return np.allclose(seen, expected, rtol=tolerance, atol=tolerance)


def span(values):
    """The range of an array in words: ``"0 to 255"``."""
    return f"{np.min(values):.4g} to {np.max(values):.4g}"
