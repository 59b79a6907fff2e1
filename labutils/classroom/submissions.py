"""Finds who handed in what, in a folder or zip file as Moodle, Canvas or nbgrader's exchange export it."""

import io
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

LARGEST_FILE = 100_000_000  # bytes; 200,000 lines of output in a notebook are a tenth of it
MOST_FILES = 2000  # in one zip file

_MOODLE = re.compile(r"^(?P<student>.+_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)$")
_CANVAS = re.compile(r"^(?P<student>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)$")
_PASSED_OVER = re.compile(r"^(\.|__MACOSX$|__pycache__$)")  # checkpoints, what systems leave behind


class SubmissionsError(Exception):
    """There is nothing that can be graded. The message says why, and what to do."""


@dataclass
class File:
    """A file that a student handed in: its name without the platform's additions, and when it was written."""

    name: str
    read: Callable  # gives its bytes
    written: float = 0.0


@dataclass
class Submission:
    """What one student handed in, and what a person should know about it."""

    student: str  # a name for files and the gradebook
    files: list = field(default_factory=list)
    notes: list = field(default_factory=list)


def find(place, release_names):
    """Everything that was handed in.

    Parameters
    ----------
    place : Path
        A folder or a zip file: in it a folder, a zip file or single notebooks for each student.
    release_names : collection of str
        The file names of the release: one that stands by itself belongs to the student whom the folder is named for.

    Returns
    -------
    list of Submission
        By student.

    Raises
    ------
    SubmissionsError
    """
    if not place.exists():
        raise SubmissionsError(f"{place} does not exist: name the folder with what the students handed in.")
    submissions, names = {}, set()
    for path, file, note in _walk(place):
        owner, name = _owner(path, place.stem, release_names)
        if owner not in submissions:
            submissions[owner] = Submission(_safe(owner, names))
            names.add(submissions[owner].student.lower())
        submission = submissions[owner]
        if note:
            submission.notes.append(note)
        elif name.lower().endswith(".ipynb"):
            submission.files.append(File(name, file.read, file.written))
    if not submissions:
        raise SubmissionsError(
            f"{place} holds no submission: it should hold a folder, a zip file or a notebook (.ipynb) for each student."
        )
    return sorted(submissions.values(), key=lambda submission: submission.student.lower())


def _walk(place):
    """Yield (path inside of ``place``, File, note); folders without any file, too, for who handed in nothing of use."""
    if place.is_file():
        yield from _unpacked(place, PurePosixPath())
        return
    for folder, folders, names in os.walk(place):  # does not follow links
        folders[:] = sorted(name for name in folders if not _PASSED_OVER.match(name))
        here = PurePosixPath(Path(folder).relative_to(place).as_posix())
        for name in [*folders, *sorted(names)]:
            path, full = here / name, Path(folder) / name
            if full.is_symlink():  # it may lead anywhere on this machine
                yield path, None, f"{name} is a link, and was not followed"
            elif full.is_dir():
                if not any(full.iterdir()) and len(path.parts) == 1:
                    yield path / "nothing", None, "the folder is empty"
            elif name.lower().endswith(".zip"):
                yield from _unpacked(full, here, inside=name)
            elif full.is_file() and not _PASSED_OVER.match(name):
                yield path, File(name, _reader(full), full.stat().st_mtime), None


def _unpacked(archive, here, inside=None):
    """The same of a zip file; nothing is written anywhere, so names in it can do no harm."""
    # A zip file in a student's folder belongs to that student; one beside others is a student's by its own name.
    folder = here if inside is None or here.parts else here / PurePosixPath(inside).stem
    try:
        with zipfile.ZipFile(archive) as content:
            members = [member for member in content.infolist() if not member.is_dir()]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        yield folder / "damaged", None, f"{inside or 'This'} is no zip file that can be read"
        return
    if len(members) > MOST_FILES and inside is not None:
        yield folder / "large", None, f"{inside} holds {len(members)} files: only the first {MOST_FILES} were looked at"
        members = members[:MOST_FILES]
    for member in members:
        parts = [part for part in PurePosixPath(member.filename.replace("\\", "/")).parts if part not in ("/", "..")]
        if parts and not any(_PASSED_OVER.match(part) for part in parts):
            written = sum(number * size for number, size in zip(member.date_time, _SECONDS, strict=True))
            read = _member_reader(archive, member)
            if inside is None and parts[-1].lower().endswith(".zip"):
                yield from _unpacked_within(read, PurePosixPath(*parts))
            else:
                yield folder.joinpath(*parts), File(parts[-1], read, written), None


_SECONDS = (31_622_400, 2_678_400, 86_400, 3600, 60, 1)  # enough to tell which of a zip file's members is newer


def _unpacked_within(read, path):
    try:
        yield from _unpacked(io.BytesIO(read()), path.parent, inside=path.name)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        yield path, None, f"{path.name} cannot be read: {error}"


def _reader(path):
    def read():
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"{path.stat().st_size / 1e6:.0f} MB are no notebook")
        return path.read_bytes()

    return read


def _member_reader(archive, member):
    def read():
        try:
            with zipfile.ZipFile(archive) as content, content.open(member) as file:
                data = file.read(LARGEST_FILE + 1)  # what the member says of its size may be a lie
        except Exception as error:  # whatever the decompressors say of a damaged, encrypted or odd file
            raise ValueError(f"it cannot be unpacked ({error})") from error
        if len(data) > LARGEST_FILE:
            raise ValueError(f"more than {LARGEST_FILE / 1e6:.0f} MB are no notebook")
        return data

    return read


def _owner(path, whole, release_names):
    """Whose a file is, and its name as the student had it."""
    top, name = path.parts[0], path.name
    if len(path.parts) > 1:
        found = _MOODLE.match(top)
        return found["student"] if found else top, _from_platform(name)[1] or name
    if name in release_names:
        return whole, name
    student, rest = _from_platform(name)
    return student or PurePosixPath(name).stem, rest or name


def _from_platform(name):
    """(student, name) of a file that a learning platform renamed, (None, None) of others."""
    if found := _MOODLE.match(name):
        return found["student"], found["file"]
    if found := _CANVAS.match(name):
        return f"{found['student']}_{found['number']}", found["file"]
    return None, None


def _safe(student, taken):
    """A name that is good for a file on every system and for nbgrader, and that nobody else has."""
    name = re.sub(r"[^\w.-]+", "_", student.encode("utf-8", "replace").decode()).strip("._-")[:100] or "unnamed"
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name}-{number}"
    return free
