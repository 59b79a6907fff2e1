"""One exercise, run where the student's code runs: what it needs of the notebook, its cell, its check, questions."""

from labutils.checks.exercises import EXERCISES
from labutils.classroom import answers, program

LONGEST_TEXT = 4000  # characters of a message or hint


def examine(exercise, passed, job, shell):
    """Run a student's cell and its check, and ask the function the questions of the proof.

    Parameters
    ----------
    exercise : dict
        "name", "notebook", "cell" (its number), "test" (the source of its check), "check" (or None).
    passed : collection of str
        The exercises before that passed: where this one needs them, it gets the student's own.
    job : dict
        "notebooks" (the kinds and pieces of their cells) and "seed".
    shell : InteractiveShell

    Returns
    -------
    dict
        For ``examiner.judge``.
    """
    cells, number = job["notebooks"][exercise["notebook"]], exercise["cell"]
    names = {kind for kind, _ in cells} - {"lab", "student"}
    pieces, broken = _runnable(cells[number][1])
    wanted = {exercise["name"]} if not pieces else set()
    for source in [*pieces, exercise["test"]]:
        code = compile(program.to_python(source), "<cell>", "exec", dont_inherit=True, flags=program.AWAIT)
        wanted |= program.needs(code)
    found = program.statements(tuple((kind, tuple(pieces)) for kind, pieces in cells))
    defined = {name for statement in found if statement.cell == number for name in statement.defines}
    sources, references = program.before(
        found, number, (wanted - defined) | ({exercise["name"]} - defined), names, passed
    )
    for name in references:
        shell.user_ns[name] = _reference(name)
    errors = [_error(shell.run_cell(source)) for source in [*sources, *pieces]]
    if exercise["name"] not in shell.user_ns:
        error = broken or next((error for error in reversed(errors) if error), None)
        return {"missing": True, "error": error}
    ran = shell.run_cell(exercise["test"])
    result = {"ran": bool(ran.success), "error": _error(ran), "check": _finding(shell.user_ns.get("result"))}
    result["asserts"] = not shell.run_cell("assert False").success
    if ran.success and exercise["check"]:
        try:
            result["answers"] = answers.ask(exercise["check"], shell.user_ns[exercise["name"]], job["seed"])
        except answers.Unaskable as error:
            result["unaskable"] = str(error)[:LONGEST_TEXT]
        except BaseException as error:
            result["refused"] = f"{type(error).__name__}: {error}"[:LONGEST_TEXT]
    return result


def _runnable(pieces):
    """A solution's pieces as one cell if that can be run, else those that can; and why not all can."""
    whole = "\n".join(pieces)
    error = program.compiles(whole)
    if error is None:
        return [whole] if pieces else [], None
    text = (getattr(error, "text", None) or "").strip()
    place = f" (your line {error.lineno}: `{text[:120]}`)" if text and getattr(error, "lineno", None) else ""
    message = f"{type(error).__name__}: {getattr(error, 'msg', error)}{place}"[:LONGEST_TEXT]
    return [piece for piece in pieces if program.compiles(piece) is None], message


def _reference(name):
    return next((exercise.reference() for exercise in EXERCISES.values() if exercise.name == name), None)


def _error(ran):
    error = ran.error_before_exec or ran.error_in_exec
    return f"{type(error).__name__}: {error}"[:LONGEST_TEXT] if error is not None else None


def _finding(result):
    """What a check found, as plain text."""
    if result is None or not hasattr(result, "passed"):
        return {}
    texts = {name: str(getattr(result, name, ""))[:LONGEST_TEXT] for name in ("code", "message", "hint")}
    return {"passed": bool(result), **texts}
