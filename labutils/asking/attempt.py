"""One exercise, run where the student's code runs: what it needs of the notebook, its cell, and the questions to it."""

from labutils.asking import program, solutions, student, values


def examine(request, notebooks, shell):
    """Run a student's cell, and ask the function.

    Parameters
    ----------
    request : dict
        "name", "notebook", "cell" (its number), "signature", "ask" (the source of the asking half; None for an
        exercise without questions), "tests" (source of tests of the instructor's own; may be empty), "seed", "passed"
        (names of exercises: where this one needs them, it gets the student's own) and "solutions" (the lab's own
        versions of earlier ones, to stand in: lists of module, name, source).
    notebooks : dict of str to list of (kind, list of str)
        The pieces of all code cells.
    shell : InteractiveShell

    Returns
    -------
    dict
        For ``classroom.examiner``.
    """
    solutions.give(request["solutions"])
    cells, number, name = notebooks[request["notebook"]], request["cell"], request["name"]
    names = {kind for kind, _ in cells} - {"lab", "student"}
    pieces, broken = _runnable(cells[number][1])
    wanted = {name} if not pieces else set()
    for source in [*pieces, request["tests"]]:
        code = compile(program.to_python(source), "<cell>", "exec", dont_inherit=True, flags=program.AWAIT)
        wanted |= program.needs(code)
    found = program.statements(tuple((kind, tuple(pieces)) for kind, pieces in cells))
    defined = {each for statement in found if statement.cell == number for each in statement.defines}
    sources, standing_in = program.before(
        found, number, name, (wanted - defined) | ({name} - defined), names, request["passed"]
    )
    for each in standing_in:
        shell.user_ns[each] = solutions.get(each)
    errors = [_error(shell.run_cell(source)) for source in [*sources, *pieces]]
    if name not in shell.user_ns:
        return {"missing": True, "error": broken or next((error for error in reversed(errors) if error), None)}
    result = {}
    if request["ask"]:
        asking = {"__name__": "asking"}
        exec(compile(request["ask"], f"<questions to {name}>", "exec"), asking)
        answers = student.ask(shell.user_ns[name], request["signature"], asking["ask"], request["seed"])
        result["answers"] = values.pack(answers)
    if request["tests"]:
        ran = shell.run_cell(request["tests"])
        result |= {"ran": bool(ran.success), "error": _error(ran)}
        result["asserts"] = not shell.run_cell("assert False").success
    return result


def _runnable(pieces):
    """A solution's pieces as one cell if that can be run, else those that can; and why not all can."""
    whole = "\n".join(pieces)
    error = program.compiles(whole)
    if error is None:
        return [whole] if pieces else [], None
    text = (getattr(error, "text", None) or "").strip()
    place = f" (your line {error.lineno}: `{text[:120]}`)" if text and getattr(error, "lineno", None) else ""
    message = f"{type(error).__name__}: {getattr(error, 'msg', error)}{place}"[: values.TEXT]
    return [piece for piece in pieces if program.compiles(piece) is None], message


def _error(ran):
    error = ran.error_before_exec or ran.error_in_exec
    return f"{type(error).__name__}: {error}"[: values.TEXT] if error is not None else None
