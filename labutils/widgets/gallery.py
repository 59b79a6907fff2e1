"""All reconstructions, sorted by error and filtered by digit: pages of small ones, and one of them enlarged."""

import numpy as np

from labutils import figures
from labutils.figures.canvas import pictures
from labutils.widgets.live import CODE_COLORS, DIFFERENCE_COLORS, Interactive, bytes_of

SHARE = 50  # of each digit: as many with the highest errors, as many with the lowest, and as many of those between


def gallery(images, labels, reconstructions, codes, errors):
    """Leaf through reconstructions sorted by error, and enlarge one.

    If there are more than 150 images for each digit, the 50 with the highest errors of a digit go into the page, the 50
    with the lowest, and 50 of the others at random, always the same; the page says so. Each is told with its place
    among all.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1), or floats (n, 28, 28) in 0..1
    labels : int array (n,), 0..9
    reconstructions : float array (n, 28, 28), values 0..1
    codes : float array (n, code_size)
    errors : float array (n,)

    Returns
    -------
    Interactive; its twin shows the best and the worst

    Raises
    ------
    ValueError
        If images or reconstructions have another shape, there are none, or the lengths differ.
    """
    lengths = {
        "images": len(images),
        "labels": len(labels),
        "reconstructions": len(reconstructions),
        "codes": len(codes),
        "errors": len(errors),
    }
    if len(set(lengths.values())) > 1:
        given = ", ".join(f"{length} {name}" for name, length in lengths.items())
        raise ValueError(f"gallery takes a label, a reconstruction, a code and an error for each image, got {given}.")
    for one in (images[:1], reconstructions[:1]):
        pictures(one)
    images, labels, reconstructions, codes, errors = map(np.asarray, (images, labels, reconstructions, codes, errors))
    shown = _selection(labels, errors)
    places = np.empty(len(errors), int)
    places[np.argsort(-errors, kind="stable")] = np.arange(1, len(errors) + 1)
    return Interactive(
        "gallery",
        twin=lambda: figures.best_and_worst(images, reconstructions, errors),
        data={
            "images": bytes_of(images[shown]),
            "reconstructions": bytes_of(reconstructions[shown]),
            "codes": codes[shown],
            "labels": labels[shown].tolist(),
            "errors": [float(f"{error:.6f}") for error in errors[shown]],
            "numbers": shown.tolist(),
            "places": places[shown].tolist(),
            "total": len(errors),
            "share": SHARE,
            "codeColors": CODE_COLORS,
            "differenceColors": DIFFERENCE_COLORS,
        },
    )


def _selection(labels, errors):
    """Which images go into the page: their numbers, ascending."""
    digits = np.unique(labels)
    if len(errors) <= 3 * SHARE * len(digits):
        return np.arange(len(errors))
    draw = np.random.default_rng(0)
    chosen = []
    for digit in digits:
        (own,) = np.nonzero(labels == digit)
        own = own[np.argsort(errors[own], kind="stable")]
        if len(own) > 3 * SHARE:
            between = draw.choice(own[SHARE:-SHARE], SHARE, replace=False)
            own = np.concatenate([own[:SHARE], between, own[-SHARE:]])
        chosen.append(own)
    return np.sort(np.concatenate(chosen))
