"""What the usual mistakes make of pixels 0..255 on their way to 0..1, and words for what none of them explains."""

import numpy as np

from labutils.checks.verdict import Suspect, Wrong, same, span

SCALE_HINTS = (
    "A pixel is a whole number from 0 (paper) to 255 (ink). What should the darkest and the brightest become?",
    "The brightest pixel has to end at exactly 1 and the darkest at 0, whatever the image; one operation does that.",
)
ORDER_HINTS = (
    "Flattening lays row after row; nothing has to be turned or mirrored first.",
    "Compare the first 28 numbers of your input with the first row of the image.",
)


def usual_mistakes(x):
    """What the usual mistakes make of pixels ``x``, float64 (784,) from 0 to 255."""
    square = x.reshape(28, 28)
    transposed, mirrored = square.T.reshape(-1), [square[::-1], square[:, ::-1], square[::-1, ::-1]]
    scale, order = SCALE_HINTS, ORDER_HINTS
    float_first = (
        "Which step of yours keeps whole numbers only: an operator, or a conversion?",
        "A fraction needs a division, and a kind of number, that keep what is behind the point.",
    )
    standard = (
        f"Your input is standardised: mean 0 and spread 1, from {(x.min() - x.mean()) / x.std():.2f} upwards, not 0 "
        "to 1."
    )
    return [
        Suspect(x, "not-scaled", "Your input still goes from 0 to 255; it should go from 0 to 1.", scale),
        Suspect(
            x / 256,
            "divided-by-256",
            f"Your largest value is {255 / 256:.4f}, not 1: you divide by 256.",
            ("There are 256 values, but which is the largest of them?", *scale[1:]),
        ),
        Suspect(
            x / 255 / 255,
            "scaled-twice",
            f"Your largest value is {1 / 255:.4f}: the image is divided by 255 twice.",
            (
                "Some functions that convert to float scale as well.",
                "Print the largest value after each of your steps.",
            ),
        ),
        Suspect(
            np.floor(x / 255),
            "integer-division",
            "All but the very brightest pixels are 0: fractions are cut off.",
            float_first,
        ),
        Suspect(
            1 - x / 255,
            "inverted",
            "Light and dark are exchanged: pixel 0 becomes 1 and pixel 255 becomes 0.",
            scale,
        ),
        Suspect(255 - x, "inverted", "Light and dark are exchanged, and the values still go from 0 to 255.", scale),
        Suspect(x / 127.5 - 1, "minus-one-to-one", "Your input goes from -1 to 1; it should go from 0 to 1.", scale),
        Suspect(x / 255 - 0.5, "centred", "Your input goes from -0.5 to 0.5; it should go from 0 to 1.", scale),
        Suspect((x - x.mean()) / x.std(), "standardised", standard, scale),
        Suspect(
            (x / 255 - 0.1307) / 0.3081,
            "standardised",
            "Your input is standardised with MNIST's mean and spread; 0 to 1 is wanted.",
            scale,
        ),
        Suspect(
            x / np.linalg.norm(x),
            "unit-length",
            "Your input is divided by its length as a vector, so the largest value depends on the rest.",
            scale,
        ),
        Suspect(x * 255, "multiplied", "Your input goes up to 65025: it is multiplied by 255.", scale),
        Suspect(
            np.minimum(x, 1), "clipped", "Every pixel above 0 has become 1: values are cut off, not scaled.", scale
        ),
        Suspect((x > 127) * 1.0, "binarised", "Only 0 and 1 are left: the greys are gone.", scale),
        Suspect((x > 0) * 1.0, "binarised", "Only 0 and 1 are left: the greys are gone.", scale),
        Suspect(
            ((x + 128) % 256 - 128) / 255,
            "overflow",
            "Pixels above 127 come out negative: they do not fit into int8.",
            (
                "Each kind of number has a range: what lies outside comes back in at the other end.",
                "Which kind of number holds 0 to 255, and which holds fractions?",
            ),
        ),
        Suspect(
            transposed / 255,
            "transposed",
            "Rows and columns are exchanged: your second number is the pixel below the first, not beside it.",
            order,
        ),
        *(
            Suspect(
                m.reshape(-1) / 255,
                "mirrored",
                "The image is turned upside down or mirrored on its way into the vector.",
                order,
            )
            for m in mirrored
        ),
    ]


def scaled_by_itself(x):
    above_darkest = x - x.min()
    return [x / x.max(), above_darkest / (x.max() - x.min()), above_darkest / 255, x / x.sum()]


def wrong_scale(dark, bright):
    """The finding where black and white pixels become these two numbers."""
    dark, bright = (f"{round(float(end), 6) + 0.0:.7g}" for end in (dark, bright))  # without a minus before 0
    message = f"Pixel 0 becomes {dark} and pixel 255 becomes {bright}; it should be 0 and 1."
    return Wrong("wrong-scale", message, *SCALE_HINTS)


def unlike_expected(seen, x, is_random):
    """The finding for values that no usual mistake explains."""
    if not np.isfinite(seen).all():
        return Wrong(
            "not-finite", f"{np.sum(~np.isfinite(seen))} of your 784 values are not numbers (nan or inf).", *SCALE_HINTS
        )
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
    return Wrong(
        "wrong-values",
        f"Your values go from {span(seen)}, but not as they should: a pixel of {x[first]:.0f} becomes "
        f"{seen[first]:.4g} "
        f"instead of {x[first] / 255:.4g}.",
        *SCALE_HINTS,
    )
