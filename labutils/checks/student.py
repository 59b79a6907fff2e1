"""What a student handed in: whether it is a function at all, and how it is called so that errors become findings."""

import contextlib
import dis
import functools
import inspect
import re
import traceback
from collections import Counter

from labutils.checks.running import TimeUp, words_of
from labutils.checks.verdict import READ_THE_ERROR, Raised, Wrong

SECONDS = 1.2  # a call gets this long; the lab's own versions take a fifth of it at most

DEEP = 100  # calls of one function inside each other, which no right answer needs

_STUB_OPERATIONS = {
    *("RESUME", "NOP", "CACHE", "PUSH_NULL", "PRECALL", "CALL", "COPY_FREE_VARS", "MAKE_CELL"),
    *("LOAD_GLOBAL", "LOAD_CONST", "RAISE_VARARGS", "RETURN_VALUE", "RETURN_CONST"),
}


class Student:
    """The student's function; calls it, raising ``Wrong`` for what it raises and ``TimeUp`` when it takes too long."""

    def __init__(self, function, exercise, clock):
        self.function, self.exercise, self._clock = function, exercise, clock

    def __call__(self, *args, seconds=SECONDS):
        return self.attempt(self.function, *args, seconds=seconds, who="Your function stops")

    def attempt(self, action, *args, seconds=SECONDS, when_up=None, who="What your function returned fails"):
        """Call anything that runs the student's code, such as a model they built or the next batch of their dataset.

        Gives it that many seconds; ``when_up`` is the ``Wrong`` found when they are over, if it is a special one, and
        ``who`` begins the sentence about an exception.
        """
        try:
            with self._clock.running(seconds, when_up):
                return action(*args)
        except TimeUp as up:
            if _is_deep(up):  # it would have ended in a RecursionError
                raise _explained(RecursionError().with_traceback(_cut_short(up)), self.function, who) from None
            raise
        except Wrong:
            raise
        except BaseException as error:
            raise _explained(error, self.function, who) from None

    def require_attempt(self):
        """Raise ``Wrong`` unless this is a function with something in it that takes the exercise's arguments."""
        _require_function(self.function, self.exercise)
        plain = _plain(self.function)
        if _is_stub(plain):
            raise Wrong(
                "not-attempted",
                f"`{self.exercise.name}` is still empty. Nothing is lost: the lab goes on with its own version "
                "until you write yours.",
                "Read the text above the exercise once more: it says what comes in and what goes out.",
                "Write down the shape and the kind of number before and after; then look for one line for each change.",
            )
        if inspect.isgeneratorfunction(plain) or inspect.iscoroutinefunction(plain):
            raise Wrong(
                "yields",
                "Your function contains `yield` or is `async`: calling it gives a generator, and none of its "
                "lines run.",
                "A function that gives its results bit by bit is another thing than one that gives a result.",
                "Which word hands a result back to the caller once and for all?",
            )
        self._require_parameters()

    def parameters(self):
        """The names in the student's ``def`` line; none where Python cannot tell."""
        signature = self._signature()
        return [*signature.parameters] if signature else []

    def _signature(self):
        with contextlib.suppress(TypeError, ValueError):
            return inspect.signature(self.function)

    def _require_parameters(self):
        signature = self._signature()
        if signature is None:
            return
        try:
            signature.bind(*range(self.exercise.arguments))
        except TypeError:
            raise Wrong(
                "wrong-signature",
                f"The lab calls `{self.exercise.signature}`, but yours is `{self.exercise.name}{signature}`.",
                "Other cells call your function too: what they hand over has to find a place.",
                "Compare the `def` line with the one the exercise came with, argument by argument.",
            ) from None


def returned(value, *wanted):
    """Raise ``Wrong`` for what is never a result: None, or a ``...`` left in it."""
    if value is None:
        raise Wrong(
            "nothing-returned",
            "Your function returns nothing: whoever calls it gets `None`.",
            "A function hands on only what it is told to hand on; printing or assigning a value is not enough.",
            "Look at the last line of your function: does every way through it end with `return` and a value?",
        )
    if value is ... or (isinstance(value, (tuple, list)) and any(part is ... for part in value)):
        raise Wrong(
            "placeholder-left",
            "What your function returns still contains the placeholder `...`.",
            "Every `...` stands for something you have to write.",
            "What should stand in its place? The text above the exercise names what goes out, in this order.",
        )


