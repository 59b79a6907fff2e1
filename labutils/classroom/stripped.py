"""Makes the copy of labutils that the sandbox shows: without exercises, judges, and the lab's own solutions."""

import compileall
import py_compile
import shutil

from labutils import exercises
from labutils.classroom.sandbox import PACKAGE

LEFT_OUT = "exercises", "judging", "checks", "classroom", "commands", "bench", "browser"
RESTORE = "\n\nfrom labutils.asking import solutions as _solutions\n\n_solutions.restore(globals())\n"


def copy(folder):
    """Write the copy to ``folder/labutils``, compiled, and return where it is."""
    target = folder / "labutils"
    shutil.copytree(PACKAGE, target, ignore=_unwanted)
    (target / "checks").mkdir()
    shutil.copy(PACKAGE / "checks" / "result.py", target / "checks" / "result.py")
    shutil.copy(PACKAGE / "classroom" / "no_checks.py", target / "checks" / "__init__.py")
    holding = {}
    for exercise in exercises.found().values():
        path = target / exercise.solution_path.relative_to(PACKAGE)
        holding[path] = exercises.without(holding.get(path) or path.read_text("utf-8"), exercise.name)
    for path, source in holding.items():
        path.write_text(source + RESTORE, "utf-8")
    hashed = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(target, quiet=2, stripdir=target, prependdir=PACKAGE, invalidation_mode=hashed)
    return target


def _unwanted(folder, names):
    here = LEFT_OUT if folder == str(PACKAGE) else ()
    return {name for name in names if name in here or name == "__pycache__"}
