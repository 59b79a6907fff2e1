"""The autoencoder's sizes, to hold: how wide it is where, what that costs in parameters, and how much it compresses."""

from labutils import figures
from labutils.widgets.live import Interactive

PIXELS = 784


def architecture(hidden_size=128, code_size=32):
    """The dense autoencoder 784 → hidden → code → hidden → 784 to scale, its sizes on sliders.

    Parameters
    ----------
    hidden_size, code_size : int, 1..784
        Where the sliders stand at first.

    Returns
    -------
    Interactive; its twin is the drawing of these sizes

    Raises
    ------
    ValueError
        If one of them is no whole number in 1..784.
    """
    for name, size in (("hidden_size", hidden_size), ("code_size", code_size)):
        if size not in range(1, PIXELS + 1):
            raise ValueError(f"{name} is {size!r}; pass a whole number from 1 to {PIXELS}, as many as pixels.")
    return Interactive(
        "architecture",
        twin=lambda: figures.autoencoder_drawing(hidden_size, code_size),
        data={"hidden": int(hidden_size), "code": int(code_size)},
    )
