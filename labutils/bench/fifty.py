"""The whole of the lab's training: fifty epochs, validated after each, and what they come to."""

import contextlib
import io

from labutils.bench.measure import Row, in_child, peak_memory, seconds_of

GROUP = "Fifty epochs"
CODES = ("relu", "linear")


def rows(rounds, quick):
    """Yield a Row for a ReLU code and one for a linear code; with ``quick`` after one epoch instead of fifty."""
    for code in CODES:
        yield from in_child(_trained, code, 1 if quick else 50)


def _trained(code, epochs):
    from labutils import sources, training

    digits, history = sources.load(quiet=True), {}

    def train():
        with contextlib.redirect_stdout(io.StringIO()):
            history.update(training.train_default(digits, epochs, code)[1])

    row = Row(GROUP, f"{code} code, epochs: {epochs}", [seconds_of(train)], note=digits.name)
    row.test_loss, row.memory = history["val_loss"][-1], peak_memory()
    yield row
