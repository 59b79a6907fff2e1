"""What a student handed in: whether it is a function at all, how it is called, and what comes of that."""

import ast
import contextlib
import dis
import functools
import inspect
import re
import traceback
from collections import Counter

from labutils.asking.clock import Clock, TimeUp, run, words_of
from labutils.asking.values import Failure, Thing, plain, seen

SECONDS = 1.2  # a call gets this long; the lab's own versions take a fifth of it at most

DEEP = 100  # calls of one function inside each other, which no right answer needs

_STUB_OPERATIONS = {
    *("RESUME", "NOP", "CACHE", "PUSH_NULL", "PRECALL", "CALL", "COPY_FREE_VARS", "MAKE_CELL"),
    *("LOAD_GLOBAL", "LOAD_CONST", "RAISE_VARARGS", "RETURN_VALUE", "RETURN_CONST"),
}


def ask(function, signature, questions, seed):
    """Ask what a student handed in, and write down the answers.

    Parameters
    ----------
    function : whatever the student has under the exercise's name
    signature : str
        What the exercise asks for, such as ``"preprocess(image, label)"``.
    questions : callable
        The asking half of an exercise; called with a ``Student`` and the seed.
    seed : int

    Returns
    -------
    dict of str to plain values (see ``values``)
        ``"attempt"``: what the function is, ``"function"`` if it can be asked at all. Then what the asking half wrote
        down, up to the first thing that failed.

    Never raises, whatever the function does; only an interrupt by the user gets out.
    """
    student = Student(function, Clock())

    def asking():
        try:
            student.note("attempt", _attempt(function, signature))
            theirs = _signature_of(function)
            student.note("parameters", [*theirs.parameters] if theirs else [])
            student.note("signature", words_of(theirs) if theirs else "")
            if student.answers["attempt"] == "function":
                questions(student, seed)
        except Stopped:
            pass
        except BaseException as error:  # an object made by the student that misbehaves outside of the clock
            student.answers[student.at] = _failure(error, function, "What your function made fails")

    if run(asking, student.clock):
        return student.answers
    return {**student.answers, student.at: Failure(is_stuck=True)}


class Stopped(Exception):
    """The student's code failed. It is written down already; an asking half that knows how to go on catches this."""


class Student:
    """The student's function, the clock of its time, and ``answers``: what was seen of it so far, by name."""

    def __init__(self, function, clock):
        self.function, self.clock, self.answers, self.at = function, clock, {}, "end"

    def answer(self, name, *args, seconds=SECONDS):
        """Call the function, and write down under this name what it returns; returns it as it is."""
        result = self.call(name, *args, seconds=seconds)
        self.note(name, seen(result))
        return result

    def call(self, name, *args, seconds=SECONDS):
        """What the function returns; nothing is written down, unless it fails."""
        return self.attempt(name, self.function, *args, seconds=seconds, who="Your function stops")

    def attempt(self, name, action, *args, seconds=SECONDS, who="What your function returned fails"):
        """Call anything that runs the student's code, such as a model they built or the next batch of their dataset.

        Parameters
        ----------
        name : str
            Where its failure is written down.
        action : callable
        seconds : float
            Its time.
        who : str
            Begins the sentence about an exception.

        Raises
        ------
        Stopped
            It raised, or its time was up.
        """
        self.at = name
        try:
            with self.clock.running(seconds):
                return action(*args)
        except TimeUp as up:
            # One that calls itself without end would have ended in a RecursionError.
            deep = RecursionError().with_traceback(_cut_short(up)) if _is_deep(up) else None
            failure = _failure(deep, self.function, who) if deep else Failure()
        except BaseException as error:
            failure = _failure(error, self.function, who)
        self.answers[name] = failure
        raise Stopped

    def note(self, name, value):
        """Write a plain value down."""
        self.at = name
        self.answers[name] = plain(value)


def _attempt(function, signature):
    """What was handed in: "function" if it can be asked, else what keeps it from that."""
    is_model = hasattr(function, "trainable_weights") and not isinstance(function, type)
    if not callable(function) or is_model:
        return Thing(type(function).__name__)
    inner = _plain(function)
    if _is_stub(inner):
        return "stub"
    if inspect.isgeneratorfunction(inner) or inspect.iscoroutinefunction(inner):
        return "generator"
    if theirs := _signature_of(function):
        try:
            theirs.bind(*_arguments(signature))
        except TypeError:
            return "other arguments"
    return "function"


def _signature_of(function):
    """The student's ``def`` line; None where Python cannot tell."""
    with contextlib.suppress(TypeError, ValueError):
        return inspect.signature(function)


def _arguments(signature):
    return ast.parse(f"def {signature}: ...").body[0].args.args


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


def _failure(error, function, who):
    """What is written down of an exception that the student's code raised."""
    where, is_own = _own_line(error, function)
    bases = tuple(base.__name__ for base in type(error).__mro__)
    text = _without_arrays("\n".join(map(words_of, filter(None, (error, error.__cause__)))))
    return plain(Failure(type(error).__name__, bases, text, _plain_words(error), where, is_own, who))


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


def _without_arrays(text):
    text = re.sub(_NUMBERS, lambda found: "[...]" + found[0].rpartition("]")[2], text.replace("[[]]", ""))
    return re.sub(r",? ?numpy=\s*array\([^>]*>", ">", text)


def _plain_words(error):
    """The message of an error without what TensorFlow, AutoGraph and Keras wrap around it; 240 characters at most."""
    text = re.sub(
        r"\x1b\[[0-9;]*m|\{\{.*?\}\}\s*|\s*\[Op:.*|Error in user-defined function.*Iterator::\S+ ",
        "",
        words_of(error),
    )
    text = _without_arrays(text)
    if "in user code:" in text:
        last_error = re.findall(r"^\s*\w*(?:Error|Exception): (.*(?:\n(?!\s*File ).*)*)", text, re.MULTILINE)
        text = last_error[-1] if last_error else text
    text = re.sub(r"^Exception encountered when calling.*", "", text)
    text = text.split("Arguments received by")[0].split("Call arguments received")[0]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = " ".join(lines[:3])
    return words if len(words) <= 240 else words[:237] + "..."
