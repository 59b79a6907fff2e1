"""Where the digits come from: prepared MNIST, a mirror, a download, or the built-in digits; all through TFDS.

``load()`` goes down this ladder and says in one line which rung it took and why.
"""

import contextlib
import hashlib
import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import filelock

from labutils.sources import archives, decoded
from labutils.sources.archives import OutOfReach
from labutils.tuning import untuned


class SourceError(Exception):
    """The digits asked for cannot be had. The message says what was wrong and what to do."""


@dataclass(frozen=True)
class Digits:
    """Handwritten digits that are ready to use.

    Attributes
    ----------
    name : str
        ``"MNIST"`` or ``"built-in digits"``: pictures and tables show it.
    reason : str
        Why these digits were taken.
    builder : tfds.core.DatasetBuilder
        Prepared, with splits ``"train"`` and ``"test"``.
    """

    name: str
    reason: str
    builder: object

    def __str__(self):
        sizes = {split: f"{info.num_examples:,}" for split, info in self.builder.info.splits.items()}
        return f"{self.name}: {sizes['train']} training and {sizes['test']} test images, {self.reason}."

    @property
    def fingerprint(self):
        """str: changes when the digits do."""
        description = Path(self.builder.data_path, "dataset_info.json").read_bytes()
        return f"{self.builder.info.full_name}-{hashlib.sha256(description).hexdigest()[:12]}"

    def dataset(self, split):
        """The split as TFDS gives it.

        Returns
        -------
        tf.data.Dataset of (image uint8 (28, 28, 1), label int64 ()), always in the same order.
        """
        return untuned(self.builder.as_dataset(split=split, as_supervised=True))

    def arrays(self, split):
        """The split as arrays, in the order of ``dataset``.

        Decoded once and kept beside TFDS's files: see ``labutils.sources.decoded``.

        Returns
        -------
        images : uint8 array (n, 28, 28, 1), read-only
        labels : int64 array (n,), read-only
        """
        return decoded.arrays(self.builder, split, lock=_lock(_root(self.builder)))


def load(which=None, *, data_dir=None, quiet=False):
    """Get the digits ready, and say in one line which ones and why.

    Parameters
    ----------
    which : {"auto", "mnist", "builtin"}, optional
        Default: the environment variable LABUTILS_DIGITS, else ``"auto"``, which takes the first that can be had of
        prepared MNIST, a mirror (LABUTILS_MNIST_MIRROR, a folder or a URL), a download, the built-in digits.
    data_dir : path, optional
        TFDS's data folder. Default: TFDS_DATA_DIR, else TFDS's own default.
    quiet : bool
        Say nothing.

    Returns
    -------
    Digits

    Raises
    ------
    SourceError
        If ``which`` is none of the three, if the digits asked for cannot be had, or if an archive is damaged.
    """
    digits = _descend(_rungs(which, data_dir), quiet=quiet)
    if not quiet:
        print(digits)
    return digits


def prepare(mirror=None, which=None, *, data_dir=None):
    """Get the digits ready for later, decoded arrays included, and say which; for instructors and disk images.

    Parameters
    ----------
    mirror : path or URL, optional
        Where the four MNIST archives are. If it is named, a download or the built-in digits do not stand in for it.
    which, data_dir
        As in ``load``.

    Returns
    -------
    Digits

    Raises
    ------
    SourceError
    """
    rungs = _rungs("mnist", data_dir, mirror)[:2] if mirror else _rungs(which, data_dir)
    digits = _descend(rungs)
    digits.arrays("train")
    print(digits)
    return digits


def describe(which=None, *, data_dir=None):
    """Say in one line which digits ``load`` would take now, and why. Nothing is fetched or written.

    Raises
    ------
    SourceError
        As ``load`` does, but for what only shows when an archive is read.
    """
    digits = _descend(_rungs(which, data_dir), prepare=False)
    state = "ready" if _is_prepared(digits.builder) else "not prepared yet"
    return f"{digits.name}, {digits.reason}; {state}."


def _descend(rungs, *, prepare=True, quiet=True):
    """Take the first rung that holds."""
    refusals = []
    for name, builder, find in rungs:
        try:
            reason, mirror = find(builder)
            if prepare:
                builder = _prepared_builder(builder, name, mirror, quiet)
        except OutOfReach as refusal:
            refusals.append(str(refusal))
        else:
            return Digits(name, f"{reason} ({'; '.join(refusals)})" if refusals else reason, builder)
    raise SourceError(
        f"MNIST cannot be had: {'; '.join(refusals)}. Name a folder or URL with its four archives in "
        "LABUTILS_MNIST_MIRROR, or take the built-in digits with LABUTILS_DIGITS=builtin."
    )


