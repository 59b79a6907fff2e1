"""Keeps a TFDS dataset's images as arrays beside TFDS's files, so that they are decoded once and mapped from then on.

TFDS stores MNIST as 60,000 PNG images, and decoding them takes it about 4 s in every new kernel.
"""

import contextlib
import hashlib
import shutil
from pathlib import Path

import numpy as np

from labutils.tuning import untuned

PARTS = ("images", "labels")


def arrays(builder, split, lock):
    """The images and labels of a split, in TFDS's order.

    Parameters
    ----------
    builder : prepared tfds.core.DatasetBuilder with images and labels
    split : str
    lock : context manager
        Held while the arrays are written, so that one process at a time does it.

    Returns
    -------
    images : uint8 array (n, 28, 28, 1)
    labels : int64 array (n,)
        Both read-only and mapped from disk; in memory where the folder cannot be written to.
    """
    with contextlib.suppress(OSError, ValueError, EOFError):  # never kept, kept from other files, damaged
        return _kept(builder, split)
    try:
        with lock:
            with contextlib.suppress(OSError, ValueError, EOFError):  # another process was quicker
                return _kept(builder, split)
            _keep(builder)
            return _kept(builder, split)
    except OSError:
        return _decode(builder, split)


def _kept(builder, split):
    folder = _folder(builder)
    return tuple(np.load(folder / f"{split}_{part}.npy", mmap_mode="r") for part in PARTS)


def _keep(builder):
    """Decode all splits and put them in place at once; older arrays go."""
    folder = _folder(builder)
    for old in folder.parent.glob("arrays-*"):
        shutil.rmtree(old, ignore_errors=True)  # Windows keeps what a process still has mapped
    partial = folder.with_name(f"{folder.name}.part")
    partial.mkdir()
    try:
        for split in builder.info.splits:
            for part, array in zip(PARTS, _decode(builder, split), strict=True):
                np.save(partial / f"{split}_{part}.npy", array)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _folder(builder):
    """Named after the state of the files that the arrays come from: other files, another folder."""
    data_path = Path(builder.data_path)
    files = sorted(path for path in data_path.iterdir() if path.is_file())
    state = repr([(path.name, path.stat().st_size, int(path.stat().st_mtime)) for path in files])  # images keep seconds
    return data_path / f"arrays-{hashlib.sha256(state.encode()).hexdigest()[:12]}"


def _decode(builder, split):
    batches = untuned(builder.as_dataset(split=split, as_supervised=True, batch_size=1000))
    images, labels = zip(*batches.as_numpy_iterator(), strict=True)
    return np.concatenate(images), np.concatenate(labels)
