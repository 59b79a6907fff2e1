"""Holds back the native log lines that TensorFlow writes while it is imported; shows them if the import fails.

They are written by C++ before any Python setting is read, so they are caught at file descriptor 2. Measured with
TensorFlow 2.21: no environment variable silences all of them.
"""

import contextlib
import importlib.abc
import importlib.machinery
import os
import sys
import tempfile
import warnings


def install():
    """Make the next ``import tensorflow`` quiet. Does nothing if it is imported already, or for a second time."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what TensorFlow logs after its start: errors only
    if "tensorflow" not in sys.modules and not any(isinstance(f, _QuietFinder) for f in sys.meta_path):
        sys.meta_path.insert(0, _QuietFinder())


class _QuietFinder(importlib.abc.MetaPathFinder):
    """Finds TensorFlow as Python would, and wraps its loader; steps aside for everything else."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "tensorflow":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_quietly(module):
                with _warnings_kept_for_later(), _stderr_held_back():
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
