"""A student's own copy of the exercises: given once, never overwritten; what is new is put beside it."""

import datetime

import nbformat

from labutils import files
from labutils.classroom import title_page
from labutils.classroom.assign import AssignError, read, stamp, write_release

SECTIONS = 4  # as many changed ones are named; with more the student had better look at the whole


def give(release, folder, own=()):
    """Give a student a copy of the release, or what is new in it; nothing that is there is changed.

    A notebook that the student removed or renamed comes back as it was. Where the lab has another version of a notebook
    than the copy, that one is put into a folder ``new-DATE`` inside.

    Parameters
    ----------
    release : dict of str to NotebookNode
        As from ``make_release``.
    folder : Path
    own : dict of str to str
        The instructor's own exercises, as from ``own_exercises``.

    Returns
    -------
    list of str
        What to tell the student.

    Raises
    ------
    AssignError
        The folder holds something else.
    OSError
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        write_release(release, folder, own)
        return [f"Your own copy of the exercises is in {folder}. It is yours: nothing will overwrite it."]
    held = {name: read(folder / name) for name in release if (folder / name).exists()}
    if not any(map(stamp, held.values())):
        raise AssignError(
            f"{folder} holds no copy of the exercises, but something else, which stays as it is: name a new folder."
        )
    missing = {name: notebook for name, notebook in release.items() if name not in held}
    for name, notebook in missing.items():
        with files.replacing(folder / name) as unfinished:
            nbformat.write(notebook, unfinished)
    told = [f"Put back, as it was at the start: {name}" for name in missing]
    told += [f"New: exercises/{name}" for name in own if _renew(folder / "exercises" / name, own[name])]
    changed = {
        name: notebook
        for name, notebook in release.items()
        if name in held and name != title_page.FILE and stamp(held[name]) != stamp(notebook)
    }
    return told + (_put_beside(changed, held, folder, own) if changed else [])


def _renew(path, source):
    """Write an exercise's file if it is missing or another one, which is kept under another name; whether it was."""
    if path.exists() and path.read_text("utf-8", "replace") == source:
        return False
    if path.exists():
        path.rename(path.with_suffix(".old"))
    files.write(path, source)
    return True


def _put_beside(changed, held, folder, own):
    """Put notebooks into a folder of their own, unless they are in one already; return what to tell."""
    given = {stamp(read(path)): path.parent for path in sorted(folder.glob("new-*/*.ipynb"))}
    fresh = {name: notebook for name, notebook in changed.items() if stamp(notebook) not in given}
    if fresh:
        place = _free(folder / f"new-{datetime.date.today()}")
        write_release(fresh, place, own)
        given.update({stamp(notebook): place for notebook in fresh.values()})
    return [
        f"The lab has changed since you got your copy. Your notebooks in {folder} are as you left them; the new ones:",
        *(
            f"  {given[stamp(notebook)].name}/{name}{_where(held[name], notebook)}"
            for name, notebook in changed.items()
        ),
        "To go on with a new one, rename your own and put the new one in its place; copy what you wrote cell by cell.",
    ]


def _free(folder):
    """This folder, or the first of folder-2, folder-3, ... that is not there yet."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def _where(old, new):
    """The sections in which the new notebook has a cell that the old one has not; those to be written do not count."""
    known = {cell.source for cell in old.cells}
    heading, sections = "the beginning", {}
    for cell in new.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            heading = cell.source.splitlines()[0].lstrip("# ")
        if cell.source not in known and not cell.metadata.get("nbgrader", {}).get("solution"):
            sections[heading] = None  # a dict keeps the order
    return f", changed in: {'; '.join(sections)}" if 0 < len(sections) <= SECTIONS else ""
