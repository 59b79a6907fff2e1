"""The loss of a pixel, to hold: a target grey, an output, and what cross-entropy and squared error make of them."""

from numbers import Real

from labutils import figures
from labutils.widgets.live import Interactive


def pixel_loss(target=0.25, output=0.6):
    """A target grey and an output on sliders; both losses as curves with the point on them, and the floor.

    Parameters
    ----------
    target, output : float, 0..1
        Where the sliders stand at first.

    Returns
    -------
    Interactive; its twin draws the curves of this target and of targets 0, 0.5 and 1

    Raises
    ------
    ValueError
        If one of them is no number in 0..1.
    """
    for name, value in (("target", target), ("output", output)):
        if not (isinstance(value, Real) and 0 <= value <= 1):
            raise ValueError(f"The {name} is {value!r}; a pixel is a share of white, so pass a number from 0 to 1.")
    target, output = float(target), float(output)
    return Interactive(
        "loss",
        twin=lambda: figures.cross_entropy_curves(sorted({0.0, target, 0.5, 1.0})),
        data={"target": target, "output": output},
    )
