"""The exercises, one file for each: all there is to know of it, for notebooks, grading and tests.

A file holds ``EXERCISE``, an ``Exercise``, and two halves that never mix:

- ``ask(student, seed)`` runs beside the student's code and writes down plain values. It goes into the sandbox alone,
  with those of the file's functions and constants that it uses, and so must not use the right answer;
- ``judge(answers, seed)`` sees these values and nothing else. It raises ``Wrong``, or returns what to say.

Both make the same questions from the seed. NumPy is imported above; anything slower, such as TensorFlow, inside of
what asks. A file of this form in a folder ``exercises`` beside the notebooks is found as well, whoever wrote it.
"""

import ast
import importlib
import importlib.util
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    number : str
        Such as ``"1.1"``: notebook and place in it.
    signature : str
        What the student writes, such as ``"preprocess(image, label)"``; its name is the exercise's.
    check : str
        Its name in ``labutils.checks``.
    reference : str
        The module that holds the lab's own version, such as ``"labutils.datasets"``; "" for the exercise's own file.
    path : Path
        The exercise's file; filled in when it is found.
    """

    number: str
    signature: str
    check: str
    reference: str = ""
    path: Path = None

    @property
    def name(self):
        """The function that the student writes."""
        return self.signature.partition("(")[0]

    @property
    def heading(self):
        return f"{self.number} {self.name}"

    @property
    def module(self):
        """The exercise's file, imported."""
        return _module(self.path)

    def ask(self, student, seed):
        """The asking half; imports TensorFlow where it needs it."""
        self.module.ask(student, seed)

    def judge(self, answers, seed):
        """The judging half; NumPy only."""
        return self.module.judge(answers, seed)

    def solution(self):
        """The lab's own version of what the student writes."""
        return getattr(importlib.import_module(self.reference) if self.reference else self.module, self.name)

    def asking_source(self):
        """The asking half as text: ``ask`` and what it needs of its file, without anything that only judges."""
        return _part_of(self.path.read_text("utf-8"), "ask")

    def solution_source(self):
        """The lab's own version as text: of an exercise's own file with all that it needs."""
        if not self.reference:
            return _part_of(self.path.read_text("utf-8"), self.name)
        source = self.solution_path.read_text("utf-8")
        return ast.get_source_segment(source, _function(source, self.name)) + "\n"

    @property
    def solution_path(self):
        """The file that holds the lab's own version."""
        return Path(importlib.util.find_spec(self.reference).origin) if self.reference else self.path


def found(beside=None):
    """All exercises, by name, in the order of their numbers.

    Parameters
    ----------
    beside : Path, optional
        A folder with notebooks: the files in its folder ``exercises`` are an instructor's own.

    Returns
    -------
    dict of str to Exercise

    Raises
    ------
    ExerciseError
        A file is not of the form that this package describes, or two exercises have one name.
    """
    exercises = {}
    own = [path for path in sorted((beside / "exercises").glob("*.py")) if is_exercise(path)] if beside else []
    for path in [*sorted(FOLDER.glob("[!_]*.py")), *own]:
        exercise = _exercise(path)
        if exercise.name in exercises:
            others = exercises[exercise.name].path
            raise ExerciseError(f"{path} and {others} both hold an exercise {exercise.name}: rename one of them.")
        exercises[exercise.name] = exercise
    return dict(sorted(exercises.items(), key=lambda item: [*map(int, item[1].number.split("."))]))


class ExerciseError(Exception):
    """An exercise's file cannot be used. The message says why, and what to do."""


def is_exercise(path):
    """Whether a file wants to be an exercise; others may lie in a folder of that name as well."""
    text = path.read_text("utf-8", "replace") if path.suffix == ".py" and path.is_file() else ""
    return re.search(r"^EXERCISE\b", text, re.MULTILINE) is not None


def _exercise(path):
    try:
        module = _module(path)
        exercise, *halves = module.EXERCISE, module.ask, module.judge
        if not isinstance(exercise, Exercise) or not all(map(callable, halves)):
            raise TypeError("EXERCISE is not an Exercise, or ask and judge are not functions")
        [*map(int, exercise.number.split("."))]
    except Exception as error:
        raise ExerciseError(
            f"{path} is no exercise: {type(error).__name__}: {error}. It needs EXERCISE, ask and judge, as "
            f"{FOLDER / 'reconstruction_error.py'} has them."
        ) from error
    return replace(exercise, path=path)


def _module(path):
    if path.parent == FOLDER:
        return importlib.import_module(f"{__name__}.{path.stem}")
    name = f"labutils_own_exercises.{path.stem}"
    held = sys.modules.get(name)
    if held is None or held.__file__ != str(path):
        spec = importlib.util.spec_from_file_location(name, path)
        held = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(held)
        sys.modules[name] = held
    return held


def without(source, name):
    """The source of a module without one of its functions."""
    function, lines = _function(source, name), source.splitlines(keepends=True)
    return "".join(lines[: function.lineno - 1] + lines[function.end_lineno :])


def _function(source, name):
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name]
    if not functions:
        raise ExerciseError(f"There is no function {name} where its exercise says that the lab's own version is.")
    return functions[0]


def _part_of(source, name):
    """The top-level statements of a file that one of its functions needs, in order, itself included."""
    statements = ast.parse(source).body
    defines = [_defined(statement) for statement in statements]
    wanted, chosen = {name}, set()
    while wanted:
        needed = wanted.pop()
        for index, names in enumerate(defines):
            if needed in names and index not in chosen:
                chosen.add(index)
                wanted |= {node.id for node in ast.walk(statements[index]) if isinstance(node, ast.Name)}
    return "\n\n".join(ast.unparse(statements[index]) for index in sorted(chosen)) + "\n"


def _defined(statement):
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(name.asname or name.name).partition(".")[0] for name in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
