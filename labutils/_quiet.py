"""Imports TensorFlow without its native lines, and quicker; holds back its advice on what is Keras' own code.

The native lines are written by C++ before any Python setting is read, so they are caught at file descriptor 2, and
shown if the import fails. Measured with TensorFlow 2.21: no environment variable silences all of them.
"""

import contextlib
import gc
import importlib.abc
import importlib.machinery
import logging
import os
import sys
import tempfile
import warnings


def install():
    """Make ``import tensorflow`` quiet and quick, if it is still to come, and hold back unfounded advice."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what TensorFlow logs after its start: errors only
    if "tensorflow" not in sys.modules and not any(isinstance(f, _QuietFinder) for f in sys.meta_path):
        sys.meta_path.insert(0, _QuietFinder())
    logging.getLogger("tensorflow").addFilter(_is_founded)


def _is_founded(record):
    """Whether one can act on a log record. Keras traces ``predict`` once for each model, as it must.

    TensorFlow counts all models as one function, and so advises whoever asks several models for a few batches each, or
    runs a notebook twice, not to define "it" in a loop.
    """
    message = record.getMessage()
    return not ("triggered tf.function retracing" in message and "TensorFlowTrainer." in message)


class _QuietFinder(importlib.abc.MetaPathFinder):
    """Finds TensorFlow as Python would, and wraps its loader; steps aside for everything else."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "tensorflow":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_quietly(module):
                with _warnings_kept_for_later(), _stderr_held_back(), _garbage_left():
                    execute(module)

            spec.loader.exec_module = exec_quietly
        return spec


@contextlib.contextmanager
def _stderr_held_back():
    """Send file descriptor 2 to a temporary file meanwhile, and replay it if the body raises."""
    try:
        saved = os.dup(2)
    except OSError:  # no stderr at all, as under pythonw on Windows
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(saved, held.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


@contextlib.contextmanager
def _warnings_kept_for_later():
    """Show Python's warnings after the body: in a script they go to file descriptor 2 like the native lines."""
    kept, show = [], warnings.showwarning
    warnings.showwarning = lambda *warning: kept.append(warning)
    try:
        yield
    finally:
        warnings.showwarning = show
        for warning in kept:
            show(*warning)


@contextlib.contextmanager
def _garbage_left():
    """Let the garbage collector rest meanwhile, and never look at what was imported: it is there to stay.

    Else it goes through a million objects, again and again: 0.8 s of the 3.9 s that a notebook's imports take.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collecting:
            gc.enable()
