"""A training to watch, to pause and to stop: a Keras callback and a widget in one."""

import signal
import threading
import time

import keras
import numpy as np
from IPython import get_ipython
from IPython.display import display
from ipywidgets import HTML, Button, HBox, IntSlider, Layout

from labutils import metrics
from labutils.datasets import flatten
from labutils.widgets import dashboard_parts
from labutils.widgets.base import Interactive
from labutils.widgets.pieces import Words

SHOWN, SAMPLED = 8, 1000  # test images: reconstructed after each epoch; sent through the encoder to find dead units
GO, PAUSE, STOP, INTERRUPT = "go", "pause", "stop", "interrupt"  # what one asks of the training


def training_dashboard(test_images, ladder, source=""):
    """Show how a model learns, epoch by epoch, with buttons to pause, go on and stop, and a slider to go back.

    Parameters
    ----------
    test_images : uint8 array (n, 28, 28, 1), values 0..255
        The first 8 are reconstructed after each epoch; the first 1,000 are enough to find the dead units of the code.
    ladder : dict of str to float
        From ``metrics.loss_ladder``.
    source : str
        Name of the digits, for the title of the static twin.

    Returns
    -------
    TrainingDashboard, to be passed on: ``model.fit(..., callbacks=[dashboard], verbose=0)``
    """
    return TrainingDashboard(test_images, ladder, source)


