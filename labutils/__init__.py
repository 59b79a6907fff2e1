"""The helper package of the autoencoder lab: what stands behind the notebooks, from the digits to the figures.

Importing it is quick and loads no TensorFlow. When TensorFlow is imported later, its native start-up lines are held
back, and its advice on functions that are Keras' own; other warnings and errors are not touched. Keras runs with
its own settings, whatever a person has set elsewhere.
"""

import sys

__version__ = "1.0.0"

if sys.version_info >= (3,):  # noqa: UP036 - python2 -m labutils goes on to __main__.py, which says what to do
    from labutils import _quiet, _settings

    _quiet.install()
    _settings.install()
