"""Reads the lab's notebooks for the tests: their cells, and the exercises by name."""

from pathlib import Path

import nbformat

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def cells(path, kind=None):
    """The cells of a notebook, all or those of one type."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if kind in (None, cell.cell_type)]


def exercises():
    """{grade_id of a solution: (notebook's name, source of the solution, source of its check)}, in order."""
    found = {}
    for path in NOTEBOOKS:
        graded = {cell.metadata.nbgrader.grade_id: cell.source for cell in cells(path) if "nbgrader" in cell.metadata}
        for grade_id, source in graded.items():
            if not grade_id.startswith("check-"):
                found[grade_id] = (path.stem, source, graded[f"check-{grade_id}"])
    return found


def names():
    """What the exercises of the lab may use: the imports of the notebooks, and ``display``."""
    import keras
    import numpy as np
    import tensorflow as tf
    from keras import layers

    from labutils import checks, models

    return {"keras": keras, "layers": layers, "np": np, "tf": tf, "checks": checks, "models": models, "display": id}