class TrainingDashboard(Interactive, keras.callbacks.Callback):
    """Shows itself where ``fit`` begins, and grows with each epoch; see ``training_dashboard`` for the parameters.

    Pause and Stop act at the end of the epoch. However a training ends, ``dashboard.model`` is the model as it is then,
    ready to be used. The buttons answer while the cell is busy where the front end gives widgets a thread of their own
    in the kernel, as JupyterLab does from 4.4 on, with ipykernel 7. Everywhere else interrupt the kernel: the first
    time is taken for Stop, the cell ends well and those below it go on; the second time breaks the training off.

    Attributes
    ----------
    moments : list of dashboard_parts.Moment
        Before the first epoch, and after each.
    """

    def __init__(self, test_images, ladder, source=""):
        self.images, self.pixels = test_images[:SHOWN], flatten(test_images[:SAMPLED])
        self.ladder, self.source = ladder, source
        self.moments, self.total, self.seconds = [], 0, []
        self.asked, self.waiting, self.trouble = GO, False, ""
        self.ended = "not started: pass the dashboard to fit, callbacks=[dashboard]"
        self._place = self._interrupt_handler = None
        self._drawing = threading.RLock()  # buttons and slider may speak from another thread than the training
        self.pause, self.stop = Button(description="Pause"), Button(description="Stop", icon="stop")
        self.slider = IntSlider(0, 0, 1, description="Epoch", layout=Layout(width="400px"))
        self.state, self.view = Words(), HTML()
        self.pause.on_click(lambda _: self._ask(GO if self.asked == PAUSE else PAUSE))
        self.stop.on_click(lambda _: self._ask(STOP))
        self.slider.observe(lambda _: self._show(), "value")
        controls = HBox([self.pause, self.stop, self.slider], layout=Layout(flex_flow="row wrap"))
        super().__init__([controls, self.state, self.view], self._story)
        self.add_class("labutils-dashboard")
        self._tell()

    # ----- what Keras calls -----

    def on_train_begin(self, logs=None):
        self.moments, self.total, self.seconds = [], self.params["epochs"], []
        self.moments.append(self._look())
        self.asked, self.waiting, self.trouble, self.ended = GO, False, "", ""
        self.slider.value, self.slider.max = 0, self.total
        self._tell()
        self._show()
        self._take_interrupts()
        if get_ipython():
            self._place = display(self, display_id=True)
            get_ipython().events.register("post_run_cell", self._on_cell_end)

    def on_epoch_begin(self, epoch, logs=None):
        self.total = len(self.moments) - 1 + self.params["epochs"] - epoch
        self._started = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        losses = {name: logs[key] for name, key in (("training", "loss"), ("test", "val_loss")) if key in logs}
        follows = self.slider.value >= len(self.moments) - 1  # else one has gone back, and stays there
        if all(np.isfinite(loss) for loss in losses.values()):
            self.moments.append(self._look(losses))
        else:
            self.trouble = "the loss is not a finite number any more (are the pixels scaled to 0..1?); "
        self.seconds.append(time.monotonic() - self._started)
        self._tell()
        if follows and self.slider.value != len(self.moments) - 1:
            self.slider.value = len(self.moments) - 1  # and that shows it
        else:
            self._show()
        self._wait()
        self.model.stop_training |= self.asked in (STOP, INTERRUPT)

    def on_train_end(self, logs=None):
        self._end({STOP: "stopped", INTERRUPT: "interrupted"}.get(self.asked, "finished"))

    # ----- what the reader sees -----

    def _look(self, losses=()):
        """The model as it is now."""
        outputs = np.asarray(self.model(self.pixels[:SHOWN], training=False)).reshape(-1, 28, 28)
        encoder = next((layer for layer in self.model.layers if layer.name == "encoder"), None)
        health = encoder and metrics.latent_health(np.asarray(encoder(self.pixels, training=False)))
        return dashboard_parts.Moment(len(self.moments), outputs, health, dict(losses))

    def _show(self):
        """The epoch that the slider stands at, or the newest if it is not there yet."""
        with self._drawing:
            if self.moments:
                moment = self.moments[min(self.slider.value, len(self.moments) - 1)]
                told = moment.told(self.ladder["floor"])
                caption = f"{told[0].upper()}{told[1:]}. Above, test digits; below, their reconstructions."
                self.view.value = (
                    dashboard_parts.curve(self.moments, self.ladder, self.total, moment)
                    + dashboard_parts.units(moment)
                    + f'<p style="margin:8px 0">{caption}</p>'
                    + dashboard_parts.digits(self.images, moment)
                )
            _answer_in_any_thread(self.slider)

    def _tell(self):
        """How far the training is, and what can be asked of it."""
        with self._drawing:
            waits, over = self.asked == PAUSE, bool(self.ended) or self.asked in (STOP, INTERRUPT)
            with self.pause.hold_sync():
                self.pause.description, self.pause.icon = ("Go on", "play") if waits else ("Pause", "pause")
                self.pause.disabled = over
            self.stop.disabled = over
            self.slider.disabled = not self.moments
            self.state.say(self._told())
            _answer_in_any_thread(self.pause)
            _answer_in_any_thread(self.stop)

    def _told(self):
        if not self.moments:
            return self.ended
        done = len(self.moments) - 1
        told = self.moments[-1].told(self.ladder["floor"], f" of {self.total}")
        if self.ended:
            return f"{self.trouble}{self.ended}: {told}{'; the model is kept as it is' * (done < self.total)}"
        if self.waiting:
            return f"paused: {told}"
        if self.asked != GO:
            return f"{told}; {'pauses' if self.asked == PAUSE else 'stops'} at the end of this epoch"
        return f"{self.trouble}{told}{self._time_left(self.total - done)}"

    def _time_left(self, epochs):
        if not self.seconds:
            return "; the first epoch takes longest"
        later = self.seconds[1:] or self.seconds  # the first one includes compilation
        left = epochs * sum(later) / len(later)
        return f", {left:.0f} s left" if left < 90 else f", {left / 60:.0f} minutes left"

    def _story(self):
        return dashboard_parts.story(self.images, self.moments, self.ladder, self.source)

    def _repr_mimebundle_(self, **kwargs):
        """Widgets and static twin; before there is anything to tell, the widgets alone."""
        if len(self.moments) > 1:
            return super()._repr_mimebundle_(**kwargs)
        return {**self._view(), "text/plain": "Training dashboard"}

    # ----- how a training ends, and what may end it -----

    def _ask(self, wish):
        if not self.ended and self.asked not in (STOP, INTERRUPT):
            self.asked = wish
            self._tell()

    def _wait(self):
        while self.asked == PAUSE:
            if not self.waiting:
                self.waiting = True
                self._tell()
            time.sleep(0.05)
        if self.waiting:
            self.waiting = False
            self._tell()

    def _take_interrupts(self):
        if threading.current_thread() is threading.main_thread():
            self._interrupt_handler = signal.signal(signal.SIGINT, self._on_interrupt)

    def _on_interrupt(self, *_):
        """Does nothing but set a word: the main thread can be anywhere, and hold any lock."""
        self.asked = INTERRUPT
        self._give_interrupts_back()

    def _give_interrupts_back(self):
        if self._interrupt_handler:
            signal.signal(signal.SIGINT, self._interrupt_handler)
            self._interrupt_handler = None

    def _end(self, how):
        self.ended = how
        self._give_interrupts_back()
        self._tell()

    def _on_cell_end(self, result):
        """Now add the static twin, which stays where the widgets go with their kernel: it takes half a second."""
        get_ipython().events.unregister("post_run_cell", self._on_cell_end)
        if not self.ended:
            self._end(f"broken off by {type(getattr(result, 'error_in_exec', None)).__name__}")
        self._place.update(self)


def _answer_in_any_thread(widget):
    """Let the front end choose the thread of the kernel that hears this widget.

    JupyterLab chooses one that is free. But ipykernel 7.4 takes the thread that wrote to the widget last, which is the
    one that trains, and would hear a click when the training is over. Other versions keep no such note.
    """
    if widget.comm:
        vars(widget.comm).pop("_reply_subshell_id", None)