def _rungs(which, data_dir, mirror=None):
    """From best to last, as (name, builder, find); ``find(builder)`` gives the reason and where to fetch archives."""
    if mirror := mirror or os.environ.get("LABUTILS_MNIST_MIRROR"):
        mirror = archives.located(mirror)
    which = which or os.environ.get("LABUTILS_DIGITS") or "auto"
    if which not in ("auto", "mnist", "builtin"):
        raise SourceError(f"Digits can be 'auto', 'mnist' or 'builtin', not {which!r} (LABUTILS_DIGITS).")
    with _quiet_tfds():
        import tensorflow_datasets as tfds

        from labutils.sources.builtin_digits import BuiltinDigits

        mnist = tfds.builder_cls("mnist")(data_dir=data_dir)
        builtin = BuiltinDigits(data_dir=data_dir)
    finds = [_find_prepared, lambda builder: _find_mirror(builder, mirror), _find_download]
    rungs = [("MNIST", mnist, find) for find in finds] if which != "builtin" else []
    if which != "mnist":
        rungs.append(("built-in digits", builtin, lambda builder: ("scikit-learn's, enlarged and varied", None)))
    return rungs


def _find_prepared(builder):
    if not _is_prepared(builder):
        raise OutOfReach(f"none prepared in {_shown(_root(builder))}")
    return f"prepared in {_shown(_root(builder))}", None


def _find_mirror(builder, mirror):
    if mirror:
        archives.check_mirror(builder, mirror)
        return f"from the mirror {mirror}", mirror
    if archives.in_place(builder, _by_hand(builder)):
        return f"from the archives in {_shown(_by_hand(builder))}", None
    raise OutOfReach("no mirror named")


def _find_download(builder):
    url = next(iter(builder.url_infos))
    host = url.split("/")[2]
    archives.check_url(url, host)
    return f"downloaded from {host}", url.rpartition("/")[0]


def _prepared_builder(builder, name, mirror, quiet):
    """Prepare through TFDS what is not prepared yet, one process at a time; return a builder that knows the result."""
    if _is_prepared(builder):
        return builder
    root = _root(builder)
    if not quiet:
        print(f"Preparing {name} in {_shown(root)}, once: about half a minute.", flush=True)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with _lock(root), _quiet_tfds():
            if not _is_prepared(builder):  # nobody else did while this process waited
                _prepare(builder, mirror)
            return type(builder)(data_dir=root)
    except (OutOfReach, SourceError):
        raise
    except Exception as error:  # TFDS has many names for a disk that is full or not to be written to
        raise SourceError(
            f"{name} cannot be prepared in {root}: {error}. Set TFDS_DATA_DIR to a folder that you may write to, "
            "with 200 MB free."
        ) from error


def _prepare(builder, mirror):
    """Only for the one who holds the lock: nothing half-made stays, neither of this preparation nor of a killed one."""
    _sweep(builder)
    try:
        if mirror:
            archives.fetch(builder, mirror, _by_hand(builder))
        if damage := archives.damage(builder, _by_hand(builder)):  # TFDS finds it too, with threads already unpacking
            if mirror:
                archives.remove(builder, _by_hand(builder))
            raise SourceError(f"Damaged in {mirror or _by_hand(builder)}, get it anew: {damage}.")
        builder.download_and_prepare()
    finally:
        _sweep(builder)


def _sweep(builder):
    for leftovers in (f"{builder.name}/incomplete.*", "downloads/extracted/*-ubyte*", "downloads/manual/*.part"):
        for left in _root(builder).glob(leftovers):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _is_prepared(builder):
    with _quiet_tfds():
        return builder.is_prepared()


def _root(builder):
    """TFDS's data folder, which holds <name>/<version>."""
    return Path(builder.data_path).parent.parent


def _shown(path):
    """A path as people write it, with ~ for their home."""
    return f"~/{path.relative_to(Path.home()).as_posix()}" if path.is_relative_to(Path.home()) else str(path)


def _by_hand(builder):
    """Where TFDS looks for archives that it did not download itself."""
    return _root(builder) / "downloads" / "manual"


def _lock(root):
    """A lock that one process at a time holds; it goes with the process, however that ends."""
    return filelock.FileLock(root / "labutils.lock", timeout=600)


@contextlib.contextmanager
def _quiet_tfds():
    """Hold back what TFDS prints and logs about its own work; errors come through."""
    from absl import logging

    verbosity = logging.get_verbosity()
    logging.set_verbosity(logging.FATAL)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import tensorflow_datasets as tfds

            tfds.disable_progress_bar()
            yield
    finally:
        logging.set_verbosity(verbosity)
