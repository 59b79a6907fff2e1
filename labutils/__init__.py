"""The helper package of the autoencoder lab: what stands behind the notebooks, from the digits to the figures.

Importing it is quick and loads no TensorFlow. When TensorFlow is imported later, its native start-up lines are held
back, and its advice on functions that are Keras' own; other warnings and errors are not touched.
"""

from labutils import _quiet

__version__ = "1.0.0"

_quiet.install()
