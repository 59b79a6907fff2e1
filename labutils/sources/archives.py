"""The four MNIST archives: found, fetched from a mirror to where TFDS looks for them, and named when damaged."""

import contextlib
import hashlib
import os
import shutil
import threading
from pathlib import Path
from urllib.request import url2pathname

TIMEOUT = 3  # seconds until a host that does not answer counts as out of reach


class OutOfReach(Exception):
    """The archives cannot be had from there now; the message is the reason."""


def located(mirror):
    """A mirror as it is meant: an address as text; a folder as Path, also one that file:// or ~ names."""
    if str(mirror).startswith("file://"):
        return Path(url2pathname(str(mirror).removeprefix("file:")))
    return mirror if _is_url(mirror) else Path(os.path.expanduser(mirror))


def check_mirror(builder, mirror):
    """Return if the mirror, a folder or URL, has the archives; else raise OutOfReach, after 3 s at most."""
    if _is_url(mirror):
        check_url(_address(mirror, next(iter(_sums(builder)))), f"the mirror {mirror}")
    elif missing := [name for name in _sums(builder) if not os.access(Path(mirror, name), os.R_OK)]:
        raise OutOfReach(f"{', '.join(missing)} cannot be read from the mirror {mirror}")


def check_url(url, name):
    """Return if ``url`` answers, else raise OutOfReach that calls it ``name``, after 3 s at most.

    It runs in a thread of its own because looking up a host's name has no time limit that could be set.
    """
    import requests

    answers = []

    def ask():
        with (
            contextlib.suppress(requests.RequestException),
            requests.get(url, stream=True, timeout=TIMEOUT) as answer,  # not HEAD, which some servers refuse
        ):
            answers.append(answer.status_code)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(TIMEOUT)
    if not answers:
        raise OutOfReach(f"no answer from {name}")
    if answers[0] >= 400:
        raise OutOfReach(f"{name} answers with HTTP status {answers[0]}")


def in_place(builder, folder):
    """Whether all archives lie in ``folder``."""
    return all((folder / name).exists() for name in _sums(builder))


def fetch(builder, mirror, folder):
    """Copy the archives from a mirror, a folder or URL, to ``folder``; each is there whole or as ``*.part``.

    Raises
    ------
    OutOfReach
        If the connection breaks, or stands still for 30 s.
    OSError
        If a file cannot be read or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in _sums(builder):
        partial = folder / f"{name}.part"
        with _open(mirror, name) as archive, partial.open("wb") as file:
            shutil.copyfileobj(archive, file)
        partial.replace(folder / name)


@contextlib.contextmanager
def _open(mirror, name):
    if not _is_url(mirror):
        with Path(mirror, name).open("rb") as archive:
            yield archive
        return
    import requests
    import urllib3

    url = _address(mirror, name)
    try:
        with requests.get(url, stream=True, timeout=(TIMEOUT, 30)) as answer:
            answer.raise_for_status()
            yield answer.raw  # as it is: requests would unpack it where a server calls it gzip-encoded
    except requests.HTTPError as error:
        raise OutOfReach(f"{url} answers with HTTP status {error.response.status_code}") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise OutOfReach(f"the connection broke at {url}") from error


def damage(builder, folder):
    """Name each archive in ``folder`` whose sum is not the one TFDS pins, with both sums; "" if all are sound."""
    found = []
    for name, expected in _sums(builder).items():
        with contextlib.suppress(FileNotFoundError), (folder / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != expected:
                found.append(f"{name}: expected SHA-256 {expected}, found {digest}")
    return "; ".join(found)


def remove(builder, folder):
    """Remove the archives from ``folder``."""
    for name in _sums(builder):
        (folder / name).unlink(missing_ok=True)


def _sums(builder):
    """{file name: expected SHA-256}, as TFDS pins them; the built-in digits come from no archive."""
    return {info.filename: info.checksum for info in (builder.url_infos or {}).values()}


def _is_url(mirror):
    return "://" in str(mirror)


def _address(mirror, name):
    return f"{mirror.rstrip('/')}/{name}"