def _require_function(function, exercise):
    hints = (
        "A check wants the recipe, not the dish: the function itself, which it then calls with its own examples.",
        "Look at the cell that calls the check: is there a pair of brackets after the name? And was the cell "
        "with `def` run?",
    )
    if function is None:
        raise Wrong("not-a-function", f"`{exercise.name}` is `None` here, not a function.", *hints)
    is_model = hasattr(function, "trainable_weights") and not isinstance(function, type)
    if not callable(function) or is_model:
        message = f"The check was given {kind_of(function)} where it wants the function `{exercise.name}`."
        raise Wrong("not-a-function", message, *hints)


def kind_of(value):
    """The type of a value in words: ``"an `int`"``."""
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} `{name}`"


def _plain(function):
    """The Python function inside wrappers such as functools.partial and tf.function, where there is one."""
    while isinstance(function, functools.partial):
        function = function.func
    return inspect.unwrap(getattr(function, "python_function", function))


def _is_stub(function):
    """Whether a function only raises NotImplementedError or does nothing, read from its bytecode."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = list(dis.get_instructions(code))
    if not {step.opname for step in steps} <= _STUB_OPERATIONS:
        return False
    if any(step.opname == "RAISE_VARARGS" for step in steps):
        return code.co_names == ("NotImplementedError",)
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return not code.co_names and all(value is None or value is ... for value in constants)


def _explained(error, function, who):
    """The finding behind an exception that the student's code raised."""
    line, is_own = _own_line(error, function)
    kind, text = type(error).__name__, _plain_words(error)
    if isinstance(error, NotImplementedError) and is_own:
        return Raised(
            error,
            "raise-left",
            f"Your function still runs into `raise NotImplementedError`{line}.",
            "That line came with the exercise and says: nothing here yet.",
            "Python goes through your lines in order. What does it do when it comes to this one?",
        )
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        return Raised(
            error,
            "name-missing",
            f"A name is not known when your function runs{line}: {text}.",
            "Either the name is spelt differently elsewhere, or the cell that defines it has not been run.",
            "After a restart the kernel knows nothing: run the cells above, imports first, and then yours.",
        )
    if isinstance(error, RecursionError):
        return Raised(
            error,
            "calls-itself",
            f"Your function calls itself again and again until Python stops it{line}.",
            "Something inside carries the same name as your function.",
            "Which function did you mean to call there, and has your `def` line taken its name?",
        )
    return Raised(
        error,
        "raises",
        f"{who} with {kind}{line}" + (f": {text}" if text else "."),
        *READ_THE_ERROR,
    )


def _cut_short(up):
    """The traceback of where the student's code was when its time was up."""
    return (up.__context__ or up).__traceback__


def _is_deep(up):
    """Whether one function had called itself over and over by then."""
    codes = Counter(frame.f_code for frame, _ in traceback.walk_tb(_cut_short(up)))
    return max(codes.values(), default=0) > DEEP


def _own_line(error, function):
    """Where in the student's own code it happened: (" (your line 3: `...`)", whether they raised it themselves)."""
    file = getattr(getattr(_plain(function), "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [(frame.lineno, frame.line or "") for frame in frames if frame.filename == file]
    in_graph = re.findall(r'File "(.+)", line (\d+), in .*\n\s*(.*)', words_of(error))  # as AutoGraph reports it
    own += [(int(line), text) for name, line, text in in_graph if name == file]
    if not own:
        return "", False
    line, text = own[-1]
    text = f": `{text.strip()}`" if text.strip() else ""
    return f" (your line {line}{text})", frames[-1].filename == file


# An array in words, longer than any shape. The first kind need not be closed: to look for its end could take for ever.
_NUMBER = r"[-+\d.\s,]|e[-+]\d|nan|inf|True|False"
_NUMBERS = rf"\[\s*\[(?:{_NUMBER}|[\[\]])*|\[(?:{_NUMBER}){{25,}}\]"


def _plain_words(error):
    """The message of an error without what TensorFlow, AutoGraph and Keras wrap around it; 240 characters at most."""
    text = re.sub(
        r"\x1b\[[0-9;]*m|\{\{.*?\}\}\s*|\s*\[Op:.*|Error in user-defined function.*Iterator::\S+ ",
        "",
        words_of(error),
    )
    text = re.sub(_NUMBERS, lambda found: "[...]" + found[0].rpartition("]")[2], text.replace("[[]]", ""))
    text = re.sub(r",? ?numpy=\s*array\([^>]*>", ">", text)
    if "in user code:" in text:
        last_error = re.findall(r"^\s*\w*(?:Error|Exception): (.*(?:\n(?!\s*File ).*)*)", text, re.MULTILINE)
        text = last_error[-1] if last_error else text
    text = re.sub(r"^Exception encountered when calling.*", "", text)
    text = text.split("Arguments received by")[0].split("Call arguments received")[0]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = " ".join(lines[:3])
    return words if len(words) <= 240 else words[:237] + "..."
