"""What the usual mistakes make of pixels 0..255 on their way to 0..1, and words for what none of them explains."""

import numpy as np

from labutils.judging import Wrong, mistakes, same, span

SCALE_HINTS = (
    "A pixel is a whole number from 0 (paper) to 255 (ink). What should the darkest and the brightest become?",
    "The brightest pixel has to end at exactly 1 and the darkest at 0, whatever the image; one operation does that.",
)
ORDER_HINTS = (
    "Flattening lays row after row; nothing has to be turned or mirrored first.",
    "Compare the first 28 numbers of your input with the first row of the image.",
)
LARGEST_HINTS = "There are 256 values, but which is the largest of them?", SCALE_HINTS[1]
TWICE_HINTS = "Some functions that convert to float scale as well.", "Print the largest value after each of your steps."
FRACTION_HINTS = (
    "Which step of yours keeps whole numbers only: an operator, or a conversion?",
    "A fraction needs a division, and a kind of number, that keep what is behind the point.",
)
RANGE_HINTS = (
    "Each kind of number has a range: what lies outside comes back in at the other end.",
    "Which kind of number holds 0 to 255, and which holds fractions?",
)
PALE_HINTS = "An image that is paler than another should stay paler.", SCALE_HINTS[1]

_MIRRORED = "The image is turned upside down or mirrored on its way into the vector."
_TRANSPOSED = "Rows and columns are exchanged: your second number is the pixel below the first, not beside it."
_ITSELF = "Each image is scaled by itself: a pale one comes out as bright as any other."
_EDGES = "Pixel 0 becomes {} and pixel 255 becomes {}; it should be 0 and 1."


def _square(x):
    return x.reshape(28, 28) / 255


# Of pixels x, float64 (784,), from 0 to 255
MISTAKES = [
    *mistakes(
        SCALE_HINTS,
        ("not-scaled", "Your input still goes from 0 to 255; it should go from 0 to 1.", lambda x: x),
        ("inverted", "Light and dark are exchanged: pixel 0 becomes 1 and pixel 255 becomes 0.", lambda x: 1 - x / 255),
        ("inverted", "Light and dark are exchanged, and the values still go from 0 to 255.", lambda x: 255 - x),
        ("minus-one-to-one", "Your input goes from -1 to 1; it should go from 0 to 1.", lambda x: x / 127.5 - 1),
        ("centred", "Your input goes from -0.5 to 0.5; it should go from 0 to 1.", lambda x: x / 255 - 0.5),
        (
            "standardised",
            "Your input has mean 0 and spread 1; it should go from 0 to 1.",
            lambda x: (x - x.mean()) / x.std(),
        ),
        (
            "standardised",
            "Your input has MNIST's mean taken off; 0 to 1 is wanted.",
            lambda x: (x / 255 - 0.1307) / 0.3081,
        ),
        ("unit-length", "Your input is divided by its length as a vector.", lambda x: x / np.linalg.norm(x)),
        ("multiplied", "Your input goes up to 65025: it is multiplied by 255.", lambda x: x * 255),
        ("clipped", "Every pixel above 0 has become 1: values are cut off, not scaled.", lambda x: np.minimum(x, 1)),
        ("binarised", "Only 0 and 1 are left: the greys are gone.", lambda x: (x > 127) * 1.0),
    ),
    *mistakes(LARGEST_HINTS, ("divided-by-256", "Your largest value is not 1: you divide by 256.", lambda x: x / 256)),
    *mistakes(TWICE_HINTS, ("scaled-twice", "The image is divided by 255 twice.", lambda x: x / 255 / 255)),
    *mistakes(
        FRACTION_HINTS,
        (
            "integer-division",
            "All but the very brightest pixels are 0: fractions are cut off.",
            lambda x: np.floor(x / 255),
        ),
    ),
    *mistakes(
        RANGE_HINTS,
        (
            "overflow",
            "Pixels above 127 come out negative: they do not fit into int8.",
            lambda x: ((x + 128) % 256 - 128) / 255,
        ),
    ),
    *mistakes(
        ORDER_HINTS,
        ("transposed", _TRANSPOSED, lambda x: _square(x).T.reshape(-1)),
        ("mirrored", _MIRRORED, lambda x: _square(x)[::-1].reshape(-1)),
        ("mirrored", _MIRRORED, lambda x: _square(x)[:, ::-1].reshape(-1)),
        ("mirrored", _MIRRORED, lambda x: _square(x)[::-1, ::-1].reshape(-1)),
    ),
]
SCALED_BY_ITSELF = mistakes(
    PALE_HINTS,
    ("scaled-by-itself", _ITSELF, lambda x: x / x.max()),
    ("scaled-by-itself", _ITSELF, lambda x: (x - x.min()) / (x.max() - x.min())),
    ("scaled-by-itself", _ITSELF, lambda x: (x - x.min()) / 255),
    ("scaled-by-itself", _ITSELF, lambda x: x / x.sum()),
)


def wrong_scale(dark, bright):
    """The finding where black and white pixels become these two numbers."""
    ends = (f"{round(float(end), 6) + 0.0:.7g}" for end in (dark, bright))  # without a minus before 0
    return Wrong("wrong-scale", _EDGES.format(*ends), *SCALE_HINTS)


def unlike_expected(seen, x, is_random):
    """The finding for values that no usual mistake explains."""
    if not np.isfinite(seen).all():
        message = f"{np.sum(~np.isfinite(seen))} of your 784 values are not numbers (nan or inf)."
        return Wrong("not-finite", message, *SCALE_HINTS)
    if is_random:
        return Wrong(
            "random",
            "Your function gives something else each time it sees the same image.",
            "Preprocessing should not depend on chance: what is shown is what should come back.",
            "Which of your lines gives something new each time, or remembers the last time?",
        )
    if np.ptp(seen) == 0:
        return Wrong("constant", f"All 784 values are {seen.flat[0]:.4g}: the image has got lost.", *SCALE_HINTS)
    slope, offset = np.polyfit(x, seen.astype(np.float64), 1)
    if same((seen - offset) / slope, x, 1e-2):
        return wrong_scale(offset, 255 * slope + offset)
    if same(np.sort(seen), np.sort(x / 255), 1e-3):
        return Wrong("pixels-reordered", "The right values, but not in the image's order.", *ORDER_HINTS)
    first = int(np.argmax(np.abs(seen - x / 255)))
    message = (
        f"Your values go from {span(seen)}, but not as they should: a pixel of {x[first]:.0f} becomes "
        f"{seen[first]:.4g} instead of {x[first] / 255:.4g}."
    )
    return Wrong("wrong-values", message, *SCALE_HINTS)
