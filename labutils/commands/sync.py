"""Make every pair of notebook (.ipynb) and script (.py) agree, with outputs and cell ids kept.

The side that was changed since git's last commit is copied to the other. Where both were, or git cannot tell, or
left its conflict markers, nothing is overwritten until --from says which side holds. A notebook with conflict markers
gets its outputs from the last commit.
"""

import contextlib
import os
import re
import subprocess
import sys

from labutils.bootstrap import ROOT

# Not in pyproject.toml, where they would pair every notebook that is saved anywhere below the lab.
FORMATS = "ipynb,py:percent"
CONFLICT = re.compile(r"""^[\s#"]*(<<<<<<<|>>>>>>>) """, re.MULTILINE)  # in a script, a notebook's JSON or a cell in it


def add_arguments(parser):
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if a pair disagrees")
    parser.add_argument("--from", dest="side", choices=["py", "ipynb"], help="the side to copy from")


def main(options):
    files = (ROOT / "notebooks").glob("[0-9][0-9]_*")
    pairs = sorted({path.with_suffix("") for path in files if path.suffix in (".py", ".ipynb")})
    agreeing = 0
    for pair in pairs:
        name = pair.relative_to(ROOT).as_posix()
        try:
            done = _settle(pair.with_suffix(".py"), pair.with_suffix(".ipynb"), options)
        except Exception as error:  # Unsettled, or whatever the parsers below jupytext say of a damaged file
            print(f"{name}: {error}", file=sys.stderr)
        else:
            agreeing += 1
            if done:
                print(f"{name}: {done}")
    print(f"{agreeing} of {len(pairs)} pairs agree.")
    return 0 if agreeing == len(pairs) else 1


class Unsettled(Exception):
    """A pair does not agree; the message says what stands in the way."""


def _settle(script, notebook, options):
    """Make one pair agree, unless --check; return what was done, or None if they agreed."""
    missing = next((path for path in (script, notebook) if not path.exists()), None)
    side = {"py": script, "ipynb": notebook}.get(options.side)
    torn = [path for path in (script, notebook) if path != missing and CONFLICT.search(path.read_text("utf-8"))]
    if torn and (options.check or missing or side in (None, *torn)):
        raise Unsettled(_advice(torn, script, notebook))
    if not missing and not torn and _source(script) == _source(notebook):
        return None
    if options.check:
        raise Unsettled(f"{missing.suffix} is missing" if missing else ".py and .ipynb do not agree")
    if missing:
        holds = [path for path in (script, notebook) if path != missing]
    elif side:
        holds = [side]
    else:
        holds = [path for path in (script, notebook) if _source(path) != _source_in_git(path)]
    if len(holds) != 1:
        raise Unsettled("both sides may hold changes; look at them, then call sync --from py or sync --from ipynb")
    source, target = (script, notebook) if holds == [script] else (notebook, script)
    if target in torn:
        _restore(target)
    _copy(source, target)
    _copy(script, notebook)  # brings jupytext's settings into a notebook that had none
    if _source(script) != _source(notebook):
        raise Unsettled(f"jupytext copied {source.suffix} to {target.suffix}, and still they do not agree")
    return f"{source.suffix} copied to {target.suffix}"


def _advice(torn, script, notebook):
    whole = f", or call sync --from ipynb if {notebook.name} is" * (notebook not in torn)
    right = f"edit {script.name} until it is right" if script in torn else f"see that {script.name} is right"
    return (
        f"git left conflict markers (<<<<<<<) in {' and '.join(path.name for path in torn)}: {right}, then call "
        f"sync --from py{whole}"
    )


def _source(path, text=None):
    """What the two sides of a pair have in common, as the script that jupytext writes: no outputs, no ids."""
    import jupytext

    text = path.read_text("utf-8") if text is None else text
    return jupytext.writes(jupytext.reads(text, fmt={"extension": path.suffix}), fmt="py:percent")


def _source_in_git(path):
    """The same of the last commit; None if it cannot be told."""
    text = _in_git(path)
    return text and _source(path, text)


def _in_git(path):
    """The file as the last commit has it; None if it cannot be told."""
    command = ["git", "show", f"HEAD:./{path.name}"]
    with contextlib.suppress(OSError):  # no git
        shown = subprocess.run(command, cwd=path.parent, capture_output=True, check=False)
        if shown.returncode == 0:
            return shown.stdout.decode("utf-8")
    return None


def _restore(path):
    """Put back what the last commit has in place of what cannot be read, or nothing if that is no better."""
    text = _in_git(path)
    if text and not CONFLICT.search(text):
        path.write_text(text, "utf-8")
    else:
        path.unlink()


def _copy(source, target):
    """Let jupytext do it, which takes the newer file for the source: so the target is made the older one."""
    from jupytext.cli import jupytext

    if target.exists():
        age = source.stat().st_mtime - 1
        os.utime(target, (age, age))
    jupytext(["--quiet", "--set-formats", FORMATS, "--sync", str(source)])
