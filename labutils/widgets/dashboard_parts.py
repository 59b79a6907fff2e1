"""What is known of a training after each epoch, and the figure that tells its story where nothing moves."""

from dataclasses import dataclass, field

import numpy as np

from labutils import figures
from labutils.figures.canvas import board, counted, pictures, styled, tile, titled
from labutils.widgets.live import bytes_of


@dataclass
class Moment:
    """What is known after an epoch, or before the first.

    Attributes
    ----------
    epoch : int
        0 before the first.
    outputs : float array (n, 28, 28), values 0..1
        The reconstructions.
    health : dict or None
        From ``metrics.latent_health``; None if the model has no layer named "encoder".
    losses : dict of str to float
        ``"training"``, and ``"test"`` if there was validation; none before the first epoch.
    """

    epoch: int
    outputs: np.ndarray
    health: dict = None
    losses: dict = field(default_factory=dict)

    def data(self, floor):
        """The moment as ``dashboard.js`` takes it."""
        data = {"epoch": self.epoch, "told": self.told(floor), "outputs": bytes_of(self.outputs)}
        return data | {name: self.health[name] for name in ("spread", "dead") if self.health}

    def told(self, floor, of=""):
        """Epoch, loss, excess over the floor and dead units in words; ``of`` is written behind the epoch."""
        words = [f"epoch {self.epoch}{of}" if self.epoch else "before training"]
        if self.losses:
            name, loss = list(self.losses.items())[-1]
            words += [f"{name} loss {loss:.4f}", f"{loss - floor:.4f} above the floor"]
        if self.health:
            words.append(counted(self.health["dead"].sum(), "dead unit"))
        return ", ".join(words)


@styled
def story(images, moments, ladder, source=""):
    """The learning curve, and below it the reconstructions after the first, the middle and the last epoch.

    While no epoch is finished, the test digits alone.

    Parameters
    ----------
    images : uint8 array (n, 28, 28, 1)
    moments : list of Moment
        Before the first epoch, and after each.
    ladder : dict of str to float
    source : str
        Name of the digits, for the title.

    Returns
    -------
    figures.Figure
    """
    last = len(moments) - 1
    if last < 1:
        return figures.sample_grid(images, title=titled("Test digits, before the first epoch", source))
    names = {"loss": "training", "val_loss": "test"}
    history = {key: [m.losses[name] for m in moments[1:]] for key, name in names.items() if name in moments[1].losses}
    figure = figures.learning_curve(history, ladder, source)
    originals = pictures(images)
    epochs = sorted({1, (1 + last) // 2, last})
    rows = {"original": originals, **{f"epoch {epoch}": moments[epoch].outputs for epoch in epochs}}
    curve_height, row_height = figure.get_figheight(), 0.72
    figure.set_figheight(curve_height + row_height * len(rows))
    grid = figure.add_gridspec(2, 1, height_ratios=(curve_height, row_height * len(rows)))
    figure.axes[0].set_subplotspec(grid[0])
    axes = board(figure.add_subfigure(grid[1]), len(originals), len(rows))
    for row, (name, shown) in enumerate(rows.items()):
        axes.text(-0.12, row + 0.5, name, ha="right", va="center")
        for column, image in enumerate(shown):
            tile(axes, image, column, row)
    told = [moments[epoch].told(ladder["floor"]) for epoch in epochs]
    figure.alt += f" {counted(len(originals), 'test digit')} and their reconstructions after {'; '.join(told)}."
    return figure
